"""The portal's first page: every way in, and honest pages for those that are not built yet (Z1).

GET /, GET /ways/{way}   `ways.py`
"""
