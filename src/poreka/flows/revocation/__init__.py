"""Token revocation: POST /revoke, for clients (RFC 7009).

Read next: `revoke.py`; the rule is `oidc/provider/revocation.py`.
"""
