"""A token for ourselves, not for a person: the client credentials grant (RFC 6749 §4.4).

With it this system asks an API of somebody else's: a telephone operator's. Nobody signs in.
`provider/authorising/operator_token.py` keeps the token while it is good.
"""

import msgspec

from poreka.oidc.relying_party.client_authentication import ClientCredentials, authenticate
from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.exchange import Answer, Outgoing, error_code, form_post, media_type
from poreka.oidc.relying_party.registration import Registration

LONGEST_TOKEN = 16 * 1024
UNSAID_LIFE, LONGEST_LIFE = 60, 60 * 60  # seconds


class TokenRefused(Exception):
    """No token was given; the message holds nothing secret."""


class ClientGrant(Discreet, frozen=True, kw_only=True):
    """Where a token is asked for, by whom, and for what. A secret or a key proves who asks."""

    token_url: str
    client_id: str
    scope: str
    credentials: ClientCredentials


class ClientToken(Discreet, frozen=True, kw_only=True):
    """A bearer token, and for how many seconds it is good."""

    value: str
    seconds: int


class _Told(Discreet, frozen=True, kw_only=True):
    access_token: str
    token_type: str
    expires_in: int | None = None


def token_request(grant: ClientGrant, assertion_id: str, now: int) -> Outgoing:
    """Ask for a token; a signed assertion is made for this token endpoint alone (RFC 7523 §3)."""
    key = grant.credentials.signing_key
    registration = Registration(
        issuer=grant.token_url,
        client_id=grant.client_id,
        redirect_uri="",
        profile="openid",
        client_authentication="private_key_jwt" if key else "client_secret_basic",
        signing_algorithm=key.algorithm if key else "ES256",
    )
    proof = authenticate(registration, grant.credentials, assertion_id, now)
    form = {"grant_type": "client_credentials", "scope": grant.scope, **proof.form}
    return form_post(grant.token_url, form, proof.headers)


def read_token(answer: Answer) -> ClientToken:
    """What a token endpoint answered (RFC 6749 §5.1); raises `TokenRefused`."""
    if answer.status != 200:
        raise TokenRefused(f"token_status_{answer.status}_{error_code(answer)}")
    if media_type(answer) != "application/json":
        raise TokenRefused("token_unreadable")
    try:
        told = msgspec.json.decode(answer.body, type=_Told)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise TokenRefused("token_unreadable") from None
    printable = told.access_token.isascii() and told.access_token.isprintable() and " " not in told.access_token
    if told.token_type.lower() != "bearer" or not printable or not 0 < len(told.access_token) <= LONGEST_TOKEN:
        raise TokenRefused("token_unreadable")
    life = UNSAID_LIFE if told.expires_in is None else told.expires_in
    return ClientToken(value=told.access_token, seconds=max(0, min(life, LONGEST_LIFE)))
