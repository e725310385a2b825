"""Refresh tokens: new tokens for what a person granted, without the person (RFC 6749 §6, RFC 9700 §4.14).

They are given to clients that registered the grant type, and they end with the sign-in: when the person signs out,
withdraws the consent, or after eight hours. Each is used once and gives the next. Whoever brings one whose successor
was used already has copied it, or was copied from, and the whole grant is revoked; a client whose answer was lost may
bring the same again. They are bound to the client, which proves itself each time, and so to no key beside its own
(RFC 9449 §5): new tokens are bound to the key or certificate that is shown now, and whoever was bound stays so. How
they are stored: ``provider/store/refresh_tokens.py``.
"""

import msgspec

from poreka.oidc.clients.authentication import Authenticated
from poreka.oidc.clients.client import REFRESH_TOKEN, Client
from poreka.oidc.clients.registered import registered
from poreka.oidc.errors import AnsweredAsJson
from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.provider.authorization_code import Grant
from poreka.oidc.provider.token_request import Binding

REFRESH_TOKEN_LIFE = 8 * 3600
"""Seconds from the sign-in, however often it was renewed: as long as a session of ours may live."""

LONGEST_REFRESH_TOKEN = 128


class RefreshToken(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a refresh token stands for."""

    grant: Grant
    binding: Binding = Binding()
    expires_at: int


def refreshing(client: Client, grant: Grant, binding: Binding) -> RefreshToken | None:
    """What the first refresh token of a grant stands for; ``None`` for a client that is not registered for any. A
    signature is given once, so its grant is not refreshed.
    """
    if REFRESH_TOKEN not in client.grant_types or grant.signed is not None:
        return None
    return RefreshToken(grant=grant, binding=binding, expires_at=grant.issued_at + REFRESH_TOKEN_LIFE)


def presented_refresh_token(parameters: Parameters, client: Client) -> str:
    """The token in a request to refresh; raises ``AnsweredAsJson``."""
    if REFRESH_TOKEN not in client.grant_types:
        raise AnsweredAsJson(
            "unauthorized_client", f"This client may not refresh tokens. {registered(client, 'grant_types')}"
        )
    try:
        parameters.check()
        token = parameters.get("refresh_token")
    except ParameterRefused as fault:
        raise AnsweredAsJson("invalid_request", fault.description, detail=fault.detail) from fault
    if token is None:
        raise AnsweredAsJson("invalid_request", "The parameter refresh_token is missing.")
    if len(token) > LONGEST_REFRESH_TOKEN:
        raise not_good()
    return token


def not_good(detail: str = "") -> AnsweredAsJson:
    """The one answer to whatever is wrong with a refresh token."""
    return AnsweredAsJson("invalid_grant", "The refresh token is not good, or not any more.", detail=detail)


def check_refresh(
    parameters: Parameters,
    authenticated: Authenticated,
    found: RefreshToken | None,
    binding: Binding,
    *,
    now: int,
) -> Grant:
    """What is granted by the token, narrowed to the scope that is asked for; raises ``AnsweredAsJson``."""
    if found is None or found.grant.client_id != authenticated.client_id:
        raise not_good("unknown, or of another client")
    if found.expires_at <= now:
        raise not_good("too old")
    if found.binding != Binding() and binding == Binding():
        raise not_good("bound before, and to nothing now")
    asked = (parameters.get("scope") or "").split()
    if not set(asked) <= set(found.grant.scopes):
        raise AnsweredAsJson("invalid_scope", "The scope is wider than what was granted.")
    scopes = tuple(scope for scope in found.grant.scopes if scope in asked) if asked else found.grant.scopes
    return msgspec.structs.replace(found.grant, scopes=scopes, nonce=None)
