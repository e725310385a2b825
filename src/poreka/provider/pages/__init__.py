"""Pages behind a provider's sign-in: home, services, safety and help, and the frame around them."""
