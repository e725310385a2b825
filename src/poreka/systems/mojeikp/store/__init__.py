"""What the patient account's app keeps."""
