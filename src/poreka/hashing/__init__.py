"""Passwords hashed and compared: how many at a time, in which processes, and which are too common."""
