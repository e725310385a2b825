"""The demonstration's clerks: a link for a clerk's key, as an operator would make it.

GET, POST /clerks   `link.py`
"""
