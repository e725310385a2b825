"""What a desk and the trusted profile tell one another: applications, decisions, profiles, proposals.

Both sides speak in these documents and share nothing else. docs/desk.openapi.yaml is the contract. Every document
that comes from a desk names the clerk, with the PESEL: so the trusted profile itself can see that a case is the
clerk's own. A PESEL stands in documents only, never in an address, and no document prints itself.
"""

import datetime
import hashlib
import re
from typing import Annotated

import msgspec

from poreka.contracts.desk_words import Act, ProposalState, Reason, TrustedProfileState
from poreka.contracts.identity_check import LONGEST_NOTE, IdentityCheck, RefusalReason, Way
from poreka.contracts.phone_devices import LONGEST_NAME, NO_CONTROLS, Name
from poreka.shown_words import is_fit_for_name, is_fit_note, is_fit_to_show

LONGEST_REFERENCE = 100
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=NO_CONTROLS)]
ElevenDigits = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{11}\Z")]
Note = Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\Z")]
Reference = Annotated[str, msgspec.Meta(max_length=LONGEST_REFERENCE, pattern=r"^[^\x00-\x1f\x7f]*\Z")]

CASE_NUMBER = re.compile(r"[0-9]{6}")
"""What a desk calls a case in the question to its owner; the proposal names it as its reference."""


class _Discreet(msgspec.Struct, frozen=True, kw_only=True):
    """A document that is never printed by accident."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


def _check(note: str = "", reference: str = "", name: str = "") -> None:
    """What a desk says in its own words is shown to clerks and owners; raises `ValueError`."""
    if name and not is_fit_for_name(name, LONGEST_NAME):
        raise ValueError("the name cannot be shown")
    if not is_fit_note(note, LONGEST_NOTE) or (reference and not is_fit_to_show(reference, LONGEST_REFERENCE)):
        raise ValueError("the note or the reference cannot be shown")


class ClerkNamed(_Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who acts."""

    id: Id
    name: Name
    pesel: ElevenDigits

    def __post_init__(self) -> None:
        _check(name=self.name)


class ByClerk(_Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who asks, where nothing else is said."""

    clerk: ClerkNamed


class KeySigned(_Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision signed with the clerk's key (WebAuthn Level 3): kept with the decision as evidence.

    The challenge is SHA-256 over `token`, a line feed and `said`, whose first line is `signed_words`; `public_key` is
    a COSE key in base64url, and `assertion` the credential as JSON.
    """

    key: Annotated[str, msgspec.Meta(max_length=1400, pattern=r"^[A-Za-z0-9_-]+\Z")]
    public_key: Annotated[str, msgspec.Meta(max_length=1400, pattern=r"^[A-Za-z0-9_-]+\Z")]
    token: Annotated[str, msgspec.Meta(max_length=512, pattern=r"^[A-Za-z0-9._-]+\Z")]
    said: Annotated[str, msgspec.Meta(max_length=4096)]
    assertion: Annotated[str, msgspec.Meta(max_length=4096)]


class Waiting(_Discreet, frozen=True, kw_only=True):
    """An application in the queue, without its person: names are shown one at a time, where the look is recorded.

    `own`: it is the clerk's; `second`: one clerk confirmed it, and another one looks at it.
    """

    number: str
    applied_at: datetime.datetime
    until: datetime.datetime
    own: bool
    second: bool


class Queue(_Discreet, frozen=True, kw_only=True):
    """Applications that wait, the one that lapses first first; `more`: not all of them are here."""

    applications: tuple[Waiting, ...]
    more: bool


class Case(_Discreet, frozen=True, kw_only=True):
    """One application: what the clerk compares. PESEL, phone and e-mail are empty where the case is the clerk's own.

    Phone and e-mail are masked (`systems/trusted_profile/rules/second_look.py`). `held`: the person has a valid
    profile, which an application does not replace; `shared`: somebody else's profile or application has this phone or
    e-mail; `first_by`: the clerk who confirmed it first, where a second one is needed, and `mine` whether that is who
    asks.
    """

    number: str
    state: TrustedProfileState
    first_name: str
    surname: str
    pesel: str
    applied_at: datetime.datetime
    until: datetime.datetime
    own: bool
    held: bool
    phone: str = ""
    email: str = ""
    shared: bool = False
    first_by: str = ""
    mine: bool = False


class Confirming(_Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clerk confirms an application, having checked this."""

    clerk: ClerkNamed
    check: IdentityCheck
    signed: KeySigned


class Refusing(_Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clerk refuses an application; the note stays with the record and is not sent to the applicant."""

    clerk: ClerkNamed
    way: Way
    reason: RefusalReason
    signed: KeySigned
    note: Note = ""

    def __post_init__(self) -> None:
        _check(self.note)


class CaseDecided(_Discreet, frozen=True, kw_only=True):
    """How an application stands after a decision; `second`: another clerk has to confirm it, too."""

    number: str
    state: TrustedProfileState
    second: bool = False


class Finding(_Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clerk looks for the valid profile of a PESEL."""

    clerk: ClerkNamed
    pesel: ElevenDigits


class Found(_Discreet, frozen=True, kw_only=True):
    """The profile's id."""

    id: str


class ProfileShown(_Discreet, frozen=True, kw_only=True):
    """One valid profile; `proposal`: the id of what is proposed for it now, if anything is."""

    id: str
    first_name: str
    surname: str
    pesel: str
    valid_from: datetime.datetime
    until: datetime.datetime
    locked: bool
    own: bool
    proposal: str = ""


class NewFacts(_Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the population register says now."""

    first_name: Name
    surname: Name
    pesel: ElevenDigits


class Proposing(_Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clerk proposes an act. An invalidation has a reason; a death and a change have a document's reference; a change
    has the new facts."""

    clerk: ClerkNamed
    act: Act
    signed: KeySigned
    reason: Reason | None = None
    reference: Reference = ""
    note: Note = ""
    facts: NewFacts | None = None
    approval: Annotated[str, msgspec.Meta(max_length=4096, pattern=r"^[A-Za-z0-9._-]*\Z")] = ""

    def __post_init__(self) -> None:
        _check(self.note, self.reference.strip())


class ProposalTold(_Discreet, frozen=True, kw_only=True):
    """One proposal; `own`: it concerns the clerk who asks (then nobody's PESEL is told), `mine`: they proposed it."""

    id: str
    profile: str
    act: Act
    state: ProposalState
    first_name: str
    surname: str
    pesel: str
    proposed_by: str
    proposed_at: datetime.datetime
    until: datetime.datetime
    own: bool
    mine: bool
    reason: Reason | None = None
    reference: str = ""
    note: str = ""
    facts: NewFacts | None = None
    owner_approved: bool = False


class OpenProposal(_Discreet, frozen=True, kw_only=True):
    """A proposal in the list, without its person; `own` and `mine` as in `ProposalTold`."""

    id: str
    act: Act
    proposed_by: str
    proposed_at: datetime.datetime
    until: datetime.datetime
    own: bool
    mine: bool


class Proposals(_Discreet, frozen=True, kw_only=True):
    """The proposals that are open, the one that lapses first first."""

    proposals: tuple[OpenProposal, ...]


class Approving(_Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another clerk approves."""

    clerk: ClerkNamed
    signed: KeySigned


class Rejecting(_Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another clerk rejects, and says why."""

    clerk: ClerkNamed
    signed: KeySigned
    note: Note = ""

    def __post_init__(self) -> None:
        _check(self.note)


class ProposalDecided(_Discreet, frozen=True, kw_only=True):
    """How a proposal stands after a decision."""

    id: str
    state: ProposalState


def signed_words(act: str, case: str) -> str:
    """The first line of what a clerk's key signs: `act` is `confirm/WAY | refuse | propose/ACT | approve | reject`."""
    return f"{act} {case}"


def signature_hash(signed: KeySigned) -> str:
    """As both audit logs name a signature: SHA-256."""
    return hashlib.sha256(signed.assertion.encode()).hexdigest()


def is_complete(proposing: Proposing) -> bool:
    """Whether a proposal has all that its act needs, and nothing of another act's.

    An owner is asked in the app about one act only, an invalidation that they ask for, under the number of the case.
    """
    if proposing.approval and not _may_have_approval(proposing):
        return False
    match proposing.act:
        case Act.INVALIDATION:
            return proposing.reason is not None and proposing.facts is None
        case Act.DEATH:
            return proposing.reason is None and proposing.facts is None and bool(proposing.reference.strip())
        case Act.CHANGE:
            return proposing.reason is None and proposing.facts is not None and bool(proposing.reference.strip())


def _may_have_approval(proposing: Proposing) -> bool:
    asked = proposing.act is Act.INVALIDATION and proposing.reason is Reason.OWNER_ASKED
    return asked and CASE_NUMBER.fullmatch(proposing.reference) is not None
