"""What the audit log can say about trusted profiles; part of the catalogue in `audit/events.py`, by its rules.

The person is the profile's id. No event holds a name, a number or an address.
"""

from poreka.audit.events import Event

# At the trusted profile


class TrustedProfileMade(Event, frozen=True, kw_only=True):
    """A trusted profile came to be valid (T1); `by` is the issuer that vouched, or the clerk."""

    by: str
    until: int


class ApplicationFiled(Event, frozen=True, kw_only=True):
    """Somebody applied for a profile; it lapses unless a clerk confirms it (T1)."""

    until: int


class TrustedProfileExtended(Event, frozen=True, kw_only=True):
    """The owner extended the profile (T2)."""

    until: int


class TrustedProfileEnded(Event, frozen=True, kw_only=True):
    """A profile was invalidated for good (T6); `by` is `owner | office | death | replaced`."""

    by: str


class TrustedProfileLocked(Event, frozen=True, kw_only=True):
    """Somebody else had used the profile, said `by` (`owner | operator`): it vouches for nobody any more (T6)."""

    by: str = "owner"


class PasswordRecovered(Event, frozen=True, kw_only=True):
    """A forgotten password was set anew, after the mailbox and the tool had answered (T3)."""


class VouchedSignIn(Event, frozen=True, kw_only=True):
    """The owner signed in through another provider (T3)."""

    issuer: str
    sid: str
    acr: str


class ContactChanged(Event, frozen=True, kw_only=True):
    """Phone, e-mail or password were changed by the owner; `fields` are the names of what changed."""

    fields: tuple[str, ...]


class ReminderSent(Event, frozen=True, kw_only=True):
    """The owner was reminded that the profile ends in so many days (T2)."""

    days: int


class DocumentSigned(Event, frozen=True, kw_only=True):
    """The owner signed a document for a relying party (T7): its SHA-256, and the statement that was given."""

    client_id: str
    statement_id: str
    document: str
    operation_id: str
    kid: str


# By clerks; `by` names the desk and the clerk


class ApplicationOpened(Event, frozen=True, kw_only=True):
    """A clerk was shown an application with its facts (T1)."""

    by: str


class ApplicationLookedAt(Event, frozen=True, kw_only=True):
    """The first of two clerks confirmed an application; `why` there are two is `shared | drawn`."""

    by: str
    way: str
    document: str
    why: str
    signed: str


class ApplicationConfirmed(Event, frozen=True, kw_only=True):
    """A clerk confirmed an application: the photograph and the data fitted (T1).

    `signed`, here and below, is the SHA-256 of the signature that the clerk's key made over this decision.
    """

    by: str
    way: str
    document: str
    signed: str


class ApplicationRefused(Event, frozen=True, kw_only=True):
    """A clerk refused an application (T1)."""

    by: str
    way: str
    reason: str
    signed: str


class ProfileSought(Event, frozen=True, kw_only=True):
    """A clerk looked for the valid profile of a PESEL; without a person where there is none."""

    by: str


class ProfileOpened(Event, frozen=True, kw_only=True):
    """A clerk was shown a valid profile with its facts."""

    by: str


class ProposalMade(Event, frozen=True, kw_only=True):
    """A clerk proposed an act on a valid profile; nothing changes before another clerk has approved.

    `owner_approved`: the owner had confirmed in the app that they ask for it.
    """

    proposal_id: str
    act: str
    reason: str
    by: str
    owner_approved: bool
    signed: str


class ProposalOpened(Event, frozen=True, kw_only=True):
    """A clerk was shown a proposal with the facts of whom it is about."""

    proposal_id: str
    by: str


class ProposalDecided(Event, frozen=True, kw_only=True):
    """Another clerk decided; `outcome` is `approved | rejected`."""

    proposal_id: str
    act: str
    outcome: str
    by: str
    signed: str


class FactsChanged(Event, frozen=True, kw_only=True):
    """Names or PESEL were taken over from the population register; `fields` are the names of what changed."""

    fields: tuple[str, ...]
    by: str
