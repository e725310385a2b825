"""Authorisation operations of customers: issued with one question, sent by SMS, on a card or in the app (P3–P5)."""
