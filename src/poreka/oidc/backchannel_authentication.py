"""What both sides of OpenID Connect Client-Initiated Backchannel Authentication (CIBA) Core 1.0 call things.

The relying party asks the provider behind the person's back, so to say: there is no browser between them. The person
answers on the phone. Read next: ``provider.backchannel_request``, ``relying_party.backchannel_authentication``.
"""

from poreka.shown_words import is_fit_to_show

GRANT_TYPE = "urn:openid:params:grant-type:ciba"
REQUEST_CLAIM = "urn:openid:params:jwt:claim:auth_req_id"
"""In the ID Token: the request it answers. The standard wants it where tokens are pushed; here it is always there."""

HINT_TOKEN_TYPE = "login-hint+jwt"
"""``typ`` of a ``login_hint_token``: signed by the client, with the PESEL of whoever is meant, good once."""

HINT_TOKEN_LIFE = 5 * 60
LONGEST_MESSAGE = 100
SLOWER = 5
"""Seconds that ``slow_down`` adds to the interval, for this and all later polls (CIBA Core §11)."""


def is_binding_message(message: str) -> bool:
    """Whether a ``binding_message`` is one plain line of bearable length (CIBA Core §7.1)."""
    return is_fit_to_show(message, LONGEST_MESSAGE)
