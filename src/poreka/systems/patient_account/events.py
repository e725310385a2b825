"""What the audit log can say about patient accounts; part of the catalogue in `audit/events.py`, by its rules.

No event says anything about somebody's health: only whose records were looked at.
"""

from poreka.audit.events import Event

# At the patient account


class PatientAccountMade(Event, frozen=True, kw_only=True):
    """The first entry made the account (K2); `issuer` vouched."""

    issuer: str


class PatientAccountRenamed(Event, frozen=True, kw_only=True):
    """The account took over a name from the provider that had vouched for its person before."""

    issuer: str


class RecordsSeen(Event, frozen=True, kw_only=True):
    """Somebody looked at health records; `ward` is a child's random name or empty, `through` is `app` or empty."""

    kind: str
    ward: str
    through: str = ""


class GuardianLooked(Event, frozen=True, kw_only=True):
    """A guardian looked for a child; the person is the child's random name, so that the child's own history tells it.

    `kind` is what was looked at, `overview` for how many records of each kind there are; `through` is `app` or empty.
    """

    kind: str
    through: str = ""


class AppEntered(Event, frozen=True, kw_only=True):
    """Somebody entered the account through the app, by a provider's word (K3); `issuer` vouched."""

    issuer: str
    acr: str


class AppOpened(Event, frozen=True, kw_only=True):
    """A bound device opened the account (K3); `tool` is `passkey | pin`."""

    tool: str
    acr: str


class AppDeviceCopied(Event, frozen=True, kw_only=True):
    """A bound device was ended: what it proves itself with turned up a second time; `tool` is `passkey | pin`."""

    tool: str
