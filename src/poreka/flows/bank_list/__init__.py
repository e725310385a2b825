"""The list of co-operating providers, and the choice that this device remembers (Z2).

GET /banks, POST /banks/{provider}, POST /banks/forget   `choose.py`
"""
