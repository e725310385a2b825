"""The pages of a signed-in person: the panel, its sections, contact data, questions to the office."""
