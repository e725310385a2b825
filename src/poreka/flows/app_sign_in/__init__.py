"""Signing in with the key in the phone: the app itself is opened so, and so is whatever relies on it (K1).

GET  /sign-in    the page with the one button; for a release, or a page of the app
POST /sign-in    what the key signed

There is no user name: the phone offers the keys it has. `direct.py`.
"""
