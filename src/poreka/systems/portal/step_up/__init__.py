"""A page that needs a stronger sign-in than the session had (RFC 9470): asked for, and back to the page.

every route   `asking.py`: before its handler, where the settings want more for its address
GET  /step-up `choose.py`: why, and through whom
POST /step-up `choose.py`: on to them; what was typed waits, and the sign-in leads back to the page
"""
