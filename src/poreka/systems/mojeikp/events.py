"""What the audit log can say about devices that are bound to a patient account.

Part of the catalogue in `audit/events.py`. The back end of the account's phone app records them; `person_id` is the
account's id.
"""

from poreka.audit.events import Event

# At the back end of the patient account's app, where `person_id` is the account's id


class DeviceBound(Event, frozen=True, kw_only=True):
    """A device was bound to the account after a sign-in through a provider; `tool` is `passkey | pin` (K3)."""

    device_id: str
    tool: str


class DeviceUnbound(Event, frozen=True, kw_only=True):
    """A bound device opens nothing more; `by` is `owner | account | tries | provider | replaced | gone | copied`."""

    device_id: str
    by: str


class DeviceRefused(Event, frozen=True, kw_only=True):
    """A bound device was not opened: a wrong PIN, or a signature that proves nothing; `left` are the tries left."""

    device_id: str
    tool: str
    left: int
