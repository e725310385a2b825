"""What every system's settings file has, and the tables about what it serves."""
