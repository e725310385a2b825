"""A profile in the making as it stands: what is stored, brought up to date from its two operations.

Nothing is decided here. Read next: `pages.py`.
"""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request

from poreka.codes.message_state import MessageState, message_now
from poreka.rules.anothers_word import word_holds
from poreka.rules.authorising.operation import Operation, as_of
from poreka.store.journeys import Journey
from poreka.systems.trusted_profile.rules.creation import CreationEnded, stands_at
from poreka.systems.trusted_profile.rules.creation_record import KIND, CreationRecord, read
from poreka.systems.trusted_profile.settings import TrustedProfileTable
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.own_journey import own_journey


@dataclass(frozen=True, slots=True)
class Making:
    """A profile in the making as it was read; `operation`: the code of its step; `message`: how that fares."""

    journey: Journey
    record: CreationRecord
    stands: str
    operation: Operation | None
    message: MessageState | None = None

    @property
    def address(self) -> str:
        """The page that shows the step it stands at."""
        return f"/new/{self.journey.id}"


async def load(request: Request, pz: TrustedProfileSystem) -> Making:
    """The one that the address names, in this browser; raises `StalePage`."""
    now, journey = pz.clock(), await own_journey(request, pz, KIND)
    record = read(journey.state)
    phone = await _operation(pz, record.state.phone_operation_id, now)
    email = await _operation(pz, record.state.email_operation_id, now)
    state = msgspec.structs.replace(
        record.state,
        phone=phone.state if phone else None,
        email=email.state if email else None,
        word_holds=record.vouched is None or word_holds(record.vouched.told_at, now),
    )
    stands = stands_at(state, now)
    name = stands.value if isinstance(stands, CreationEnded) else stands.name
    record = msgspec.structs.replace(record, state=state)
    if (operation := {"phone": phone, "email": email}.get(name)) is None:
        return Making(journey, record, name, None)
    return Making(journey, record, name, *await message_now(pz.operations, pz.outbox, operation, now))


def about(pz: TrustedProfileSystem) -> TrustedProfileTable:
    """The system's own table of the settings, as its file says."""
    return pz.settings.trusted_profile


async def _operation(pz: TrustedProfileSystem, operation_id: str | None, now: int) -> Operation | None:
    owned = await pz.operations.load(operation_id) if operation_id else None
    return as_of(owned.operation, now) if owned else None
