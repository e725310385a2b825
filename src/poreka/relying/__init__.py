"""Relying, as an engine: what every system does that relies on providers.

The portal, the patient account, its app, the desk and the trusted profile are built on it. Read next: `system.py`."""
