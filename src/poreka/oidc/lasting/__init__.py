"""What is signed to last, and the keys that sign it."""
