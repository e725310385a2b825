"""What the standards say: OAuth 2.0 and OpenID Connect, both sides, without any I/O.

Nothing here reads a clock, draws a random number, awaits or logs: time and fresh secrets are arguments, and
what must be remembered (a single-use claim, a grant) is returned for the caller to store. What *we* decide
lives in `rules`. Read next: ``errors`` (where a fault goes), ``jose`` (signatures), then
``provider`` or ``relying_party``.
"""
