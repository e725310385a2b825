"""A client asks to sign the person out here too (OpenID Connect RP-Initiated Logout 1.0).

Read in two steps, because the client can only be loaded once it is known which: ``read_logout``, then
``check_logout``. A request that cannot show, by a token of ours, that it is about the session at hand must
first be confirmed by the person: else any page could sign people out. Read next: ``logout_token``, for the
other clients of the session.
"""

from urllib.parse import urlencode

import msgspec

from poreka.oidc.clients.client import Client, owns_post_logout_redirect_uri
from poreka.oidc.clients.registered import registered
from poreka.oidc.errors import KeyUnknown, ShownToPerson, TokenRefused
from poreka.oidc.keys import KeySet
from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.provider.id_token_hint import HintedSession, read_id_token_hint

LONGEST_STATE = 1024


class LogoutAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What the request says; its client is not looked up yet."""

    client_id: str | None
    hinted: HintedSession | None
    return_to: str | None
    state: str | None


class Logout(msgspec.Struct, frozen=True, kw_only=True):
    """A checked request: where to go afterwards, and whether the person must confirm first."""

    client_id: str | None
    return_address: str | None
    confirm: bool


def read_logout(parameters: Parameters, own_keys: KeySet, *, issuer: str) -> LogoutAsked:
    """Read the request; a hint signed by a key long gone counts as none. May raise ``ShownToPerson`` (§2,
    §4).
    """
    try:
        parameters.check()
        client_id = parameters.get("client_id")
        hinted = _hinted(parameters.get("id_token_hint"), own_keys, issuer, client_id)
    except (ParameterRefused, TokenRefused) as fault:
        raise ShownToPerson("invalid_request", fault.description, detail=fault.detail) from fault
    return LogoutAsked(
        client_id=client_id if hinted is None else hinted.client_id,
        hinted=hinted,
        return_to=parameters.get("post_logout_redirect_uri"),
        state=parameters.get("state"),
    )


def _hinted(hint: str | None, own_keys: KeySet, issuer: str, client_id: str | None) -> HintedSession | None:
    if hint is None:
        return None
    try:
        return read_id_token_hint(hint, own_keys, issuer=issuer, client_id=client_id)
    except KeyUnknown:
        return None


def check_logout(asked: LogoutAsked, client: Client | None, *, session_sid: str | None) -> Logout:
    """Check it against the client's registration and the session of this browser; raises ``ShownToPerson``
    (§3).

    ``session_sid`` is the ``sid`` this client knows our session by, ``None`` where nobody is signed in.
    """
    if asked.client_id is not None and (client is None or client.client_id != asked.client_id):
        raise ShownToPerson("invalid_client", "The service that sent you here is not known.")
    if asked.return_to is not None and (client is None or not owns_post_logout_redirect_uri(client, asked.return_to)):
        named = registered(client, "post_logout_redirect_uris") if client else "The request names no client."
        raise ShownToPerson(
            "invalid_request", f"The request asks to return to an address that is not registered. {named}"
        )
    if asked.state is not None and len(asked.state) > LONGEST_STATE:
        raise ShownToPerson("invalid_request", "The parameter state is too long.")
    about_this_session = asked.hinted is not None and asked.hinted.sid is not None and asked.hinted.sid == session_sid
    return Logout(
        client_id=asked.client_id,
        return_address=_with_state(asked.return_to, asked.state),
        confirm=session_sid is not None and not about_this_session,
    )


def _with_state(return_to: str | None, state: str | None) -> str | None:
    if return_to is None or state is None:
        return return_to
    return f"{return_to}{'&' if '?' in return_to else '?'}{urlencode({'state': state})}"
