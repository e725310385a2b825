"""Tables of a provider's settings file."""
