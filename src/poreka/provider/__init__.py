"""Vouching, as an engine: what every provider does, whoever its people are.

A bank, the trusted profile and the phone app are built on it. What the standards say is `oidc/provider`; here are the
handlers, pages, rules and stores that use it. Read next: `routes.py` (what a provider answers), `system.py` (what its
handlers may use).
"""
