"""Verifying a statement of a signature, for anyone and without a sign-in (T7): `verify.py`.

GET, POST /verify
"""
