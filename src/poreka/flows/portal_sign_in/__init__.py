"""The portal's first page: every way in (Z1).

GET /   `ways.py`
"""
