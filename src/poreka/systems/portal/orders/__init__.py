"""Orders: applications that wait for their owner's signature with the trusted profile (Z9, T7).

GET  /orders                          the list: `listing.py`
GET, POST /orders/new                 an application for a certificate: `apply.py`
GET  /orders/{order}                  its document, and what can be done: `one.py`
GET  /orders/{order}/document, /statement   to keep: `one.py`
POST /orders/{order}/reject           not wanted: `one.py`
POST /orders/{order}/confirm          to the trusted profile and back to /orders/return/{provider}: `by_redirect.py`
POST /orders/{order}/app              asked in the app, without leaving the page: `in_app.py`
GET, POST /orders/{order}/app/{journey}; GET …/state

What a statement must be, and what it makes true: `signed.py`.
"""
