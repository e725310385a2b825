"""What a phone's coming and going means at the profile: push can be chosen or not, and the owner is told.

With the first phone push becomes available; choosing it is another flow. With the last one it is gone, and codes by
SMS are back; they wait for a day where push was chosen and no phone said so. Whenever a phone goes, the question that
may lie open on it is withdrawn. Each change is one transaction with its event and its notice.
"""

from dataclasses import dataclass

from poreka.audit.phone_events import DeviceEnrolled, DeviceRemoved
from poreka.audit.record import Recorder
from poreka.provider.tool_events import AuthorisationToolAdded, AuthorisationToolBlocked
from poreka.rules.authorising.tools import Held, Tool, added
from poreka.store.database import Transaction
from poreka.systems.trusted_profile.ending import back_to_sms, withdraw_open
from poreka.systems.trusted_profile.notices import notice
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.texts import Texts


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone: the id that both sides know, and the name its owner gave it."""

    id: str
    name: str


async def phone_came(pz: TrustedProfileSystem, texts: Texts, owned: OwnedProfile, phone: Phone) -> None:
    """A phone was enrolled by whoever is signed in with two factors; push can be chosen from now on."""
    async with pz.audit.transaction() as (transaction, record):
        if not await holds_push(pz, owned, transaction):
            held = added(Tool.PUSH, pz.clock(), 0, by_another=True)
            await pz.tools.hold(transaction, owned.id, held)
            event = AuthorisationToolAdded(person_id=owned.id, tool=Tool.PUSH.value, usable_from=held.usable_from)
            await record(event)
        await record(DeviceEnrolled(person_id=owned.id, device_id=phone.id))
        await transaction.insert(notice(pz, texts, owned, "phone_came", name=phone.name))
    pz.wake_delivery()


async def phone_went(
    pz: TrustedProfileSystem,
    texts: Texts,
    owned: OwnedProfile,
    phone: Phone,
    *,
    left: int,
    by: str,
    proven: bool,
) -> None:
    """A phone approves nothing any more; `left`: how many there still are; `proven`: a phone said so itself."""
    async with pz.audit.transaction() as (transaction, record):
        await withdraw_open(pz, transaction, owned)
        if not left:
            await _sms_instead(pz, transaction, record, owned, proven=proven)
            await pz.tools.drop(transaction, owned.id, Tool.PUSH)
        await record(DeviceRemoved(person_id=owned.id, device_id=phone.id, by=by))
        await transaction.insert(notice(pz, texts, owned, "phone_went", name=phone.name))
    pz.wake_delivery()


async def block_push(pz: TrustedProfileSystem, owned: OwnedProfile, *, proven: bool) -> None:
    """The app's back end is away and a phone must go now: nothing that any phone approves counts any more."""
    async with pz.audit.transaction() as (transaction, record):
        await withdraw_open(pz, transaction, owned)
        await _sms_instead(pz, transaction, record, owned, proven=proven)
        await pz.tools.hold(transaction, owned.id, Held(tool=Tool.PUSH, blocked=True))
        await record(AuthorisationToolBlocked(person_id=owned.id, tool=Tool.PUSH.value, by="customer"))


async def _sms_instead(
    pz: TrustedProfileSystem, transaction: Transaction, record: Recorder, owned: OwnedProfile, *, proven: bool
) -> None:
    """Codes by SMS are back. In place of the app that the owner chose they open nothing for a day, unless the app
    itself said so: who has a session and the owner's messages gains nothing by removing the phones."""
    if await pz.tools.current(owned.id, transaction) is Tool.PUSH and not proven:
        hours = pz.settings.vouching.tool_wait_hours
        await pz.tools.hold(transaction, owned.id, added(Tool.SMS, pz.clock(), hours, by_another=False))
    await back_to_sms(pz, transaction, record, owned)


async def holds_push(pz: TrustedProfileSystem, owned: OwnedProfile, within: Transaction | None = None) -> bool:
    """Whether push can be chosen."""
    return any(one.tool is Tool.PUSH and not one.blocked for one in await pz.tools.held(owned.id, within))
