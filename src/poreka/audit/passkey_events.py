"""The catalogue of events, continued: passkeys of a bank's customers and of a portal's people.

Part of `events.py`. A key is named by the row it has here; the credential's own id stands in no event.
"""

from poreka.audit.events import Event

# Passkeys at a bank and at a portal


class PasskeyAdded(Event, frozen=True, kw_only=True):
    """Somebody may sign in with one more passkey; `synced`: it is copied to other devices of its owner."""

    passkey: str
    synced: bool


class PasskeyEnded(Event, frozen=True, kw_only=True):
    """A passkey opens nothing any more; `by` is `owner | operator | profile_closed`."""

    passkey: str
    by: str


class PasskeyRejected(Event, frozen=True, kw_only=True):
    """What was brought as a passkey or its signature proves nothing; `purpose` is `add | sign_in`."""

    purpose: str
