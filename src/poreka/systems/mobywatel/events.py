"""What the audit log of the app's back end can say; the phones themselves are `audit/phone_events.py`.

Part of the catalogue in `audit/events.py`, by its rules. No event holds a code, a number, a key or an assertion.
"""

from poreka.audit.events import Event

# At the app's back end


class EnrolmentOffered(Event, frozen=True, kw_only=True):
    """A provider asked for the enrolment of a phone (T4)."""

    enrolment_id: str
    asker: str


class EnrolmentEnded(Event, frozen=True, kw_only=True):
    """An enrolment ended without a phone; `outcome` is `refused | cancelled`: refused is a wrong number."""

    enrolment_id: str
    outcome: str


class RequestTaken(Event, frozen=True, kw_only=True):
    """A provider's push request is shown in the app (T5)."""

    request_id: str
    asker: str


class RequestAnswered(Event, frozen=True, kw_only=True):
    """A phone answered a push request; `said` is `approve | refuse`, `state` what the provider made of it (T5)."""

    request_id: str
    device_id: str
    said: str
    state: str


class KeyRefused(Event, frozen=True, kw_only=True):
    """What a phone brought as its key's signature proves nothing; `purpose` is `enrol | sign_in | approve | across`."""

    purpose: str


class CrossDeviceAnswered(Event, frozen=True, kw_only=True):
    """A phone answered a sign-in on another device (K1); `state` is `approved | refused`."""

    client_id: str
    device_id: str
    state: str
