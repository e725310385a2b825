"""The phone behind a session of the app, and its end: key, sessions and push subscription go together.

A session of the app belongs to one phone (`Details.device`); a removed phone's session opens nothing, even in the
moment before its row is gone.
"""

from poreka.audit.app_events import DeviceRemoved
from poreka.audit.record import Recorder
from poreka.store.database import Transaction
from poreka.store.devices import Device
from poreka.store.sessions import Session
from poreka.web.client_sessions import end_session
from poreka.web.sessions import details_of
from poreka.web.systems import Mobywatel


async def phone_of(app: Mobywatel, session: Session) -> Device | None:
    """The session's phone; None once it was removed."""
    device = await app.devices.load(details_of(session).device)
    return device if device is not None and device.removed_at is None else None


async def remove_phone(app: Mobywatel, transaction: Transaction, record: Recorder, device: Device, *, by: str) -> bool:
    """From now on the phone proves nothing, and what it had open is closed; False when that was so before."""
    if not await app.devices.remove(transaction, device.id, app.clock()):
        return False
    for session in await app.sessions.of_person(device.person_id, transaction):
        if details_of(session).device == device.id:
            await end_session(app, transaction, record, session, by="person" if by == "app" else "provider")
    await record(DeviceRemoved(person_id=device.person_id, device_id=device.id, by=by))
    return True
