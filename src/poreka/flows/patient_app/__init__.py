"""The patient account's phone app: in through a provider, and the account as it is kept elsewhere (K3, K4).

GET  /                        the ways in, and why a device is bound no more: `first.py`
POST /enter/{provider}        to a provider, in a full page (RFC 8252); back at GET /callback/{provider}: `enter.py`
GET  /account                 the start page; /account/{kind} the records, /account/history who entered: `account.py`
POST /account/for             for oneself, or for a child: `account.py`

Binding the device and opening it again is `flows/bound_device`.
"""
