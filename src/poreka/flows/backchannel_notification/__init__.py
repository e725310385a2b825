"""POST /backchannel-notification: a provider's ping that somebody answered in the app (OpenID CIBA Core 1.0 §10.2).

Read next: `take.py`; who waits for it looks with `web/asking_in_app.py`.
"""
