"""A person's own sessions: listed, extended, ended with all that rests on them (Z8)."""
