"""The demonstration: every system in one process on this machine, with invented people and a clock that can be moved.

`federation.py` builds it, `server.py` serves it; its first page is in `start`, its phones and mailboxes in `phone`.
"""
