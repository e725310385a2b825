"""The level of assurance that a request asks for, out of the levels that are offered.

Which factors give which level, and what a person must do to reach it, is not decided here: levels are just an ordered
list. OpenID Connect Core §3.1.2.1, §5.5.1.1; RFC 9470 §4–5.
"""

from collections.abc import Sequence

from poreka.oidc.errors import SentToClient
from poreka.oidc.provider.authorization_request import AuthorizationRequest


def requested_level(request: AuthorizationRequest, offered: Sequence[str]) -> str | None:
    """The lowest level that satisfies the request: any of those asked for will do, and a higher one too.

    ``offered`` goes from the weakest to the strongest. Levels we do not offer are passed over; if nothing is left, that
    is a fault only where one was essential (Core §5.5.1.1).
    """
    known = [offered.index(value) for value in request.acr_values if value in offered]
    if known:
        return offered[min(known)]
    if request.acr_essential:
        raise SentToClient("unmet_authentication_requirements", "None of the levels asked for is offered here.")
    return None
