"""Asking somebody in a provider's app, and looking how it stands (OpenID CIBA Core 1.0): three calls for any flow.

    pending = await ask_in_app(system, provider, Question(whom=KnownSubject(sub), message="Zlecenie 17"))
    # keep it sealed, show `pending.number` to the person
    stands = await look_at_answer(system, provider, pending)      # SignedIn | StillWaiting | NotApproved

What may be asked and what is believed is `oidc/relying_party/backchannel_authentication.py`; a signature that was asked
for is checked by `provider_exchange.signature_in`. `look_at_answer` returns `SignedIn` once: save what follows from it
first. All three raise `PeerFault` and `ProviderFault`.

Where we are registered for pings (`Registration.pinged`), the provider calls when the person has answered, and
`note_ping` keeps that. Then `is_time` is true at once; without a ping only as seldom as a lost one allows.
"""

import hashlib
from contextlib import suppress

from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.backchannel_authentication import (
    NotApproved,
    PendingApproval,
    Question,
    StillWaiting,
    ask_request,
    asked,
    poll_request,
    polled,
    wait_until_next,
)
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.oidc.relying_party.notification import notification_token
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce
from poreka.oidc.relying_party.token import SignedIn
from poreka.relying.relied_on import ReliedOn
from poreka.relying.sign_in.provider_exchange import fresh_ids, fresh_key, with_keys, with_nonce_retry
from poreka.relying.system import Relying
from poreka.store.database import AlreadyThere
from poreka.store.used_once import UsedOnce

TOLD = "answer_told"  # the kind of value in `used_once` that stands for a ping
TOLD_SECONDS = 3600  # longer than any question lives


async def ask_in_app(system: Relying, provider: ReliedOn, question: Question) -> PendingApproval:
    """Put the question to the provider. A person who is not known there, or has no app, looks like one who waits."""
    registration, credentials = provider.registration, system.credentials_for(provider)
    metadata = await system.documents.metadata(registration.issuer)
    dpop_key = fresh_key() if registration.use_dpop else None
    token = notification_token(system.keys.codes, system.fresh.bytes(16).hex()) if registration.pinged else ""

    def build(nonce: str | None) -> Outgoing:
        ids, now = fresh_ids(system), system.clock()
        return ask_request(
            registration,
            metadata,
            credentials,
            question,
            dpop_key,
            ids,
            now,
            proof_nonce=nonce,
            notification_token=token,
        )

    async def read(answer: Answer, retried: bool) -> PendingApproval | RetryWithNonce:
        return asked(registration, question, dpop_key, answer, system.clock(), retried=retried)

    return await with_nonce_retry(system, build, read)


async def look_at_answer(
    system: Relying, provider: ReliedOn, pending: PendingApproval
) -> SignedIn | StillWaiting | NotApproved:
    """Ask the provider how the question stands. Call it when `is_time` says so: asked more often, it slows us down."""
    registration, credentials = provider.registration, system.credentials_for(provider)
    metadata = await system.documents.metadata(pending.issuer)

    def build(nonce: str | None) -> Outgoing:
        ids, now = fresh_ids(system), system.clock()
        return poll_request(registration, metadata, credentials, pending, ids, now, proof_nonce=nonce)

    async def read(answer: Answer, retried: bool) -> SignedIn | StillWaiting | NotApproved | RetryWithNonce:
        def process(keys: KeySet) -> SignedIn | StillWaiting | NotApproved | RetryWithNonce:
            return polled(registration, pending, keys, answer, system.clock(), retried=retried)

        return await with_keys(system, registration, process)

    return await with_nonce_retry(system, build, read)


async def note_ping(system: Relying, auth_req_id: str) -> None:
    """Keep that the provider pinged us about this question; a second ping changes nothing."""
    with suppress(AlreadyThere):
        await UsedOnce(system.database).claim(TOLD, _name(auth_req_id), system.clock() + TOLD_SECONDS)


async def is_time(system: Relying, provider: ReliedOn, pending: PendingApproval, looked_at: int) -> bool:
    """Whether to call `look_at_answer` again, after the last call, or the question, at `looked_at`.

    Even after a ping, calls are `pending.interval` seconds apart.
    """
    since = system.clock() - looked_at
    if since >= wait_until_next(provider.registration, pending):
        return True
    ping_came = since >= pending.interval and await UsedOnce(system.database).used(TOLD, _name(pending.auth_req_id))
    return provider.registration.pinged and ping_came


def _name(auth_req_id: str) -> str:
    """The name of a question in `used_once`: the SHA-256 of its id, because whoever has the id can fetch the answer."""
    return hashlib.sha256(auth_req_id.encode()).hexdigest()
