"""How much of what is allowed, to whom, in what time."""
