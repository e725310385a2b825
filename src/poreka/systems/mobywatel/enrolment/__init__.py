"""Enrolling a phone, as the phone's side of it (T4).

GET  /enrol                     where a QR code leads, or where its code is typed: `code.py`
POST /enrol                     the code is used up by this browser
GET  /enrol/{enrolment}         the key to be made, the number to be typed at the provider, or the end: `key.py`
POST /enrol/{enrolment}/key     the key that the phone made

The provider's side is `systems/mobywatel/registry/enrolments.py`. Making a key needs a script: WebAuthn has no other
way.
"""
