"""`poreka customers`: a bank's own table of customers, filled from a file."""
