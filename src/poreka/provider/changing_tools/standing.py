"""A change of tool as every page of it begins: `load` reads the stored journey and the operation it waits for.

`load` raises `StalePage` in a browser or a session that the journey does not belong to. What the state means is
decided by `provider/rules/tool_change.py`; the pages are `change.py` and `answers.py`.
"""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request

from poreka.provider.authorising.customer_tools import CustomerTools, tools_of
from poreka.provider.authorising.operation_now import has_lapsed, push_of, still_counts
from poreka.provider.authorising.operations_under_way import Asking
from poreka.provider.authorising.push_page import PushView, push_view
from poreka.provider.changing_tools.listing import TOOLS_PATH, customer_of
from poreka.provider.passkeys.adding import PASSKEYS_PATH
from poreka.provider.rules.tool_change import (
    ChangeEnded,
    ToolChange,
    open_operation_id,
    stands_at,
    tool_asked,
    with_operation,
)
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.rules.authorising.push_request import PushRequest
from poreka.rules.authorising.tools import Tool
from poreka.rules.limits.code_allowance import Pot
from poreka.store.database import Transaction
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.store.operations import OwnedOperation
from poreka.store.sessions import Session
from poreka.web.failures import StalePage

KIND = "tool_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolChangeStanding:
    """Everything a step of a change needs to know; `operation` and `push` are those of the step it stands at."""

    journey: Journey
    change: ToolChange
    customer: Customer
    tools: CustomerTools
    operation: OwnedOperation | None
    push: PushRequest | None
    lapsed: bool = False  # the time of the last code is over: `operation` is None, and another may be issued

    @property
    def path(self) -> str:
        """The address of the change's page."""
        return f"{TOOLS_PATH}/change/{self.journey.id}"

    @property
    def leads_back(self) -> str:
        """The page that the change began on: the passkeys, or the tools."""
        return PASSKEYS_PATH if self.change.permits else TOOLS_PATH


async def load(request: Request, bank: Bank, session: Session) -> ToolChangeStanding:
    """The change that the address names, in this browser and of this customer; raises `StalePage`."""
    browser, now = bank.cookies.secret(request, "browser"), bank.clock()
    if browser is None:
        raise StalePage("no_cookies", 400)
    journey = await bank.journeys.load(request.path_params["journey"], secret_hash(browser), now)
    if journey is None or journey.kind != KIND:
        raise StalePage
    change = msgspec.json.decode(journey.state, type=ToolChange)
    if change.person_id != session.person_id:
        raise StalePage
    operation_id = open_operation_id(change)
    operation = await bank.operations.load(operation_id) if operation_id else None
    lapsed = has_lapsed(operation, now)
    operation = None if lapsed else operation
    push = await push_of(bank, operation)
    # An operation that lapsed, or whose push request came to nothing, leaves the change open for another operation.
    state = operation.operation.state if operation and still_counts(operation, push, now) else None
    if change.changed_at is None:
        change = with_operation(change, operation_id, state)
    return ToolChangeStanding(
        journey=journey,
        change=change,
        customer=await customer_of(bank, session),
        tools=await tools_of(bank, change.person_id),
        operation=operation,
        push=push,
        lapsed=lapsed,
    )


async def view_of(bank: Bank, standing: ToolChangeStanding) -> PushView:
    """How the push request of the step stands, in the words of the page."""
    operation = standing.operation.operation if standing.operation else None
    delivery = await bank.outbox.status_of(f"operation:{operation.id}:0") if operation else None
    return push_view(bank.keys.codes, operation, standing.push, standing.tools.opening, delivery, bank.clock())


def asking(bank: Bank, standing: ToolChangeStanding) -> Asking:
    """For whom and for what the step's operation is issued; `purpose` is in Polish, as the message to the phone is."""
    change, texts = standing.change, bank.texts["pl"]
    act = change.act
    step = "confirm" if act in ("change", "add") and tool_asked(change) is change.new else act
    return Asking(
        customer=standing.customer,
        journey_id=standing.journey.id,
        purpose=texts(f"tools.purpose.{step}", tool=texts(f"tools.short.{change.new.value}")),
        service=bank.settings.system.name,
        pot=Pot.OWN,
    )


def is_open(standing: ToolChangeStanding, now: int) -> bool:
    """Whether the change has not ended, so that an answer may still come."""
    return not isinstance(stands_at(standing.change, now), ChangeEnded)


async def save(transaction: Transaction, bank: Bank, standing: ToolChangeStanding, change: ToolChange) -> None:
    """Store the new state; raises `Stale` where another request changed the journey since `load`."""
    await bank.journeys.save(transaction, standing.journey, msgspec.json.encode(change))


def asked_tool(standing: ToolChangeStanding) -> Tool:
    """The tool whose answer the step waits for."""
    return tool_asked(standing.change)
