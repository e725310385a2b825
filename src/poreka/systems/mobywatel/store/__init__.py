"""What the phone app keeps."""
