"""A registration under way, as the store keeps it: the state, and what was typed, sealed.

The password is hashed before anything is stored; what was typed is forgotten when the registration ends.
"""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request

from poreka.oidc.relying_party.discreet import Discreet
from poreka.rules.authorising.operation import Operation, as_of
from poreka.rules.people.person import PersonFacts
from poreka.store.journeys import Journey
from poreka.systems.portal.rules.registration import RegistrationState
from poreka.systems.portal.rules.terms import Acceptance
from poreka.systems.portal.settings import PortalTable
from poreka.systems.portal.system import Portal
from poreka.web.own_journey import own_journey

KIND = "registration"
LIFE = 30 * 60


class Typed(Discreet, frozen=True, kw_only=True):
    """What was typed, checked."""

    facts: PersonFacts
    phone: str | None
    email: str
    password_hash: str
    accepted: Acceptance


class RegistrationRecord(Discreet, frozen=True, kw_only=True):
    """One registration; `login` is the one the profile gets; `refused`: it could not be completed."""

    state: RegistrationState
    login: str
    typed: Typed | None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Registering:
    """A registration as it was read, its state brought up to date from the operation."""

    journey: Journey
    record: RegistrationRecord
    operation: Operation | None

    @property
    def address(self) -> str:
        """The page that shows the step it stands at."""
        return f"/register/{self.journey.id}"


async def load(request: Request, system: Portal, journey_id: str) -> Registering:
    """The registration with this id in this browser; raises `StalePage`."""
    journey, now = await own_journey(request, system, KIND, journey_id), system.clock()
    record = msgspec.json.decode(journey.state, type=RegistrationRecord)
    owned = await system.operations.load(record.state.operation_id) if record.state.operation_id else None
    operation = as_of(owned.operation, now) if owned else None
    state = msgspec.structs.replace(record.state, operation=operation.state if operation else None)
    return Registering(journey, msgspec.structs.replace(record, state=state), operation)


def about(system: Portal) -> PortalTable:
    """The portal's own settings: the regulations in force among them."""
    return system.settings.portal
