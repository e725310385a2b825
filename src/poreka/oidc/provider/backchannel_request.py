"""THE check of a backchannel authentication request: the steps in the order of the standard.

A relying party asks for somebody in the app, without a browser in between (OpenID CIBA Core 1.0 §7.1). Exactly one
hint says who is meant; *whether* there is such a person is not decided here, and never told. Faults are answered as
JSON (§13). How the answer is fetched: ``backchannel_poll``.
"""

import re

import msgspec

from poreka.oidc.backchannel_authentication import GRANT_TYPE, HINT_TOKEN_LIFE, HINT_TOKEN_TYPE, is_binding_message
from poreka.oidc.clients.client import Client
from poreka.oidc.clients.registered import registered
from poreka.oidc.errors import AnsweredAsJson, SentToClient, SingleUse, TokenRefused
from poreka.oidc.jose import verify
from poreka.oidc.jwt_claims import SKEW, moment, not_expired, not_from_the_future, text
from poreka.oidc.keys import KeySet
from poreka.oidc.parameters import Parameters
from poreka.oidc.provider.id_token_hint import read_id_token_hint
from poreka.oidc.provider.pushed_request import answered_as_json
from poreka.oidc.provider.request_object import open_backchannel_request
from poreka.oidc.provider.request_parameters import (
    Supported,
    checked_details,
    checked_scopes,
    nothing_unsupported,
    short_text,
)
from poreka.oidc.trusted_signature import SignatureRequest

HINTS = ("login_hint", "id_token_hint", "login_hint_token")
LONGEST_NOTIFICATION_TOKEN = 1024
_BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_SECONDS = re.compile(r"[1-9][0-9]{0,6}")


class HintedSubject(msgspec.Struct, frozen=True):
    """Whoever has this pairwise ``sub`` at the client."""

    subject: str


class HintedPesel(msgspec.Struct, frozen=True):
    """Whoever has this PESEL, as the client says."""

    pesel: str

    def __repr__(self) -> str:
        """Nothing of a person is printed by accident."""
        return "<HintedPesel>"


class BackchannelRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request found good; `single_uses` are still to be stored."""

    scopes: tuple[str, ...]
    message: str
    hint: HintedSubject | HintedPesel
    wanted_life: int | None
    notification_token: str | None
    signature: SignatureRequest | None
    single_uses: tuple[SingleUse, ...] = ()


def check_backchannel_request(
    parameters: Parameters,
    client: Client,
    supported: Supported,
    *,
    client_keys: KeySet,
    own_keys: KeySet,
    now: int,
) -> BackchannelRequest:
    """Check the request of an authenticated client; raises ``AnsweredAsJson``."""
    registered_for_it(client)
    with answered_as_json():
        parameters.check()
        parameters, signed = signed_or_not(parameters, client, client_keys, supported.issuer, now)
        parameters.check()
        nothing_unsupported(parameters)
        short_text(parameters, "acr_values", 1024)  # voluntary: whoever approves in the app reaches the highest we have
        scopes = checked_scopes(parameters, client, supported)
        if "openid" not in scopes:
            raise SentToClient("invalid_scope", "The scope must contain openid.")
        notification_token = checked_notification_token(parameters, client)
        name = the_one_hint(parameters)
        hint, uses = checked_hint(parameters, name, client, supported.issuer, client_keys, own_keys, now)
        return BackchannelRequest(
            scopes=scopes,
            message=checked_message(parameters),
            hint=hint,
            wanted_life=checked_life(parameters),
            notification_token=notification_token,
            signature=checked_details(parameters, client, supported),
            single_uses=(*uses, *signed),
        )


def registered_for_it(client: Client) -> None:
    """The client may use the grant, and says how it wants to learn of the answer (§4)."""
    if GRANT_TYPE not in client.grant_types or client.profile != "fapi2":
        raise AnsweredAsJson(
            "unauthorized_client", f"This client may not ask people in the app. {registered(client, 'grant_types')}"
        )


def signed_or_not(
    parameters: Parameters, client: Client, keys: KeySet, issuer: str, now: int
) -> tuple[Parameters, tuple[SingleUse, ...]]:
    """The parameters that count: those of a signed request alone, where there is one (§7.1.1)."""
    signed = parameters.get("request")
    if signed is None:
        if client.backchannel_authentication_request_signing_alg is not None:
            asked = registered(client, "backchannel_authentication_request_signing_alg")
            raise SentToClient("invalid_request", f"This client must sign its requests. {asked}")
        return parameters, ()
    try:
        inner, use = open_backchannel_request(signed, client, keys, issuer=issuer, now=now)
    except TokenRefused as fault:
        raise SentToClient("invalid_request", f"The signed request is not good. {fault.description}") from fault
    return inner, (use,)


def checked_notification_token(parameters: Parameters, client: Client) -> str | None:
    """With what we prove ourselves when we notify the client; needed where it is to be notified (§7.1)."""
    if client.backchannel_token_delivery_mode != "ping":
        return None
    token = short_text(parameters, "client_notification_token", LONGEST_NOTIFICATION_TOKEN)
    if token is None or not _BEARER.fullmatch(token):
        raise SentToClient("invalid_request", "The client_notification_token is missing or no bearer token.")
    return token


def the_one_hint(parameters: Parameters) -> str:
    """One and only one hint (§7.1)."""
    given = [name for name in HINTS if parameters.get(name) is not None]
    if len(given) != 1:
        raise SentToClient("invalid_request", "Exactly one hint must say who is meant.")
    return given[0]


def checked_hint(
    parameters: Parameters, name: str, client: Client, issuer: str, client_keys: KeySet, own_keys: KeySet, now: int
) -> tuple[HintedSubject | HintedPesel, tuple[SingleUse, ...]]:
    """Who is meant, as far as the hint says it."""
    value = parameters.get(name) or ""
    try:
        if name == "login_hint":
            return HintedSubject(short_text(parameters, name, 255) or ""), ()
        if name == "id_token_hint":
            hinted = read_id_token_hint(value, own_keys, issuer=issuer, client_id=client.client_id)
            return HintedSubject(hinted.subject), ()
        if not client.may_name_pesel:
            raise SentToClient(
                "unauthorized_client",
                f"This client may not name people by PESEL. {registered(client, 'may_name_pesel')}",
            )
        return _named(value, client, issuer, client_keys, now)
    except TokenRefused as fault:
        raise SentToClient("invalid_request", f"The {name} is not good. {fault.description}") from fault


def _named(
    token: str, client: Client, issuer: str, keys: KeySet, now: int
) -> tuple[HintedPesel, tuple[SingleUse, ...]]:
    """A ``login_hint_token``: signed by the client, for us, short-lived, good once."""
    claims = verify(token, keys, client.rules.algorithms, frozenset({HINT_TOKEN_TYPE}))
    if text(claims, "iss") != client.client_id or claims.get("aud") != issuer:
        raise TokenRefused("The token is not this client's, or not for us.")
    if moment(claims, "exp") <= now - SKEW:
        raise SentToClient("expired_login_hint_token", "The login_hint_token has expired.")
    expires_at = not_expired(claims, now, at_most_ahead=HINT_TOKEN_LIFE)
    not_from_the_future(claims, now)
    value = f"{client.client_id} {text(claims, 'jti', 256)}"
    use = SingleUse(kind="login_hint_token", value=value, expires_at=expires_at + SKEW + 1)
    return HintedPesel(text(claims, "pesel", 32)), (use,)


def checked_message(parameters: Parameters) -> str:
    """What the person sees in the app, in the relying party's words (§7.1, §13 ``invalid_binding_message``)."""
    message = parameters.get("binding_message")
    if message is None:
        return ""
    if not is_binding_message(message):
        raise SentToClient(
            "invalid_binding_message", "The binding_message is not one printable line of 100 characters."
        )
    return message


def checked_life(parameters: Parameters) -> int | None:
    """For how many seconds the client would have the request live (§7.1 ``requested_expiry``)."""
    value = parameters.get("requested_expiry")
    if value is None:
        return None
    if not _SECONDS.fullmatch(value):
        raise SentToClient("invalid_request", "The requested_expiry is not a positive number of seconds.")
    return int(value)
