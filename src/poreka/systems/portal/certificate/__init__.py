"""Signing in with a qualified certificate (Z1): begun at the portal, shown at the origin of mutual TLS, and back.

GET  /certificate                    `begin.py`: what it takes, and the button
POST /certificate                    `begin.py`: on to the other origin, with a secret of this sign-in
GET  /certificate/{state}            `show_certificate.py`, at the other origin: judge, and back with a ticket
GET  /certificate/return             `come_back.py`: take what the ticket opens, and begin the entry
GET  /certificate/refused/{reason}   `refused.py`
"""
