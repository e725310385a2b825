"""The phone behind a session of the app, and its end: key, sessions and push subscription go together.

A session of the app belongs to one phone (`Details.device`); a removed phone's session opens nothing, even in the
moment before its row is gone. Sessions elsewhere that a phone approved (`Details.through`) end with it, too.
"""

from dataclasses import dataclass

from starlette.requests import Request

from poreka.audit.phone_events import DeviceRemoved
from poreka.audit.record import Recorder
from poreka.provider.client_sessions import end_session
from poreka.store.database import Transaction
from poreka.store.sessions import Session
from poreka.systems.mobywatel.store.devices import Device
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.challenges import claim_challenge, taken_challenge
from poreka.web.passkeys import PasskeyRefused, check_use, key_used
from poreka.web.sessions import details_of


async def phone_of(app: Mobywatel, session: Session) -> Device | None:
    """The session's phone; None once it was removed."""
    device = await app.devices.load(details_of(session).device)
    return device if device is not None and device.removed_at is None else None


@dataclass(frozen=True, slots=True)
class ToSign:
    """What a signature of the phone's key is for, and the words that its page shows."""

    purpose: str
    words: str


async def check_key(
    request: Request, app: Mobywatel, phone: Device, asked: ToSign, number: str, token: str, credential: str
) -> None:
    """This phone's key signed this number for this purpose, under these words, for the first time.

    Raises `PasskeyRefused`, `AlreadyThere` or `Stale` where not; in any of these cases it opens nothing.
    """
    bound = taken_challenge(request, app, asked.purpose, token, asked.words)
    if phone.key is None or key_used(credential) != phone.key_id:
        raise PasskeyRefused("another phone's key")
    uses = check_use(credential, bound.challenge(number), app.origin, phone.key, phone.uses)
    async with app.database.transaction() as transaction:
        await transaction.insert(claim_challenge(bound))
        await app.devices.use(transaction, phone, uses, app.clock())


async def remove_phone(app: Mobywatel, transaction: Transaction, record: Recorder, device: Device, *, by: str) -> bool:
    """From now on the phone proves nothing, and what it had open is closed; False when that was so before."""
    if not await app.devices.remove(transaction, device.id, app.clock()):
        return False
    for session in await app.sessions.of_person(device.person_id, transaction):
        if device.id in (details_of(session).device, details_of(session).through):
            await end_session(app, transaction, record, session, by="person" if by == "app" else "provider")
    await record(DeviceRemoved(person_id=device.person_id, device_id=device.id, by=by))
    return True
