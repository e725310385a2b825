"""A relying party asks somebody in the app, without a browser in between (OpenID CIBA Core 1.0): `ask.py`.

POST /backchannel/authenticate   the question is taken, whoever is meant; the app is asked if it may be

How it went is fetched at the token endpoint: `flows/token/poll.py`.
"""
