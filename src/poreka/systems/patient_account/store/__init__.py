"""What the patient account keeps, and the health service's records."""
