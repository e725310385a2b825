"""A device that is bound to a patient account, in the app (K3; docs/adr/0029).

GET  /device/{journey}           after a sign-in: with a passkey, with a PIN, or not at all: `binding.py`
POST /device/{journey}/passkey
POST /device/{journey}/pin
GET  /open                       later: the passkey or the PIN, nothing else: `opening.py`
POST /open/passkey
POST /open/pin
GET  /devices                    every device of the account, this one marked: `devices.py`
POST /devices/{device}/remove
"""
