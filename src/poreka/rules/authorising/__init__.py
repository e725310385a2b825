"""What it takes to authorise something: tools, operations, codes, questions on a phone."""
