"""Pushed authorization requests: POST /par, for clients (RFC 9126).

Read next: `push.py`; the check is `oidc/provider/pushed_request.py`.
"""
