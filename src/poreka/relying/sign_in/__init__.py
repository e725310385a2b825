"""Signing in at a provider: setting out, coming back, and what the provider said."""
