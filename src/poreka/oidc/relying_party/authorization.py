"""The question: ask a provider to sign a person in, by a pushed request (RFC 9126) or a plain redirect.

`begin` makes the two halves of the question: what travels (`parameters`) and what we remember until the
answer (`pending`). Of `state` and `nonce` only hashes are remembered: whoever reads our store can answer no
question with them. The driver encrypts the DPoP key and stores `pending` bound to the browser's session.
Next: `callback`, then `token`.
"""

import hashlib
from typing import Any
from urllib.parse import urlencode

from poreka.oidc import pkce
from poreka.oidc.jwt_claims import text
from poreka.oidc.relying_party.client_authentication import ClientCredentials, authenticate
from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.exchange import Answer, Outgoing, error_code, form_post, json_object, retry_seconds
from poreka.oidc.relying_party.faults import ProviderBusy, ProviderFault, told_of
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce, nonce_demanded
from poreka.oidc.relying_party.proof_of_possession import make_proof
from poreka.oidc.relying_party.provider_metadata import ProviderMetadata
from poreka.oidc.relying_party.registration import FreshIds, Registration
from poreka.oidc.relying_party.requested_claims import claims_parameter
from poreka.oidc.trusted_signature import SignatureRequest, details_text

PENDING_LIFE = 30 * 60
"""Seconds from the question to the last moment an answer is taken."""


class FreshSecrets(Discreet, frozen=True, kw_only=True):
    """Random values made for one sign-in: 256 bits each; the DPoP key is a private JWK, None where no DPoP
    is used.
    """

    state: str
    nonce: str
    code_verifier: str
    dpop_key: dict[str, str] | None = None


class PendingSignIn(Discreet, frozen=True, kw_only=True):
    """What we remember of a question until its answer; JSON by msgspec. `target` is a page of our own; with a
    `signature` it is one that asks to sign a document, which is never taken for a mere sign-in.
    """

    issuer: str
    client_id: str
    state_hash: str
    nonce_hash: str
    code_verifier: str
    dpop_key: dict[str, str] | None
    minimum_acr: str | None
    max_age: int | None
    created_at: int
    expires_at: int
    target: str | None
    signature: SignatureRequest | None = None
    consent_anew: bool = False

    @property
    def signed_in_since(self) -> int | None:
        """The earliest `auth_time` that answers this question; None: any does.

        Counted from the question: a person may take their time with a consent once they are signed in."""
        return None if self.max_age is None else self.created_at - self.max_age


class Begun(Discreet, frozen=True, kw_only=True):
    """A sign-in that has begun: remember `pending`, send `parameters`."""

    pending: PendingSignIn
    parameters: dict[str, str]


def secret_hash(secret: str) -> str:
    """How `state` and `nonce` are remembered; they are long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(
    registration: Registration,
    metadata: ProviderMetadata,
    secrets: FreshSecrets,
    now: int,
    *,
    target: str | None = None,
    ui_locale: str | None = None,
    max_age: int | None = None,
    acr: str | None = None,
    signature: SignatureRequest | None = None,
    consent_anew: bool = False,
) -> Begun:
    """Begin a sign-in (OpenID Connect Core 1.0, 3.1.2.1). `acr` asks for more than the registration's
    minimum; `max_age` is how many seconds ago the person may have signed in there, and 0 asks for a new sign-in by
    its other name too (`prompt=login`), for providers that know only one of them; `consent_anew`: `prompt=consent`.
    """
    if metadata.issuer != registration.issuer:
        raise ValueError("the metadata is of another provider than the registration")
    if registration.use_dpop != (secrets.dpop_key is not None):
        raise ValueError("a DPoP key is needed exactly when the registration uses DPoP")
    level = acr or registration.minimum_acr
    pending = PendingSignIn(
        issuer=registration.issuer,
        client_id=registration.client_id,
        state_hash=secret_hash(secrets.state),
        nonce_hash=secret_hash(secrets.nonce),
        code_verifier=secrets.code_verifier,
        dpop_key=secrets.dpop_key,
        minimum_acr=level,
        max_age=max_age,
        created_at=now,
        expires_at=now + PENDING_LIFE,
        target=target,
        signature=signature,
        consent_anew=consent_anew,
    )
    asked = {
        **_request(registration, metadata, secrets, level),
        "max_age": "" if max_age is None else str(max_age),
        "prompt": _prompt(max_age, consent_anew),
        "ui_locales": ui_locale or "",
        "authorization_details": details_text(signature) if signature else "",
    }
    return Begun(pending=pending, parameters={name: value for name, value in asked.items() if value})


def _prompt(max_age: int | None, consent_anew: bool) -> str:
    return " ".join(filter(None, ("login" if max_age == 0 else "", "consent" if consent_anew else "")))


def push_request(
    registration: Registration,
    metadata: ProviderMetadata,
    credentials: ClientCredentials,
    begun: Begun,
    ids: FreshIds,
    now: int,
    *,
    proof_nonce: str | None = None,
) -> Outgoing:
    """The pushed request; the proof binds the code to our key from the start (RFC 9126 section 2.1, RFC
    9449 section 10.1).
    """
    url = metadata.pushed_authorization_request_endpoint
    if url is None:
        raise ProviderFault("unsupported", "The provider does not take pushed requests.")
    client = authenticate(registration, credentials, ids.assertion, now)
    headers = dict(client.headers)
    key = begun.pending.dpop_key
    if key is not None:
        headers["dpop"] = make_proof(key, method="POST", url=url, proof_id=ids.proof, now=now, nonce=proof_nonce)
    return form_post(url, {**begun.parameters, **client.form}, headers)


def pushed(
    registration: Registration, metadata: ProviderMetadata, answer: Answer, *, retried: bool = False
) -> str | RetryWithNonce:
    """Where to send the browser after a pushed request, or that it must be pushed once more (RFC 9126,
    section 2.2).
    """
    retry = nonce_demanded(answer, retried=retried)
    if retry is not None:
        return retry
    if (wait := retry_seconds(answer)) is not None:
        raise ProviderBusy("pushed_request", "The provider has too much to do.", wait)
    if answer.status not in (200, 201):  # 201 by the standard; some providers answer 200
        detail = f"status {answer.status}, error {error_code(answer)}"
        raise ProviderFault("pushed_request", "The provider did not take our request.", detail)
    members: dict[str, Any] = json_object(answer, "pushed_request")
    with told_of("pushed_request"):
        handle = text(members, "request_uri", 2048)
    return _with_query(metadata.authorization_endpoint, {"client_id": registration.client_id, "request_uri": handle})


def plain_redirect(registration: Registration, metadata: ProviderMetadata, begun: Begun) -> str:
    """Where to send the browser when the request travels in the open: never for the profile `fapi2`."""
    if registration.use_par or metadata.require_pushed_authorization_requests:
        raise ProviderFault("unsupported", "This request must be pushed.")
    return _with_query(metadata.authorization_endpoint, begun.parameters)


def _request(
    registration: Registration, metadata: ProviderMetadata, secrets: FreshSecrets, level: str | None
) -> dict[str, str]:
    """The parameters that follow from the registration; an empty one is not sent."""
    levels = registration.acceptable_levels(level) if level else ()
    return {
        "response_type": "code",
        "client_id": registration.client_id,
        "redirect_uri": registration.redirect_uri,
        "scope": " ".join(registration.scopes),
        "state": secrets.state,
        "nonce": secrets.nonce,
        "code_challenge": pkce.challenge_of(secrets.code_verifier),
        "code_challenge_method": "S256",
        "acr_values": " ".join(levels),
        "claims": claims_parameter(registration, levels) if metadata.claims_parameter_supported else "",
    }


def _with_query(endpoint: str, parameters: dict[str, str]) -> str:
    """An endpoint may have a query of its own, which stays (RFC 6749, section 3.1)."""
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}"
