"""What the demonstration keeps besides what its systems keep."""
