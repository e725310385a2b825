"""The demonstration's certificates: what people download, and the list of revoked ones.

GET /certificates/{file}   `download.py`
"""
