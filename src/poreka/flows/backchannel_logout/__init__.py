"""A provider tells us, without a browser, that a session of its own has ended.

POST /backchannel-logout   `end_sessions.py`; `at_trusted_profile.py` and `at_mojeikp.py` for what more ends there
"""
