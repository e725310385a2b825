"""What the phone app is made of: the back end of push requests, and a provider whose people prove themselves by phone.

Built in `build.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from poreka.provider.system import Bank
from poreka.rules.people.pesel import Pesel
from poreka.store.database import Transaction
from poreka.systems.mobywatel.asker_known import AskerKnown
from poreka.systems.mobywatel.settings import MobywatelSettings
from poreka.systems.mobywatel.store.app_people import AppPeople
from poreka.systems.mobywatel.store.asked_requests import AskedRequests
from poreka.systems.mobywatel.store.cross_sign_ins import CrossSignIns
from poreka.systems.mobywatel.store.devices import Devices
from poreka.systems.mobywatel.store.enrolments import Enrolments
from poreka.web.system import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Mobywatel(Bank):
    """The phone app: the back end of push requests, and a provider whose people prove themselves by phone."""

    settings: MobywatelSettings
    people: AppPeople
    devices: Devices
    enrolments: Enrolments
    cross_sign_ins: CrossSignIns
    asked: AskedRequests
    askers: Mapping[str, AskerKnown]
    push_key: str  # the public half of the key by which push services know us (RFC 8292)

    async def person_named(self, name: str) -> str | None:
        """As at any system whose people have no names: `SearchNotOffered`."""
        return await System.person_named(self, name)

    async def person_of_pesel(self, pesel: Pesel) -> str | None:
        """By the PESEL that the phone's app was given."""
        person = await self.people.of_pesel(pesel)
        return person.id if person else None

    async def end_parked(self, transaction: Transaction, person_id: str) -> None:
        """Refuse a sign-in elsewhere that the person approved, and that is not over there yet."""
        await self.cross_sign_ins.refuse_approved(transaction, person_id)
