"""What a provider decides: pure rules and journeys, one noun per file."""
