"""What the portal decides: pure rules, one noun per file."""
