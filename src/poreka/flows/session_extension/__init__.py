"""Extending a session: POST /session/extend, at every system where people stay signed in (Z8).

Read next: `extend.py`; how long a session lives is `rules/session_life.py`.
"""
