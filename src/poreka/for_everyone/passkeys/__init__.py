"""Passkeys as banks and the portal share them: made, listed, ended (docs/adr/0040)."""
