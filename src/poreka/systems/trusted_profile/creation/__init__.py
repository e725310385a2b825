"""Making a trusted profile (T1): through a bank or Envelo, or by an application that a clerk confirms.

GET  /create               the ways: `begin.py`
POST /create/{provider}    to a provider, which vouches; back by `systems/trusted_profile/vouched`
POST /apply                an application begins
GET  /new/{journey}        the step it stands at: `pages.py`
POST /new/{journey}/…      what is sent from there: `steps.py` (facts, contact), `codes.py`, `finish.py` (the profile)

The order of steps, and what is stored meanwhile: `creation`, `creation_record` in `systems/trusted_profile/rules`.
"""
