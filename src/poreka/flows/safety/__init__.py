"""What anyone may read before signing in: GET /safety and GET /help.

The rules are those of P5 and P10; the short form of them stands on the sign-in pages.
"""
