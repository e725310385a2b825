"""Discovery and keys: GET /.well-known/openid-configuration and GET /jwks, for any client.

Read next: `documents.py`, `own_keys.py`; what they say is `oidc/provider/metadata.py`.
"""
