"""Which passwords are accepted, and how their hashes are written."""
