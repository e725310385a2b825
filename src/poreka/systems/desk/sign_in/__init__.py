"""How clerks come in: a key registered by a one-time link, and used with their own check; there is no password.

GET, POST /key                where a link leads: `key.py`
GET, POST /key/{journey}      the key is made
GET, POST /sign-in            the key is used: `enter.py`
POST /sign-out, GET /signed-out
"""
