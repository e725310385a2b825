"""The settings of a profile: contact data, and whether information may come electronically (Z7, Z9).

GET  /settings   the form
POST /settings   save it; a new address first gets a code: /settings/email/{journey}
"""
