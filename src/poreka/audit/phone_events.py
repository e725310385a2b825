"""What the audit log can say about a person's phones that approve; part of the catalogue in `events.py`.

The app's back end records them, and so does the provider that enrols phones there.
"""

from poreka.audit.events import Event

# Phones that approve: at the app's back end, and at the provider that enrols them


class DeviceEnrolled(Event, frozen=True, kw_only=True):
    """A phone may approve from now on: the number it showed was typed by whoever was signed in (T4)."""

    device_id: str


class DeviceRemoved(Event, frozen=True, kw_only=True):
    """A phone approves nothing any more; `by` is `app | provider`: where its owner said so."""

    device_id: str
    by: str
