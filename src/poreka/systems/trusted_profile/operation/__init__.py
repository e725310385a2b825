"""What the owner of a trusted profile authorises there: with the current tool, as one operation, for one deed (T3, T4).

GET  /confirm                      the second factor of a sign-in to one's own pages: `ask.py`
GET  /operation/{journey}          the page that asks for the answer: `pages.py`
POST /operation/{journey}/ask      a code or a request is sent: `ask.py`
POST /operation/{journey}/code     a code was typed; …/new-code: another one: `answers.py`
GET, POST /operation/{journey}/push   how the app's request stands; going on with its approval: `answers.py`
POST /operation/{journey}/cancel   given up: `ask.py`

The same under /recovery/{journey} without a session, for a forgotten password (`systems/trusted_profile/recovery`).

What the right answer makes true is the list of deeds: `deeds.py`.
"""
