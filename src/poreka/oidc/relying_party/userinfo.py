"""What the provider tells about the person: the UserInfo request, and what is believed of its answer.

Signed answers are checked like any token; plain JSON is taken only where the registration says so. The
answer must be about the very person of the ID Token. Then `released_facts` picks exactly the facts we asked
for: nothing else that a provider may send gets any further, verified statements win, and a plain one that
contradicts them is refused.
"""

from hmac import compare_digest
from typing import Any

from poreka.oidc.errors import TokenRefused
from poreka.oidc.jwt_claims import not_expired, not_from_the_future, optional_text
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.authorization import PendingSignIn
from poreka.oidc.relying_party.exchange import Answer, Outgoing, json_object, media_type
from poreka.oidc.relying_party.faults import ProviderFault, told_of
from poreka.oidc.relying_party.id_token import check_audience, check_issuer, read_sub, verify_signed
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce, nonce_demanded
from poreka.oidc.relying_party.proof_of_possession import make_proof
from poreka.oidc.relying_party.provider_metadata import ProviderMetadata
from poreka.oidc.relying_party.registration import FreshIds, Registration
from poreka.oidc.relying_party.released_facts import ReleasedFacts, released_facts
from poreka.oidc.relying_party.token import SignedIn


def userinfo_request(
    metadata: ProviderMetadata,
    pending: PendingSignIn,
    signed_in: SignedIn,
    ids: FreshIds,
    now: int,
    *,
    proof_nonce: str | None = None,
) -> Outgoing:
    """Ask about the person (OpenID Connect Core 1.0, section 5.3.1); the token travels in a header, never
    in a URL.
    """
    url = metadata.userinfo_endpoint
    if url is None:
        raise ProviderFault("unsupported", "The provider tells nothing about people.", "no userinfo_endpoint")
    headers = {
        "accept": "application/jwt, application/json",
        "authorization": f"{signed_in.token_type} {signed_in.access_token}",
    }
    if pending.dpop_key is not None:
        headers["dpop"] = make_proof(
            pending.dpop_key,
            method="GET",
            url=url,
            proof_id=ids.proof,
            now=now,
            nonce=proof_nonce,
            access_token=signed_in.access_token,
        )
    return Outgoing(method="GET", url=url, headers=headers)


def process_userinfo(
    registration: Registration,
    signed_in: SignedIn,
    keys: KeySet,
    answer: Answer,
    now: int,
    *,
    retried: bool = False,
) -> ReleasedFacts | RetryWithNonce:
    """Check a UserInfo response (sections 5.3.2 and 5.3.4) and take from it what we asked for."""
    retry = nonce_demanded(answer, retried=retried)
    if retry is not None:
        return retry
    if answer.status != 200:
        raise ProviderFault("userinfo", "The provider tells nothing about this person.", f"status {answer.status}")
    with told_of("userinfo"):
        claims = _claims(registration, keys, answer, now)
        _check_same_person(claims, signed_in)
        return released_facts(registration, claims)


def _claims(registration: Registration, keys: KeySet, answer: Answer, now: int) -> dict[str, Any]:
    if media_type(answer) == "application/jwt":
        return _signed_claims(registration, keys, answer, now)
    if registration.userinfo_signed_required:
        raise ProviderFault("userinfo", "The provider's answer is not signed.", f"{media_type(answer)[:60]!r}")
    return json_object(answer, "userinfo")


def _signed_claims(registration: Registration, keys: KeySet, answer: Answer, now: int) -> dict[str, Any]:
    """Section 5.3.2: a signed answer must say who made it and for whom; times are checked where they are
    given.
    """
    token = answer.body.decode("ascii", "replace").strip()
    claims = verify_signed(token, keys, frozenset(registration.userinfo_algorithms))
    # An ID Token is a plain JWT for the same audience: it must never pass for an answer about a person.
    if optional_text(claims, "nonce") is not None:
        raise TokenRefused("The token is of another kind.", detail="a nonce in UserInfo")
    check_issuer(claims, registration.issuer)
    check_audience(claims, registration.client_id)
    if claims.get("exp") is not None:
        not_expired(claims, now)
    not_from_the_future(claims, now)
    return claims


def _check_same_person(claims: dict[str, Any], signed_in: SignedIn) -> None:
    """Section 5.3.2: without this a token could be swapped for another person's."""
    if not compare_digest(read_sub(claims).encode(), signed_in.sub.encode()):
        raise TokenRefused("The answer is about another person.", detail="sub differs")
