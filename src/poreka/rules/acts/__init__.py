"""The table of acts: whatever changes something for a person, with its protection (docs/adr/0031)."""
