"""What the trusted profile keeps."""
