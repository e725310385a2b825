"""The code becomes tokens: the request to the token endpoint, and what is believed of its answer.

Nothing of an answer is used before all of it was checked: `SignedIn` exists only for a sign-in that was
asked for here, at this level, by the provider we asked. `KeyUnknown` may come out of
`process_token_answer`: fetch the keys once more and process the *same* answer again; the code is spent and
must not be sent twice. Next: `id_token`, `userinfo`.
"""

from typing import Any, Literal, Protocol

from poreka.oidc.jwt_claims import optional_text, text
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.authorization import PendingSignIn
from poreka.oidc.relying_party.callback import Code
from poreka.oidc.relying_party.client_authentication import ClientCredentials, authenticate
from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.exchange import Answer, Outgoing, error_code, form_post, json_object
from poreka.oidc.relying_party.faults import ProviderFault, told_of
from poreka.oidc.relying_party.id_token import SentRequest, check_id_token
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce, nonce_demanded
from poreka.oidc.relying_party.proof_of_possession import make_proof
from poreka.oidc.relying_party.provider_metadata import ProviderMetadata
from poreka.oidc.relying_party.registration import FreshIds, Registration

LONGEST_TOKEN = 16 * 1024


class SignedIn(Discreet, frozen=True, kw_only=True):
    """A person whom the provider vouches for; `id_token` is kept as a hint for signing out."""

    issuer: str
    sub: str
    sid: str | None
    auth_time: int | None
    acr: str | None
    amr: tuple[str, ...]
    access_token: str
    token_type: Literal["DPoP", "Bearer"]
    id_token: str
    authorization_details: object = None
    """As the provider granted and enriched them (RFC 9396 §7); not looked into here: `signature`."""


class Bound(SentRequest, Protocol):
    """A question whose tokens are bound to a key of ours, where there is one."""

    @property
    def dpop_key(self) -> dict[str, str] | None: ...


def token_request(
    registration: Registration,
    metadata: ProviderMetadata,
    credentials: ClientCredentials,
    pending: PendingSignIn,
    code: Code,
    ids: FreshIds,
    now: int,
    *,
    proof_nonce: str | None = None,
) -> Outgoing:
    """Exchange the code (RFC 6749 section 4.1.3, RFC 7636 section 4.5, RFC 9449 section 5)."""
    if not registration.issuer == metadata.issuer == pending.issuer:
        raise ValueError("a code goes only to the provider that was asked")
    url = metadata.token_endpoint
    client = authenticate(registration, credentials, ids.assertion, now)
    form = {
        "grant_type": "authorization_code",
        "code": code.code,
        "redirect_uri": registration.redirect_uri,
        "code_verifier": pending.code_verifier,
    }
    headers = dict(client.headers)
    if pending.dpop_key is not None:
        headers["dpop"] = make_proof(
            pending.dpop_key, method="POST", url=url, proof_id=ids.proof, now=now, nonce=proof_nonce
        )
    return form_post(url, {**form, **client.form}, headers)


def process_token_answer(
    registration: Registration,
    pending: PendingSignIn,
    keys: KeySet,
    answer: Answer,
    now: int,
    *,
    retried: bool = False,
) -> SignedIn | RetryWithNonce:
    """Check a token response (OpenID Connect Core 1.0, section 3.1.3.5) and the ID Token in it."""
    retry = nonce_demanded(answer, retried=retried)
    if retry is not None:
        return retry
    return signed_in_from(registration, pending, keys, _successful(answer), now)


def signed_in_from(
    registration: Registration, pending: Bound, keys: KeySet, members: dict[str, Any], now: int
) -> SignedIn:
    """The sign-in in a good token answer, however it was asked for."""
    with told_of("token_answer"):
        access_token = text(members, "access_token", LONGEST_TOKEN)
        id_token = text(members, "id_token", LONGEST_TOKEN)
        token_type = _check_token_type(text(members, "token_type", 32), bound=pending.dpop_key is not None)
        _check_scope(optional_text(members, "scope", 4096))
    who = check_id_token(id_token, registration, pending, keys, access_token, now)
    return SignedIn(
        issuer=registration.issuer,
        sub=who.sub,
        sid=who.sid,
        auth_time=who.auth_time,
        acr=who.acr,
        amr=who.amr,
        access_token=access_token,
        token_type=token_type,
        id_token=id_token,
        authorization_details=members.get("authorization_details"),
    )


def _successful(answer: Answer) -> dict[str, Any]:
    if answer.status != 200:
        detail = f"status {answer.status}, error {error_code(answer)}"
        raise ProviderFault("token_answer", "The provider did not exchange the code.", detail)
    return json_object(answer, "token_answer")


def _check_token_type(token_type: str, *, bound: bool) -> Literal["DPoP", "Bearer"]:
    """A token of the other kind was not what we asked for: a plain one is worth something to a thief."""
    expected: Literal["DPoP", "Bearer"] = "DPoP" if bound else "Bearer"
    if token_type.lower() != expected.lower():
        raise ProviderFault("token_answer", "The provider gave a token of another kind.", f"wanted {expected}")
    return expected


def _check_scope(granted: str | None) -> None:
    """A provider may grant less than was asked for, but a sign-in without `openid` is none."""
    if granted is not None and "openid" not in granted.split(" "):
        raise ProviderFault("token_answer", "The provider granted no sign-in.", "scope lacks openid")
