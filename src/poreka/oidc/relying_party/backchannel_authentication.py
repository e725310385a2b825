"""Asking a person in the provider's app, without a browser in between (OpenID CIBA Core 1.0, ``poll`` and ``ping``).

`ask_request` puts the question, `asked` reads what to remember of it and the number that *we* show the person, who
types it in the app; `poll_request` and `polled` find out how it went. No answer says why somebody did not approve:
refusing, having no app and not being known look the same. An approval is a sign-in, and a signature where one was
asked for, checked like any other. The driver: ``relying/asking_in_app.py``.
"""

from typing import Any

import msgspec

from poreka.oidc import jose
from poreka.oidc.backchannel_authentication import (
    GRANT_TYPE,
    HINT_TOKEN_TYPE,
    REQUEST_CLAIM,
    SLOWER,
    is_binding_message,
)
from poreka.oidc.errors import TokenRefused
from poreka.oidc.jwt_claims import optional_text, text
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.client_authentication import ASSERTION_LIFE, ClientCredentials, authenticate
from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.exchange import Answer, Outgoing, error_code, form_post, json_object
from poreka.oidc.relying_party.faults import ProviderFault, told_of
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce, nonce_demanded
from poreka.oidc.relying_party.proof_of_possession import make_proof
from poreka.oidc.relying_party.provider_metadata import ProviderMetadata
from poreka.oidc.relying_party.registration import FreshIds, Registration
from poreka.oidc.relying_party.token import SignedIn, signed_in_from
from poreka.oidc.trusted_signature import SignatureRequest, details_text

LONGEST_ID = 256
LONGEST_LIFE, LONGEST_INTERVAL, USUAL_INTERVAL = 15 * 60, 60, 5
"""Seconds. What a provider says beyond them is its fault; the last is CIBA's own default."""
UNTIL_PING = 15
"""Seconds between two polls while a ping is to come: one that was lost costs no more than that."""


class KnownSubject(Discreet, frozen=True):
    """Somebody who signed in here through this provider before: its ``sub`` for them."""

    sub: str


class NamedByPesel(Discreet, frozen=True):
    """Somebody who stands before us with a document; only for clients that were registered for it."""

    pesel: str


class EarlierSignIn(Discreet, frozen=True):
    """Somebody of whom we hold an ID Token of this provider, and its ``sub``."""

    id_token: str
    sub: str


Whom = KnownSubject | NamedByPesel | EarlierSignIn


class Question(Discreet, frozen=True, kw_only=True):
    """What is asked; `message` stands in the app, in Polish, and says what the person recognises it by."""

    whom: Whom
    message: str
    acr: str | None = None
    signature: SignatureRequest | None = None
    life: int | None = None
    """Seconds for which the person may answer; the provider's own limit where it is shorter."""
    scopes: tuple[str, ...] | None = None
    """Those of the registration unless said otherwise; ``("openid",)`` asks for no facts, so it needs no consent."""


class PendingApproval(Discreet, frozen=True, kw_only=True):
    """What we remember of a question; JSON by msgspec, to be sealed. `number` is shown to the person, by us only."""

    issuer: str
    client_id: str
    auth_req_id: str
    number: str
    subject: str | None
    signature: SignatureRequest | None
    minimum_acr: str | None
    dpop_key: dict[str, str] | None
    asked_at: int
    expires_at: int
    interval: int
    nonce_hash: None = None
    signed_in_since: None = None


class StillWaiting(msgspec.Struct, frozen=True, kw_only=True):
    """No answer yet: ask again no sooner than in `interval` seconds."""

    interval: int


class NotApproved(msgspec.Struct, frozen=True, kw_only=True):
    """There will be no approval; `expired` when its time is over. Nobody is told why."""

    expired: bool


def hint_token_claims(registration: Registration, pesel: str, token_id: str, now: int) -> dict[str, Any]:
    """What a ``login_hint_token`` says: who asks whom about whom, for a minute, once."""
    return {
        "iss": registration.client_id,
        "aud": registration.issuer,
        "iat": now,
        "exp": now + ASSERTION_LIFE,
        "jti": token_id,
        "pesel": pesel,
    }


def ask_request(
    registration: Registration,
    metadata: ProviderMetadata,
    credentials: ClientCredentials,
    question: Question,
    dpop_key: dict[str, str] | None,
    ids: FreshIds,
    now: int,
    *,
    proof_nonce: str | None = None,
    notification_token: str = "",
) -> Outgoing:
    """The authentication request (CIBA Core 1.0, section 7.1); the token is that of the ping, where one is to come."""
    url = metadata.backchannel_authentication_endpoint
    if url is None:
        raise ProviderFault("unsupported", "The provider asks nobody in an app.", "no backchannel endpoint")
    if not is_binding_message(question.message):
        raise ValueError("a message for the app is one printable line of at most a hundred characters")
    levels = registration.acceptable_levels(question.acr) if question.acr else ()
    asked = {
        "scope": " ".join(question.scopes or registration.scopes),
        "binding_message": question.message,
        "acr_values": " ".join(levels),
        "client_notification_token": notification_token,
        "requested_expiry": str(question.life or ""),
        "authorization_details": details_text(question.signature) if question.signature else "",
        **_hint(registration, credentials, question.whom, ids, now),
    }
    client = authenticate(registration, credentials, ids.assertion, now)
    form = {name: value for name, value in asked.items() if value}
    headers = {**client.headers, **_proof(dpop_key, url, ids, now, proof_nonce)}
    return form_post(url, {**form, **client.form}, headers)


def asked(
    registration: Registration,
    question: Question,
    dpop_key: dict[str, str] | None,
    answer: Answer,
    now: int,
    *,
    retried: bool = False,
) -> PendingApproval | RetryWithNonce:
    """What to remember of a question that was taken (section 7.3)."""
    retry = nonce_demanded(answer, retried=retried)
    if retry is not None:
        return retry
    if answer.status != 200:
        detail = f"status {answer.status}, error {error_code(answer)}"
        raise ProviderFault("backchannel_answer", "The provider did not take our question.", detail)
    members: dict[str, Any] = json_object(answer, "backchannel_answer")
    with told_of("backchannel_answer"):
        return PendingApproval(
            issuer=registration.issuer,
            client_id=registration.client_id,
            auth_req_id=text(members, "auth_req_id", LONGEST_ID),
            number=_number(members),
            subject=None if isinstance(question.whom, NamedByPesel) else question.whom.sub,
            signature=question.signature,
            minimum_acr=question.acr,
            dpop_key=dpop_key,
            asked_at=now,
            expires_at=now + _seconds(members, "expires_in", LONGEST_LIFE, None),
            interval=_seconds(members, "interval", LONGEST_INTERVAL, USUAL_INTERVAL),
        )


def poll_request(
    registration: Registration,
    metadata: ProviderMetadata,
    credentials: ClientCredentials,
    pending: PendingApproval,
    ids: FreshIds,
    now: int,
    *,
    proof_nonce: str | None = None,
) -> Outgoing:
    """Ask how it stands (section 10.1)."""
    if not registration.issuer == metadata.issuer == pending.issuer:
        raise ValueError("a question goes only to the provider that was asked")
    url = metadata.token_endpoint
    client = authenticate(registration, credentials, ids.assertion, now)
    form = {"grant_type": GRANT_TYPE, "auth_req_id": pending.auth_req_id}
    headers = {**client.headers, **_proof(pending.dpop_key, url, ids, now, proof_nonce)}
    return form_post(url, {**form, **client.form}, headers)


def polled(
    registration: Registration,
    pending: PendingApproval,
    keys: KeySet,
    answer: Answer,
    now: int,
    *,
    retried: bool = False,
) -> SignedIn | StillWaiting | NotApproved | RetryWithNonce:
    """How it stands (section 10.1.1, 11); an approval is checked like the tokens of any sign-in, and is given once."""
    retry = nonce_demanded(answer, retried=retried)
    if retry is not None:
        return retry
    if answer.status != 200:
        return _not_yet(pending, answer)
    members: dict[str, Any] = json_object(answer, "token_answer")
    signed_in = signed_in_from(registration, pending, keys, members, now)
    with told_of("id_token"):
        claims = jose.peek(signed_in.id_token)  # verified in the line above
        if optional_text(claims, REQUEST_CLAIM, LONGEST_ID) not in (None, pending.auth_req_id):
            raise TokenRefused("The token answers another question.", detail="auth_req_id differs")
        if pending.subject not in (None, signed_in.sub):
            raise TokenRefused("Another person answered.", detail="sub differs")
    return signed_in


def wait_until_next(registration: Registration, pending: PendingApproval) -> int:
    """Seconds to the next poll: where a ping is to come, polling is only for one that was lost (section 7.3)."""
    return max(pending.interval, UNTIL_PING) if registration.pinged else pending.interval


def _not_yet(pending: PendingApproval, answer: Answer) -> StillWaiting | NotApproved:
    match error_code(answer):
        case "authorization_pending":
            return StillWaiting(interval=pending.interval)
        case "slow_down":
            return StillWaiting(interval=pending.interval + SLOWER)
        case "access_denied":
            return NotApproved(expired=False)
        case "expired_token":
            return NotApproved(expired=True)
        case other:
            detail = f"status {answer.status}, error {other}"
            raise ProviderFault("token_answer", "The provider does not say how it stands.", detail)


def _hint(
    registration: Registration, credentials: ClientCredentials, whom: Whom, ids: FreshIds, now: int
) -> dict[str, str]:
    """Exactly one hint (section 7.1); a PESEL travels inside a token that we sign, never bare."""
    match whom:
        case KnownSubject(sub):
            return {"login_hint": sub}
        case EarlierSignIn(id_token, _):
            return {"id_token_hint": id_token}
        case NamedByPesel(pesel):
            if credentials.signing_key is None:
                raise ValueError("naming somebody needs a key to sign with")
            claims = hint_token_claims(registration, pesel, f"hint-{ids.assertion}", now)
            return {"login_hint_token": jose.sign(claims, credentials.signing_key, HINT_TOKEN_TYPE)}


def _proof(dpop_key: dict[str, str] | None, url: str, ids: FreshIds, now: int, nonce: str | None) -> dict[str, str]:
    if dpop_key is None:
        return {}
    return {"dpop": make_proof(dpop_key, method="POST", url=url, proof_id=ids.proof, now=now, nonce=nonce)}


def _number(members: dict[str, Any]) -> str:
    """The two digits that the person types in the app; another provider may have none."""
    number = optional_text(members, "matching_number", 8) or ""
    if number and not (number.isascii() and number.isdigit()):
        raise TokenRefused("The number for the app is not what it should be.")
    return number


def _seconds(members: dict[str, Any], name: str, most: int, usual: int | None) -> int:
    value = members.get(name, usual)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        raise TokenRefused(f"The member {name} is not what it should be.")
    return value
