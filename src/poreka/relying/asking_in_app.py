"""Asking somebody in a provider's app, and looking how it stands (OpenID CIBA Core 1.0): three calls for any flow.

    pending = await ask_in_app(system, provider, Question(whom=KnownSubject(sub), message="Zlecenie 17"))
    # keep it sealed, show `pending.number` to the person
    stands = await look_at_answer(system, provider, pending)      # SignedIn | StillWaiting | NotApproved

What may be asked and what is believed is `oidc/relying_party/backchannel_authentication.py`; a signature that was asked
for is judged by `federation.signature_in`. `SignedIn` comes once: write down what it is good for before anything else.
Faults travel up as `PeerFault` and `ProviderFault`.

Where we are registered for pings (`Registration.pinged`), the provider says when it is worth looking (`note_ping`):
then `is_time` is at once, and else only as often as a lost ping needs.
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

TOLD = "answer_told"
TOLD_SECONDS = 3600  # longer than any question lives


async def ask_in_app(system: Relying, provider: ReliedOn, question: Question) -> PendingApproval:
    """Put the question; whoever is not known there, or has no app, simply never answers."""
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
    """How it stands now; no more often than every `interval` seconds, or the provider slows us down."""
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
    """The provider told that this question was answered; once more tells nothing new."""
    with suppress(AlreadyThere):
        await UsedOnce(system.database).claim(TOLD, _name(auth_req_id), system.clock() + TOLD_SECONDS)


async def is_time(system: Relying, provider: ReliedOn, pending: PendingApproval, looked_at: int) -> bool:
    """Whether to look again, when the last look, or the question itself, was at `looked_at`."""
    since = system.clock() - looked_at
    if since >= wait_until_next(provider.registration, pending):
        return True
    told = since >= pending.interval and await UsedOnce(system.database).used(TOLD, _name(pending.auth_req_id))
    return provider.registration.pinged and told


def _name(auth_req_id: str) -> str:
    """The id alone is a secret of the provider's; what is stored is its SHA-256."""
    return hashlib.sha256(auth_req_id.encode()).hexdigest()
