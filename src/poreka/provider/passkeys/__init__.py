"""Passkeys of a bank's customers: begun, made, listed, removed (docs/adr/0040)."""
