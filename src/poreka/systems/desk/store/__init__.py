"""What a desk keeps: its clerks and their keys."""
