"""A bank: an identity provider for its own customers. What every provider does is in `provider/`."""
