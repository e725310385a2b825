"""Relying, as an engine: what every system does that relies on providers.

The portal, the patient account, its app, the desk and the trusted profile are built on it. What the standards
say is `oidc/relying_party`. Read next: `sign_in` (there and back), `system.py` (what its handlers may use).
"""
