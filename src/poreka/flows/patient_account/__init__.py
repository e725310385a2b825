"""The patient account: entered through the trusted profile, made at the first entry, with its records (K1, K2, K4).

GET  /                        the ways in: `first.py`
POST /enter/{provider}        to a provider; back at GET /callback/{provider}: `enter.py`
GET  /account                 the start page; /account/{kind} the records, /account/history who entered: `account.py`
POST /account/for             for oneself, or for a child: `account.py`
"""
