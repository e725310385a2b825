"""What our systems say to one another: pure messages, one file beside each OpenAPI document."""
