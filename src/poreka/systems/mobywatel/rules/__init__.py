"""What the phone app decides: pure rules."""
