"""What the audit log of a desk can say; part of the catalogue in `audit/events.py`, by its rules.

The person is the clerk's id. No event holds a name, a login, a PESEL or a link; a case is named by its number at the
trusted profile, whose own log says what became of it.
"""

from poreka.audit.events import Event

# At a desk


class ClerkAdded(Event, frozen=True, kw_only=True):
    """An operator added a clerk."""


class ClerkBlocked(Event, frozen=True, kw_only=True):
    """An operator blocked a clerk: keys, link and sessions ended."""


class ClerkLinkMade(Event, frozen=True, kw_only=True):
    """An operator made a link by which the clerk registers a key; earlier keys ended."""

    keys_ended: int


class ClerkKeyAdded(Event, frozen=True, kw_only=True):
    """A clerk registered a key."""


class ClerkKeyRefused(Event, frozen=True, kw_only=True):
    """What was brought as a key or its signature proves nothing; `purpose` is `register | sign_in | decide`."""

    purpose: str


class ClerkActed(Event, frozen=True, kw_only=True):
    """A clerk asked something of the trusted profile; `outcome` is `done`, or what it answered instead.

    `act` is `confirm | refuse | find | propose | approve | reject`; `case` is an application's number, or the id of a
    profile or a proposal; empty for a search. `signed` is the SHA-256 of the signature of the clerk's key, which the
    trusted profile keeps; empty for a search, too.
    """

    act: str
    case: str
    outcome: str
    signed: str = ""
