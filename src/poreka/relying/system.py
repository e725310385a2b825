"""What a system that relies on providers is made of besides what every system has (`web/system.py`).

The relying-party side of OpenID Connect: the providers, by key, and what is remembered of sign-ins there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from poreka.audit.record import Recorder
from poreka.oidc.relying_party.client_authentication import ClientCredentials
from poreka.outgoing.back_channel import BackChannel
from poreka.relying.provider_documents import ProviderDocuments
from poreka.relying.relied_on import ReliedOn
from poreka.relying.store.federated_identities import FederatedIdentities
from poreka.relying.store.federated_sessions import FederatedSessions
from poreka.relying.store.pending_sign_ins import PendingSignIns
from poreka.running.key_ring import KeyRing
from poreka.store.database import Transaction
from poreka.store.sessions import Session
from poreka.web.system import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Relying(System):
    """A system that relies on providers: the relying-party side of OpenID Connect. Providers by key, in order."""

    def credentials_for(self, provider: ReliedOn) -> ClientCredentials:
        """Our secrets for a provider, with the key that signs now: it may have been rotated since the start."""
        return ClientCredentials(signing_key=self.key_ring.signing("ES256"), secret=provider.secret)

    relied_on: Mapping[str, ReliedOn]
    back_channel: BackChannel
    documents: ProviderDocuments
    key_ring: KeyRing
    pending_sign_ins: PendingSignIns
    federated_identities: FederatedIdentities
    federated_sessions: FederatedSessions

    def own_keys(self) -> KeyRing | None:
        """Those of its key ring."""
        return self.key_ring

    def provider_names(self) -> Mapping[str, str] | None:
        """Of all that it relies on."""
        return {known.registration.issuer: known.name for known in self.relied_on.values()}

    async def end_session(self, transaction: Transaction, record: Recorder, session: Session, *, by: str) -> None:
        """End a session, and its link to the provider's."""
        await self.federated_sessions.remove(transaction, session.sid)
        await System.end_session(self, transaction, record, session, by=by)

    async def end_parked(self, transaction: Transaction, person_id: str) -> None:
        """End a way in for which a provider has vouched, and which waits for the person: a link without a session."""
        links = self.federated_sessions
        for issuer, subject in await self.federated_identities.of_person(person_id, transaction):
            for name in await links.resting_on(issuer, provider_sid=None, subject=subject, within=transaction):
                if await self.sessions.by_sid(name, transaction) is None:
                    await self.journeys.remove(transaction, name)
                    await links.remove(transaction, name)
