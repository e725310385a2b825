"""What the audit log can say about people whom relying parties ask in the app.

Part of the catalogue in `audit/events.py`, by its rules. The person is whoever a provider vouches for. No event holds
what was asked, a number or a reference.
"""

from poreka.audit.events import Event


class ApprovalAsked(Event, frozen=True, kw_only=True):
    """A relying party asked for somebody in the app (CIBA); `asked` is false where nobody was, which it is not told."""

    client_id: str
    request_id: str
    asked: bool


class ApprovedElsewhere(Event, frozen=True, kw_only=True):
    """The owner approved in the app what a relying party asked; it was answered, without a browser."""

    client_id: str
    grant_id: str
    operation_id: str
    acr: str
