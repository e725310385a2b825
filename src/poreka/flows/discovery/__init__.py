"""Discovery and keys: GET /.well-known/openid-configuration and GET /jwks, for any client.

Read next: `documents.py`; what they say is `oidc/provider/metadata.py`.
"""
