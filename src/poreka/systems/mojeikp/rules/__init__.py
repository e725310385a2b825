"""What the patient account's app decides: pure rules."""
