"""Signing out of a system that relies on providers."""
