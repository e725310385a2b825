"""The kinds of systems: what each is made of besides what all have (`system.py`).

`Provider` is the protocol's provider side, to which `Bank` adds its customers; `Portal` is the
relying side with its profiles. A system that is both is made of both. Built in `wiring/`; what only the
demonstration has: `demo_systems.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.record import Recorder
from poreka.desk_settings import DeskSettings
from poreka.mobywatel_settings import MobywatelSettings
from poreka.mojeikp_settings import MojeikpSettings
from poreka.oidc.errors import SentToClient
from poreka.oidc.provider.authorization_response import error_parameters
from poreka.oidc.provider.request_parameters import Supported
from poreka.oidc.relying_party.client_authentication import ClientCredentials
from poreka.patient_account_settings import PatientAccountSettings
from poreka.portal_settings import PortalSettings
from poreka.store.access_tokens import AccessTokens
from poreka.store.app_people import AppPeople
from poreka.store.asked_requests import AskedRequests
from poreka.store.authorisation_tools import AuthorisationTools
from poreka.store.authorization_codes import AuthorizationCodes
from poreka.store.bindings import Bindings
from poreka.store.certificate_hand_overs import CertificateHandOvers
from poreka.store.clerk_keys import ClerkKeys
from poreka.store.clerks import Clerks
from poreka.store.clients import Clients
from poreka.store.consent_texts import ConsentTexts
from poreka.store.consents import Consents
from poreka.store.cross_sign_ins import CrossSignIns
from poreka.store.customer_directory import CustomerDirectory
from poreka.store.database import Transaction
from poreka.store.devices import Devices
from poreka.store.enrolments import Enrolments
from poreka.store.federated_identities import FederatedIdentities
from poreka.store.federated_sessions import FederatedSessions
from poreka.store.grants import Grants
from poreka.store.health_records import HealthRecords
from poreka.store.insured import InsuranceRegister
from poreka.store.kept_forms import KeptForms
from poreka.store.known_subjects import KnownSubjects
from poreka.store.orders import Orders
from poreka.store.past_keys import PastKeys
from poreka.store.patient_accounts import PatientAccounts
from poreka.store.pending_sign_ins import PendingSignIns
from poreka.store.profile_applications import ProfileApplications
from poreka.store.profile_count import ProfileCount
from poreka.store.profile_proposals import ProfileProposals
from poreka.store.profiles import Profiles
from poreka.store.push_requests import PushRequests
from poreka.store.pushed_requests import PushedRequests
from poreka.store.questions import Questions
from poreka.store.refresh_tokens import RefreshTokens
from poreka.store.relying_sign_ins import RelyingSignIns
from poreka.store.returning import Returning
from poreka.store.right_answers import RightAnswers
from poreka.store.sessions import Session
from poreka.store.sim_swap import SimSwap
from poreka.store.terms_acceptances import TermsAcceptances
from poreka.store.trusted_profiles import TrustedProfiles
from poreka.trusted_profile_settings import TrustedProfileSettings
from poreka.vouching_settings import VouchingSettings
from poreka.web.account_app_over_http import DevicesOverHttp
from poreka.web.account_over_http import AccountOverHttp
from poreka.web.asker_known import AskerKnown
from poreka.web.back_channel import BackChannel
from poreka.web.backchannel import Backchannel
from poreka.web.certificate_door import CertificateDoor
from poreka.web.client_registry import ClientRegistry
from poreka.web.client_return import to_client
from poreka.web.client_sessions import end_session
from poreka.web.desk_known import DeskKnown
from poreka.web.document_signing import Signing
from poreka.web.key_ring import KeyRing
from poreka.web.peer_certificate import MutualTls
from poreka.web.phone_registry import PhoneRegistry
from poreka.web.profile_office import ProfileOffice
from poreka.web.provider_documents import ProviderDocuments
from poreka.web.provider_pages import Inside, WayIn
from poreka.web.relied_on import ReliedOn
from poreka.web.system import System
from poreka.web.text_hashes import TextHashes


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
    sim_swap: SimSwap | None = None  # whoever is asked about new SIM cards before a code goes by SMS
    inside: Inside
    backchannel: Backchannel | None = None  # how relying parties ask its people in the app; None where they may not
    other_ways: tuple[WayIn, ...] = ()  # who else signs its people in
    code_with_sign_in: bool = False  # whether a code belongs to every sign-in, and goes out with the password
    questions_at: str = ""  # where a phone answers a question that it asked itself; empty where nobody signs in on one
    notices_by: tuple[str, ...] = ()  # the channels by which its people are told what happened

    async def addresses_of(self, person_id: str) -> list[tuple[str, str]]:
        """The customer's phone and e-mail, by the channels that it writes notices by."""
        customer = await self.customers.by_id(person_id) if self.notices_by else None
        if customer is None:
            return []
        known = {"sms": customer.phone, "email": customer.email}
        return [(channel, to) for channel in self.notices_by if (to := known[channel])]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedProfileSystem(Bank):
    """The trusted profile: a provider whose people have profiles instead of accounts, made through other providers."""

    settings: TrustedProfileSettings
    profiles: TrustedProfiles
    applications: ProfileApplications
    proposals: ProfileProposals
    desks: tuple[DeskKnown, ...]
    relying: Relying  # this same system in its other role: what it is as a relying party of the banks
    backchannel: Backchannel
    phones: PhoneRegistry | None = None  # of the app in which owners approve; None where there is none

    def provider_names(self) -> Mapping[str, str] | None:
        """Of the banks through which owners sign in."""
        return self.relying.provider_names()

    async def end_session(self, transaction: Transaction, record: Recorder, session: Session, *, by: str) -> None:
        """End a session as a provider does, and its link to another provider's."""
        await self.relying.federated_sessions.remove(transaction, session.sid)
        await Provider.end_session(self, transaction, record, session, by=by)

    async def end_parked(self, transaction: Transaction, person_id: str) -> None:
        """End a way in for which a bank has vouched."""
        await self.relying.end_parked(transaction, person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mobywatel(Bank):
    """The phone app: the back end of push requests, and a provider whose people prove themselves by phone."""

    settings: MobywatelSettings
    people: AppPeople
    devices: Devices
    enrolments: Enrolments
    cross_sign_ins: CrossSignIns
    asked: AskedRequests
    askers: Mapping[str, AskerKnown]
    push_key: str  # the public half of the key by which push services know us (RFC 8292)

    async def end_parked(self, transaction: Transaction, person_id: str) -> None:
        """Refuse a sign-in elsewhere that the person approved, and that is not over there yet."""
        await self.cross_sign_ins.refuse_approved(transaction, person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSystem(System):
    """A desk: its clerks with their keys, and its way to the trusted profile, where everything else is."""

    settings: DeskSettings
    clerks: Clerks
    clerk_keys: ClerkKeys
    office: ProfileOffice
    relying: Relying | None = None  # this same system as a relying party, where it may ask owners in the app

    def own_keys(self) -> KeyRing | None:
        """Those by which it proves itself to the trusted profile; None where it asks nobody."""
        return self.relying.key_ring if self.relying else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal(Relying):
    """A portal with profiles of its own, and the register it compares people with."""

    settings: PortalSettings
    profiles: Profiles
    profile_count: ProfileCount
    terms_acceptances: TermsAcceptances
    kept_forms: KeptForms
    questions: Questions
    orders: Orders
    register: InsuranceRegister
    certificates: CertificateDoor | None
    hand_overs: CertificateHandOvers

    async def addresses_of(self, person_id: str) -> list[tuple[str, str]]:
        """The e-mail address of the profile."""
        profile = await self.profiles.by_id(person_id)
        return [("email", profile.email)] if profile else []


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientAccountSystem(Relying):
    """The patient account: an account for anyone whom a provider vouches for, and the records it shows."""

    settings: PatientAccountSettings
    accounts: PatientAccounts
    health: HealthRecords
    app_token: str = field(default="", repr=False)  # by which the phone app's back end is known
    app_devices: DevicesOverHttp | None = None  # how that is asked about bound devices


@dataclass(frozen=True, slots=True, kw_only=True)
class Mojeikp(Relying):
    """The patient account's phone app: devices that people bound to their accounts, which are kept elsewhere."""

    settings: MojeikpSettings
    bindings: Bindings
    account: AccountOverHttp
    devices_secret: str = field(repr=False)  # by which the patient account is known when it asks about devices
