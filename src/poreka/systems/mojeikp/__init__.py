"""The patient account's phone app: devices bound to accounts that are kept elsewhere (K3)."""
