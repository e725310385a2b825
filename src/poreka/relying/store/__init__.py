"""What every relying system keeps."""
