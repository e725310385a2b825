"""Poręka: banks and a state's trusted profile vouch for people, public services rely on it.

Two protocol roles (OpenID Connect provider and relying party), several kinds of system, one code
base. Start reading at `apps/` for what each system answers, `docs/architecture.md` for the map.
"""

__version__ = "0.1.0"
