"""Poręka: banks and a state's trusted profile vouch for people, public services rely on it.

Two protocol roles (OpenID Connect provider and relying party), several kinds of system, one code base. The map is
`docs/architecture.md`; what a system answers stands in its `routes.py`, in its room in `systems/`.
"""

__version__ = "0.1.0"
