"""The owner's own pages of a trusted profile, and the first page for everyone.

GET /                   what this is, and the two ways on: sign in, make one: `first.py`
GET /profile            how the profile stands: `home.py`
GET /profile/details    everything in it; what can be changed
GET /profile/history    what happened to it, when, by what (T6): `history.py`

All but the first need two factors (`systems/trusted_profile/strong_session.py`).
"""
