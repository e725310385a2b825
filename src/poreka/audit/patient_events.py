"""What the audit log can say about patient accounts; part of the catalogue in `events.py`, by its rules.

No event says anything about somebody's health: only whose records were looked at.
"""

from poreka.audit.events import Event

# At the patient account


class PatientAccountMade(Event, frozen=True, kw_only=True):
    """The first entry made the account (K2); `issuer` vouched."""

    issuer: str


class RecordsSeen(Event, frozen=True, kw_only=True):
    """Somebody looked at health records; `ward` is the child's random name, empty for one's own."""

    kind: str
    ward: str
