"""The token endpoint: POST /token, for clients (RFC 6749 §3.2).

Read next: `exchange.py`; the check is `oidc/provider/token_request.py`.
"""
