"""Signing in with the key in the phone: the app itself is opened so, and so is whatever relies on it (K1).

GET, POST /sign-in                    on this very phone: what the key signed: `direct.py`
…         /sign-in/elsewhere/…        on another device, which shows a code for the phone: `elsewhere.py`
…         /across/…                   the phone, which says yes or no to it: `across.py`

There is no user name: the phone offers the keys it has.
"""
