"""What a provider is made of besides what every system has (`web/system.py`).

`Provider` is the protocol's provider side; `Bank` adds whom it vouches for: customers, or the owners of profiles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.record import Recorder
from poreka.oidc.errors import SentToClient
from poreka.oidc.provider.authorization_response import error_parameters
from poreka.oidc.provider.request_parameters import Supported
from poreka.provider.backchannel import Backchannel
from poreka.provider.client_registry import ClientRegistry
from poreka.provider.client_sessions import end_session
from poreka.provider.consents.text_hashes import TextHashes
from poreka.provider.differing_pages import Inside, WayIn
from poreka.provider.document_signing import Signing
from poreka.provider.release.client_return import to_client
from poreka.provider.reply import ReplyKind
from poreka.provider.settings.vouching import VouchingSettings
from poreka.provider.store.access_tokens import AccessTokens
from poreka.provider.store.authorisation_tools import AuthorisationTools
from poreka.provider.store.authorization_codes import AuthorizationCodes
from poreka.provider.store.clients import Clients
from poreka.provider.store.consent_texts import ConsentTexts
from poreka.provider.store.consents import Consents
from poreka.provider.store.customer_directory import CustomerDirectory
from poreka.provider.store.customers import Customers
from poreka.provider.store.grants import Grants
from poreka.provider.store.known_subjects import KnownSubjects
from poreka.provider.store.push_requests import PushRequests
from poreka.provider.store.pushed_requests import PushedRequests
from poreka.provider.store.refresh_tokens import RefreshTokens
from poreka.provider.store.relying_sign_ins import RelyingSignIns
from poreka.provider.store.returning import Returning
from poreka.provider.store.right_answers import RightAnswers
from poreka.provider.store.sim_swap import SimSwap
from poreka.running.key_ring import KeyRing
from poreka.store.database import Transaction
from poreka.store.past_keys import PastKeys
from poreka.store.sessions import Session
from poreka.web.door.peer_certificate import MutualTls
from poreka.web.system import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider(System):
    """A system that vouches: the provider side of OpenID Connect."""

    settings: VouchingSettings
    supported: Supported
    mutual_tls: MutualTls | None
    key_ring: KeyRing
    past_keys: PastKeys
    registry: ClientRegistry
    clients: Clients
    pushed_requests: PushedRequests
    codes: AuthorizationCodes
    tokens: AccessTokens
    refresh_tokens: RefreshTokens
    grants: Grants
    relying_sign_ins: RelyingSignIns
    consents: Consents
    consent_texts: ConsentTexts
    text_hashes: TextHashes = field(default_factory=TextHashes)
    app_requests: PushRequests
    known_subjects: KnownSubjects
    signing: Signing | None = None  # who states what its people signed; None where nobody signs documents
    app_secret: str = ""  # with which the app's back end answers; empty where there is no app

    def own_keys(self) -> KeyRing | None:
        """Those of its key ring."""
        return self.key_ring

    def has_met_client(self, client_id: str) -> bool:
        """Whether its registry has."""
        return self.registry.seen(client_id)

    async def end_session(self, transaction: Transaction, record: Recorder, session: Session, *, by: str) -> None:
        """End a session with all that rests on it at its clients, who are told."""
        await end_session(self, transaction, record, session, by=by)

    async def answer_to_client(self, request: Request, fault: SentToClient) -> Response | None:
        """The redirect or form with the error; None where the request named no destination that is proven."""
        if fault.destination is None:
            return None
        parameters = error_parameters(fault, fault.destination, self.origin)
        return await to_client(request, self, self.key_ring, fault.destination, parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank(Provider):
    """An identity provider that vouches for people it knows: its customers, or the owners of trusted profiles."""

    tools: AuthorisationTools
    customers: CustomerDirectory
    right_answers: RightAnswers
    returning: Returning
    reply_kinds: Mapping[str, "ReplyKind[Bank]"]  # how releases are answered, by the name of the protocol
    sim_swap: SimSwap | None = None  # whoever is asked about new SIM cards before a code goes by SMS
    inside: Inside
    backchannel: Backchannel | None = None  # how relying parties ask its people in the app; None where they may not
    other_ways: tuple[WayIn, ...] = ()  # who else signs its people in
    owners_connect_apps: bool = False  # whether its people connect an app themselves, and no operator notes one
    code_with_sign_in: bool = False  # whether a code belongs to every sign-in, and goes out with the password
    questions_at: str = ""  # where a phone answers a question that it asked itself; empty where nobody signs in on one
    notices_by: tuple[str, ...] = ()  # the channels by which its people are told what happened

    async def person_named(self, name: str) -> str | None:
        """The customer's id by the number or login; where the customers are in another system, it is their id there."""
        if self.settings.customers.source == "own":
            found = await Customers(self.database, self.seal, self.fresh).to_sign_in(name)
            return found[0].id if found else None
        customer = await self.customers.by_id(name)
        return customer.id if customer else None

    async def addresses_of(self, person_id: str) -> list[tuple[str, str]]:
        """The customer's phone and e-mail, by the channels that it writes notices by."""
        customer = await self.customers.by_id(person_id) if self.notices_by else None
        if customer is None:
            return []
        known = {"sms": customer.phone, "email": customer.email}
        return [(channel, to) for channel in self.notices_by if (to := known[channel])]
