"""The ways into the portal: the first page, the co-operating providers, and what a device remembers (Z1, Z2)."""
