"""Vouching, as an engine: what every provider does, whoever its people are.

A bank, the trusted profile and the phone app are built on it. Read next: `routes.py`, `system.py`."""
