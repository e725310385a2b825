"""Token introspection: POST /introspect, for clients (RFC 7662).

Read next: `introspect.py`; the rule is `oidc/provider/introspection.py`.
"""
