"""The customer's authorisation tools: which there are, changing the current one, and losing one (P3)."""
