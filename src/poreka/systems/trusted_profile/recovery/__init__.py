"""A forgotten password at the trusted profile (T3): `systems/trusted_profile/rules/recovery.py` is its table.

GET, POST /password              which user name or e-mail; known or not, the same answer: `asked.py`
GET, POST /password/{journey}    the code by e-mail, then the new password: `steps.py`, `standing.py`
/recovery/{journey}/…            in between: the answer of the owner's tool, by the pages of
                                 `systems/trusted_profile/operation`
"""
