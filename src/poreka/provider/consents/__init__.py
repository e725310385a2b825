"""Consents for services (P7): GET /settings/security/consents, and withdrawing one of them.

`listing` shows all that were ever given with their words, `receipt` gives a signed proof of one, `withdraw`
ends one. Giving is part of a release (`provider/release`), giving again starts at `provider/pages`.
"""
