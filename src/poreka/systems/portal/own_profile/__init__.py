"""Profiles of the portal's own, with login and password: registering, signing in, a forgotten password (Z5).

GET  /register             the registration form
POST /register             read it; a code goes to the e-mail address
GET  /register/{journey}   the step a registration stands at: code, login, or how it ended
POST /register/{journey}   the code, or the wish for a new one
GET, POST /sign-in         to the sign-in page; login and password
POST /sign-in/passkey      a passkey in place of both
GET  /password             which login?
POST /password             a code goes to that profile's e-mail address, if there is one
GET  /password/{journey}   the step a recovery stands at: code, new password, or how it ended
POST /password/{journey}   the code, the wish for a new one, or the new password
"""
