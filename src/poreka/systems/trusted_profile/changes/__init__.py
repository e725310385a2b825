"""What the owner changes in a trusted profile (T2, T4, T6): each is checked here and then authorised, at /operation.

GET, POST /profile/extend              three more years: `extend.py`
GET, POST /profile/contact/{field}     another phone or e-mail: first a code to the new one: `contact.py`
GET, POST /profile/password            another password: `password.py`
GET, POST /profile/invalidate          the end of the profile, at once: `end.py`
GET, POST /profile/not-me              somebody else used it: `end.py`
"""
