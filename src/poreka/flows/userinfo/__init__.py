"""UserInfo: GET and POST /userinfo, for whoever holds an access token (OpenID Connect Core §5.3).

Read next: `release.py`; which facts may be told is `oidc/provider/userinfo.py`.
"""
