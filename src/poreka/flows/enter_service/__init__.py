"""Services that can be entered from here (P1): GET /finances/services, POST /services/{client}/enter.

Entering is third-party-initiated login (OpenID Connect Core §4): the service makes its own request.
"""
