"""Driving a sign-in at a provider: what `oidc/relying_party` builds is sent, what answers is handed back.

`begin_at` asks (pushed where that was agreed) and remembers the question, bound to the browser; `finish_at`
turns the browser's return into a person vouched for. Both are straight lines: a request that a provider
wants again with its nonce is made once more, and no more than once. Nothing here knows banks or people;
faults travel up as `PeerFault` and `ProviderFault`, and `set_out.py` shows them.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from joserfc.jwk import ECKey

from poreka.oidc.errors import KeyUnknown
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.authorization import (
    Begun,
    FreshSecrets,
    PendingSignIn,
    begin,
    plain_redirect,
    push_request,
    pushed,
)
from poreka.oidc.relying_party.callback import Code, ProviderSaidNo, check_callback
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce
from poreka.oidc.relying_party.provider_metadata import ProviderMetadata
from poreka.oidc.relying_party.registration import FreshIds, Registration
from poreka.oidc.relying_party.released_facts import ReleasedFacts
from poreka.oidc.relying_party.signature import Signature, check_signature
from poreka.oidc.relying_party.token import SignedIn, process_token_answer, token_request
from poreka.oidc.relying_party.userinfo import process_userinfo, userinfo_request
from poreka.oidc.trusted_signature import SignatureRequest
from poreka.relying.relied_on import ReliedOn
from poreka.relying.system import Relying
from poreka.rules.levels import Level, level_named

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Vouched:
    """A person whom the provider vouches for, with the facts it released."""

    signed_in: SignedIn
    facts: ReleasedFacts


async def begin_at(
    system: Relying,
    provider: ReliedOn,
    browser_hash: bytes,
    *,
    target: str | None = None,
    language: str | None = None,
    level: Level | None = None,
    max_age: int | None = None,
    signature: SignatureRequest | None = None,
    consent_anew: bool = False,
) -> str:
    """Ask a provider to sign the person in; returns where to send the browser.

    `target` is the page of ours that the person goes on to. `max_age` is how many seconds ago the person may have
    signed in there; with 0 the provider has to ask for a sign-in made for this question.
    """
    registration = provider.registration
    metadata = await system.documents.metadata(registration.issuer)
    begun = begin(
        registration,
        metadata,
        _fresh_secrets(system, registration),
        system.clock(),
        target=target,
        ui_locale=language,
        max_age=max_age,
        acr=None if level is None else acr_of(registration, level),
        signature=signature,
        consent_anew=consent_anew,
    )
    address = await _push(system, provider, metadata, begun) if registration.use_par else None
    await system.database.insert(system.pending_sign_ins.adding(begun.pending, browser_hash))
    return address or plain_redirect(registration, metadata, begun)


async def finish_at(
    system: Relying, provider: ReliedOn, pending: PendingSignIn, parameters: Sequence[tuple[str, str]]
) -> Vouched | ProviderSaidNo:
    """Judge the browser's return, exchange the code, and ask the provider about the person.

    The caller has taken `pending` out of the store, so that it is answered once. Raises `StrayCallback`,
    `ProviderFault` and `PeerFault`.
    """
    metadata = await system.documents.metadata(pending.issuer)
    answer = check_callback(pending, metadata, parameters, system.clock())
    if isinstance(answer, ProviderSaidNo):
        return answer
    signed_in = await _exchange_code(system, provider, metadata, pending, answer)
    return Vouched(signed_in, await _ask_about_person(system, provider, metadata, pending, signed_in))


async def finish_signing_at(
    system: Relying, provider: ReliedOn, pending: PendingSignIn, parameters: Sequence[tuple[str, str]]
) -> Signature | ProviderSaidNo:
    """Like `finish_at`, for a document that was to be signed: returns the provider's statement, and asks no facts."""
    if pending.signature is None:
        raise ValueError("nothing was to be signed")
    metadata = await system.documents.metadata(pending.issuer)
    answer = check_callback(pending, metadata, parameters, system.clock())
    if isinstance(answer, ProviderSaidNo):
        return answer
    signed_in = await _exchange_code(system, provider, metadata, pending, answer)
    return await signature_in(system, provider, signed_in, pending.signature)


async def signature_in(system: Relying, provider: ReliedOn, signed_in: SignedIn, wanted: SignatureRequest) -> Signature:
    """The statement that came with a sign-in, checked against what was to be signed; who signed is for the caller."""
    registration = provider.registration

    def process(keys: KeySet) -> Signature:
        return check_signature(registration, wanted, signed_in.authorization_details, keys, system.clock())

    return await with_keys(system, registration, process)


def acr_of(registration: Registration, level: Level) -> str:
    """What this provider calls a level: the eIDAS name, or the rung of its own ladder that is as high."""
    ladder = registration.acr_ladder
    return level.acr if level.acr in ladder else ladder[min(level, len(ladder)) - 1]


def level_of(registration: Registration, acr: str | None) -> Level:
    """The level an `acr` of this provider stands for; one that is missing or unknown counts as the lowest."""
    level = level_named(acr or "")
    if level is None and acr in registration.acr_ladder:
        level = Level(min(registration.acr_ladder.index(acr) + 1, Level.HIGH))
    return level or Level.LOW


async def _push(system: Relying, provider: ReliedOn, metadata: ProviderMetadata, begun: Begun) -> str:
    registration, credentials = provider.registration, system.credentials_for(provider)

    def build(nonce: str | None) -> Outgoing:
        ids, now = fresh_ids(system), system.clock()
        return push_request(registration, metadata, credentials, begun, ids, now, proof_nonce=nonce)

    async def read(answer: Answer, retried: bool) -> str | RetryWithNonce:
        return pushed(registration, metadata, answer, retried=retried)

    return await with_nonce_retry(system, build, read)


async def _exchange_code(
    system: Relying, provider: ReliedOn, metadata: ProviderMetadata, pending: PendingSignIn, code: Code
) -> SignedIn:
    registration, credentials = provider.registration, system.credentials_for(provider)

    def build(nonce: str | None) -> Outgoing:
        ids, now = fresh_ids(system), system.clock()
        return token_request(registration, metadata, credentials, pending, code, ids, now, proof_nonce=nonce)

    async def read(answer: Answer, retried: bool) -> SignedIn | RetryWithNonce:
        def process(keys: KeySet) -> SignedIn | RetryWithNonce:
            return process_token_answer(registration, pending, keys, answer, system.clock(), retried=retried)

        return await with_keys(system, registration, process)

    return await with_nonce_retry(system, build, read)


async def _ask_about_person(
    system: Relying,
    provider: ReliedOn,
    metadata: ProviderMetadata,
    pending: PendingSignIn,
    signed_in: SignedIn,
) -> ReleasedFacts:
    registration = provider.registration

    def build(nonce: str | None) -> Outgoing:
        ids, now = fresh_ids(system), system.clock()
        return userinfo_request(metadata, pending, signed_in, ids, now, proof_nonce=nonce)

    async def read(answer: Answer, retried: bool) -> ReleasedFacts | RetryWithNonce:
        def process(keys: KeySet) -> ReleasedFacts | RetryWithNonce:
            return process_userinfo(registration, signed_in, keys, answer, system.clock(), retried=retried)

        return await with_keys(system, registration, process)

    return await with_nonce_retry(system, build, read)


async def with_nonce_retry(
    system: Relying,
    build: Callable[[str | None], Outgoing],
    read: Callable[[Answer, bool], Awaitable[T | RetryWithNonce]],
) -> T:
    """Send what `build` makes and return what `read` makes of the answer.

    When `read` returns `RetryWithNonce`, the request is made anew with that nonce in its proof and sent once more
    (RFC 9449 §8, §9); when the provider refuses that, too, `ProviderFault` is raised.
    """
    nonce: str | None = None
    for retried in (False, True):
        outcome = await read(await system.back_channel.send(build(nonce)), retried)
        if not isinstance(outcome, RetryWithNonce):
            return outcome
        nonce = outcome.nonce
    raise ProviderFault("token_answer", "The provider keeps refusing our proof of possession.")


async def with_keys(system: Relying, registration: Registration, process: Callable[[KeySet], T]) -> T:
    """Run `process` with the provider's keys; raises `ProviderFault` for a key unknown even when they are read anew."""
    try:
        return await system.documents.with_keys(registration.issuer, process)
    except KeyUnknown as unknown:
        raise ProviderFault("keys", "The provider signs with a key it does not publish.") from unknown


def fresh_ids(system: Relying) -> FreshIds:
    """Identifiers for the signed parts of one request."""
    return FreshIds(assertion=system.fresh.secret(), proof=system.fresh.secret())


def _fresh_secrets(system: Relying, registration: Registration) -> FreshSecrets:
    return FreshSecrets(
        state=system.fresh.secret(),
        nonce=system.fresh.secret(),
        code_verifier=system.fresh.secret(),
        dpop_key=fresh_key() if registration.use_dpop else None,
    )


def fresh_key() -> dict[str, str]:
    """A key to prove possession with (DPoP) in one sign-in, as its private JWK."""
    made = ECKey.generate_key("P-256", private=True).as_dict(private=True)
    return {name: str(made[name]) for name in ("kty", "crv", "x", "y", "d")}
