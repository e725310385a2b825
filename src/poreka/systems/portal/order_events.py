"""What the audit log can say about orders at the portal; part of the catalogue in `audit/events.py`, by its rules.

The person is the profile's id. No event holds a document or what stands in it.
"""

from poreka.audit.events import Event

# Orders at the portal


class OrderMade(Event, frozen=True, kw_only=True):
    """An application became an order that waits for its owner's signature (Z9)."""

    order_id: str


class OrderAuthorised(Event, frozen=True, kw_only=True):
    """The owner signed an order; `statement_id` names the statement at the trusted profile (T7)."""

    order_id: str
    statement_id: str
    issuer: str


class OrderRejected(Event, frozen=True, kw_only=True):
    """The owner rejected an order."""

    order_id: str


class OrderLapsed(Event, frozen=True, kw_only=True):
    """Nobody signed an order in time."""

    order_id: str


class SignatureRefused(Event, frozen=True, kw_only=True):
    """A signature came that is not the owner's, or not of this order; `reason` is `other_person | ended`."""

    order_id: str
    reason: str
