"""The catalogue of events: everything the audit log can say, one frozen struct each.

An event never holds a PESEL, a code, a token or a password; it holds names of things (ids,
clients, reasons). Those about authorisation tools are in `provider/tool_events.py`, those about passkeys in
`passkey_events.py`. `docs/generate.py` draws `docs/events.md` from all of them.
"""

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; `person_id` is the system's own id of the person, or None."""

    person_id: str | None


# At a provider


class SignedIn(Event, frozen=True, kw_only=True):
    """A customer signed in to the bank; `factors` are those used."""

    sid: str
    factors: tuple[str, ...]


class SignInFailed(Event, frozen=True, kw_only=True):
    """A sign-in failed; `reason` is `wrong | locked | slowed`. The typed name is not kept."""

    reason: str


class SignedOut(Event, frozen=True, kw_only=True):
    """A session ended by its owner or by the other side; `by` is `person | another_session | provider |
    relying_party | consent | profile_closed | operator`; `another_session`: from the owner's list of sessions."""

    sid: str
    by: str


class ReleaseRefused(Event, frozen=True, kw_only=True):
    """The bank could not vouch; `reasons` name the conditions that failed (P8)."""

    client_id: str
    reasons: tuple[str, ...]


class ReleaseEnded(Event, frozen=True, kw_only=True):
    """A release ended without data; `outcome` is `cancelled | aborted | expired`."""

    client_id: str
    outcome: str


class OperationIssued(Event, frozen=True, kw_only=True):
    """An authorisation operation was issued (P3); `tool` says how it is authorised."""

    operation_id: str
    tool: str


class SimChecked(Event, frozen=True, kw_only=True):
    """The operator was asked about a new SIM card before a code went by SMS (P10); `journey_id` says what for,
    `answer` is `kept | replaced | unknown`, `why` the trouble if there was one, and `correlator` names the question
    in the operator's log too."""

    journey_id: str
    answer: str
    why: str
    code_sent: bool
    correlator: str


class CodeSentAgain(Event, frozen=True, kw_only=True):
    """A new code replaced the earlier one of the operation."""

    operation_id: str


class CodeRefused(Event, frozen=True, kw_only=True):
    """A wrong code was given (P4); `attempt` counts from 1."""

    operation_id: str
    attempt: int


class OperationAuthorised(Event, frozen=True, kw_only=True):
    """The customer authorised the operation."""

    operation_id: str


class ConsentGiven(Event, frozen=True, kw_only=True):
    """A consent came into force, with the text (by version and hash) and the facts it covers (P2, P6)."""

    consent_id: str
    client_id: str
    text_version: str
    text_hash: str
    facts: tuple[str, ...]
    operation_id: str


class ConsentWithdrawn(Event, frozen=True, kw_only=True):
    """A consent was withdrawn by the customer (P7)."""

    consent_id: str
    client_id: str


class ReceiptIssued(Event, frozen=True, kw_only=True):
    """The customer downloaded a signed receipt of a consent (P7)."""

    consent_id: str
    receipt_id: str
    kid: str


class CodeIssued(Event, frozen=True, kw_only=True):
    """An authorisation code was issued to a relying party; from here the bank has vouched."""

    client_id: str
    grant_id: str
    acr: str


class TokensIssued(Event, frozen=True, kw_only=True):
    """A code was exchanged for tokens."""

    client_id: str
    grant_id: str


class FactsReleased(Event, frozen=True, kw_only=True):
    """UserInfo was answered; `facts` are the names of the claims that left."""

    client_id: str
    grant_id: str
    facts: tuple[str, ...]


class GrantRevoked(Event, frozen=True, kw_only=True):
    """Tokens were revoked; `reason` is `code_replayed | refresh_token_replayed | by_client | consent | sign_out`."""

    grant_id: str
    reason: str


# At a relying party


class PersonEntered(Event, frozen=True, kw_only=True):
    """A person entered the portal; `issuer` vouched (or `password`, `certificate`)."""

    issuer: str
    sid: str
    acr: str


class EntryFailed(Event, frozen=True, kw_only=True):
    """A sign-in at a provider came to nothing; `reason` is the provider's "no" or the step that failed."""

    issuer: str
    reason: str


class EntryRefused(Event, frozen=True, kw_only=True):
    """An entry was refused; `differing` names the facts, never their values (Z5, Z6)."""

    issuer: str
    against: str
    differing: tuple[str, ...]


class CertificateShown(Event, frozen=True, kw_only=True):
    """A person entered with a qualified certificate: its SHA-256 and who issued it."""

    thumbprint: str
    authority: str


class StrongerSignInAsked(Event, frozen=True, kw_only=True):
    """A page needed a stronger sign-in than the session had (RFC 9470); `page` is its address."""

    sid: str
    page: str
    wanted: str


class ProfileCreated(Event, frozen=True, kw_only=True):
    """A portal profile came to be, `trusted` or `untrusted`."""

    state: str
    issuer: str


class RegistrationRefused(Event, frozen=True, kw_only=True):
    """Someone registered with a PESEL that has a profile: the person is its owner, not who tried."""

    reason: str


class ProfileTrusted(Event, frozen=True, kw_only=True):
    """An untrusted profile became trusted through a sign-in with equal data (Z5)."""

    issuer: str


class ProfileClosed(Event, frozen=True, kw_only=True):
    """A portal profile was closed for good; `by` is `operator | not_theirs | lapsed`, `state` what it was before."""

    by: str
    state: str


class TermsAccepted(Event, frozen=True, kw_only=True):
    """The regulations were accepted, with these boxes ticked."""

    terms_version: str
    boxes: tuple[str, ...]


class TermsDeclined(Event, frozen=True, kw_only=True):
    """The new regulations were declined; the person stays outside (Z4)."""

    terms_version: str


class PasswordChanged(Event, frozen=True, kw_only=True):
    """The password of a self-registered profile was set anew."""


class QuestionAsked(Event, frozen=True, kw_only=True):
    """A question to the office was filed."""

    question_id: str


class BarrierReported(Event, frozen=True, kw_only=True):
    """Somebody reported a barrier, whoever it was."""

    report_id: str


class SettingsChanged(Event, frozen=True, kw_only=True):
    """Contact settings were changed; `fields` are the names of what changed."""

    fields: tuple[str, ...]


# By operators


class ClientAdded(Event, frozen=True, kw_only=True):
    """A relying party was registered or its registration replaced."""

    client_id: str


class ClientSecretRotated(Event, frozen=True, kw_only=True):
    """A relying party was given a new secret; `former_until` is the moment at which the one before it ends."""

    client_id: str
    former_until: int


class ClientRemoved(Event, frozen=True, kw_only=True):
    """A relying party was removed."""

    client_id: str


class CustomersImported(Event, frozen=True, kw_only=True):
    """Customers were imported from a file; `file` is its SHA-256, `accepted` and `refused` count its rows."""

    file: str
    accepted: int
    refused: int


class KeysRotated(Event, frozen=True, kw_only=True):
    """A signing key was made; `kid` names it."""

    kid: str


def name_of(event: Event) -> str:
    """The event's name in the log: the struct's own."""
    return type(event).__name__


def details_of(event: Event) -> str:
    """What the event says besides the person, as JSON text."""
    fields = {name: value for name, value in msgspec.structs.asdict(event).items() if name != "person_id"}
    return msgspec.json.encode(fields).decode()
