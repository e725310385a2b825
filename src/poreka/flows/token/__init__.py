"""The token endpoint: POST /token, for clients (RFC 6749 §3.2).

Read next: `grants.py`, which tells the grants apart; `exchange.py` for codes (the check is
`oidc/provider/token_request.py`), `poll.py` for approvals in the app.
"""
