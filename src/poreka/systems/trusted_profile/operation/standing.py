"""An owner's own operation as every page of it begins: `load` reads the stored wish, its owner and its operation.

`load` raises `StalePage` unless the session is that of the owner. A recovery and a link (`OF_NOBODY`) are the other way
round: they exist without a session only. What may be wished for is `wanted.py`. Read next: `pages.py`.
"""

from dataclasses import dataclass, replace

import msgspec
from starlette.requests import Request

from poreka.provider.authorising.customer_tools import CustomerTools, tools_of, tools_of_choice
from poreka.provider.authorising.operation_now import has_lapsed, push_of
from poreka.provider.store.customer_directory import Customer
from poreka.rules.authorising.operation import OperationState, as_of
from poreka.rules.authorising.push_request import PushRequest
from poreka.rules.authorising.tools import Tool
from poreka.store.journeys import Journey
from poreka.store.operations import OwnedOperation
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.operation.wanted import KIND, OF_NOBODY, OwnOperation, address_of
from poreka.systems.trusted_profile.rules.profile import is_valid
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.failures import StalePage
from poreka.web.own_journey import own_journey


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOperationStanding:
    """Everything a step needs to know; `usable` are the tools that may answer; `operation` may be None yet."""

    journey: Journey
    wanted: OwnOperation
    session: Session | None
    owned: OwnedProfile
    customer: Customer
    tools: CustomerTools
    usable: tuple[Tool, ...]
    operation: OwnedOperation | None
    push: PushRequest | None
    lapsed: bool = False  # the time of the last code is over: `operation` is None, and another may be issued

    @property
    def address(self) -> str:
        """The page that asks for the answer."""
        return address_of(self.wanted.deed, self.journey.id)

    @property
    def tool(self) -> Tool:
        """The tool that the operation is authorised with, or would be if it were issued now."""
        if self.operation:
            return self.operation.operation.tool
        return self.usable[0] if self.usable else self.tools.current

    @property
    def open(self) -> bool:
        """Whether the wish still waits for an answer: not done, not cancelled, and its operation has not ended."""
        if self.wanted.done or self.wanted.cancelled:
            return False
        return self.operation is None or self.operation.operation.state is OperationState.ISSUED


async def load(request: Request, pz: TrustedProfileSystem, session: Session | None) -> OwnOperationStanding:
    """The own operation that the address names, in this browser and of this person; raises `StalePage`.

    Without a session only a recovery or a link is found, in the browser that proved the mailbox or the bank's word.
    """
    return await standing_of(pz, await own_journey(request, pz, KIND), session)


async def standing_of(pz: TrustedProfileSystem, journey: Journey, session: Session | None) -> OwnOperationStanding:
    """As `load`, for a journey that was read before; raises `StalePage` also where the profile is valid no more."""
    now = pz.clock()
    wanted = msgspec.json.decode(journey.state, type=OwnOperation)
    if (wanted.deed in OF_NOBODY) != (session is None) or (session and wanted.person_id != session.person_id):
        raise StalePage
    owned = await pz.profiles.load(wanted.person_id)
    customer = await pz.customers.by_id(wanted.person_id)
    if owned is None or customer is None:
        raise StalePage
    if not is_valid(owned.profile, now):
        raise StalePage
    operation, tools = await _operation(pz, wanted, now), await tools_of(pz, customer.id)
    lapsed = has_lapsed(operation, now)
    operation = None if lapsed else operation
    return OwnOperationStanding(
        journey=journey,
        wanted=wanted,
        session=session,
        owned=owned,
        customer=customer,
        tools=tools,
        usable=tools_of_choice(pz, customer, tools),
        operation=operation,
        push=await push_of(pz, operation),
        lapsed=lapsed,
    )


async def _operation(pz: TrustedProfileSystem, wanted: OwnOperation, now: int) -> OwnedOperation | None:
    stored = await pz.operations.load(wanted.operation_id) if wanted.operation_id else None
    return replace(stored, operation=as_of(stored.operation, now)) if stored else None
