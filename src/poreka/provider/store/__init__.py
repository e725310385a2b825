"""What every provider keeps."""
