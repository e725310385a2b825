"""The portal's session: extending it, what becomes of a form when it has ended, and signing out (Z8, Z10).

POST /session/extend                      extend; JSON for the page's script, a redirect without it
POST /sign-out                            end the portal's session
GET  /signed-out/{journey}                what became of it, and of the session at the provider
POST /signed-out/{journey}                sign out at the provider too (RP-initiated logout)
GET  /signed-out                          back from there

Whoever is not signed in where one must be comes to `turned_away.py`.
"""
