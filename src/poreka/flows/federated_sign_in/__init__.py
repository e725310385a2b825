"""The browser comes from a provider: with an answer to our question, or asking us to put one (P1, P2).

GET, POST /initiate                      `initiate.py`
GET /callback/{provider}                 `callback.py`; how the answer is judged: `web/provider_return.py`
GET /not-signed-in/{provider}/{reason}   `said_no.py`
"""
