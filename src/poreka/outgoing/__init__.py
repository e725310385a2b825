"""Calls to other systems: the one HTTP client, the circuit breaker, and what it means that a peer is away."""
