"""Fetching the answer to a backchannel authentication request at the token endpoint (OpenID CIBA Core 1.0 §10, §11).

The client was authenticated before. A request of another client, an unknown one and one that was answered already are
alike: ``invalid_grant``. That a client waits between two polls, and that an approval is given once, the store sees to.
"""

from poreka.oidc.clients.client import Client
from poreka.oidc.errors import AnsweredAsJson
from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.provider.backchannel_request import registered_for_it

INTERVAL, LONGEST_INTERVAL = 2, 60
"""Seconds between two polls, at first and at most."""
LONGEST_ID = 128


def presented_request(parameters: Parameters, client: Client) -> str:
    """The ``auth_req_id`` of a poll; raises ``AnsweredAsJson`` (§10.1)."""
    registered_for_it(client)
    try:
        parameters.check()
        auth_req_id = parameters.get("auth_req_id")
    except ParameterRefused as fault:
        raise AnsweredAsJson("invalid_request", fault.description, detail=fault.detail) from fault
    if auth_req_id is None:
        raise AnsweredAsJson("invalid_request", "The parameter auth_req_id is missing.")
    if len(auth_req_id) > LONGEST_ID:
        raise not_known()
    return auth_req_id


def not_known(why: str = "") -> AnsweredAsJson:
    """There is no such request of this client, or not any more."""
    return AnsweredAsJson("invalid_grant", "The auth_req_id is not known.", detail=why)


def still_waiting() -> AnsweredAsJson:
    """The person has not answered yet."""
    return AnsweredAsJson("authorization_pending", "The person has not answered yet.")


def too_often() -> AnsweredAsJson:
    """The client did not wait; the interval is longer from now on."""
    return AnsweredAsJson("slow_down", "Wait longer between two requests.")


def denied() -> AnsweredAsJson:
    """There will be no approval; nobody is told why."""
    return AnsweredAsJson("access_denied", "There is no approval.")


def over() -> AnsweredAsJson:
    """Nobody answered in time."""
    return AnsweredAsJson("expired_token", "The request has expired.")
