"""Entry to the portal: from a person whom a provider, a certificate or a password proves, to a session (Z3–Z6).

GET  /entry/{journey}           the step the entry stands at; straight in when there is nothing to ask (Z4)
POST /entry/{journey}/form      the registration form (Z3)
POST /entry/{journey}/terms     the new regulations are accepted (Z4)
POST /entry/{journey}/decline   they are not
POST /entry/{journey}/cancel    the person gives up registering
"""
