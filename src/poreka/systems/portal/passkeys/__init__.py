"""Passkeys of the portal's people: added, listed, removed (docs/adr/0040)."""
