"""What the trusted profile decides: pure rules, one noun per file."""
