"""Registered clients: what each profile allows, who is calling, and what a registration will meet."""
