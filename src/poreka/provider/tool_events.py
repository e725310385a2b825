"""The catalogue of events, continued: what the audit log says about authorisation tools (P3).

Part of `audit/events.py`. No event holds a code, or the number that a person types on the phone.
"""

from poreka.audit.events import Event

# Authorisation tools of a provider's people


class PushOpened(Event, frozen=True, kw_only=True):
    """A request was sent to the customer's app, for an operation (P3)."""

    operation_id: str
    request_id: str


class PushApproved(Event, frozen=True, kw_only=True):
    """The right number came from the app; the browser that asked still has to finish."""

    operation_id: str
    request_id: str


class PushRefused(Event, frozen=True, kw_only=True):
    """The customer refused in the app, or gave a wrong number; `reason` is `person | wrong_number`."""

    operation_id: str
    request_id: str
    reason: str


class CodeCardSent(Event, frozen=True, kw_only=True):
    """A new card of one-time codes was sent, because few codes were left (P3)."""

    serial: str


class AuthorisationToolChosen(Event, frozen=True, kw_only=True):
    """A customer authorises with another tool from now on (P3)."""

    tool: str


class AuthorisationToolAdded(Event, frozen=True, kw_only=True):
    """A customer has one more tool; it opens nothing before `usable_from` (P3)."""

    tool: str
    usable_from: int


class AuthorisationToolBlocked(Event, frozen=True, kw_only=True):
    """A tool was blocked; `by` is `customer | operator` (P3)."""

    tool: str
    by: str


class AuthorisationToolFound(Event, frozen=True, kw_only=True):
    """A tool that was blocked by a password answered rightly itself: it was not lost, and counts as before (P3)."""

    tool: str


class CodeCardsBlocked(Event, frozen=True, kw_only=True):
    """All code cards of a customer were blocked: lost, or seen by others."""

    cards: int
