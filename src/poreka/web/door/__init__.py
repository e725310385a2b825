"""Who is let in, from where, and how often: the door, client addresses, limits, callers from system to system."""
