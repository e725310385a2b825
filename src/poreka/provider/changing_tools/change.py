"""Pages on which a customer makes another tool the current one: begin, show, ask again, cancel (P3, P5).

POST /settings/security/tools/change                        begin, with the tool that shall be the current one
GET  /settings/security/tools/change/{journey}              the step it stands at
POST /settings/security/tools/change/{journey}/operation    ask once more: another operation
POST /settings/security/tools/change/{journey}/cancel       leave everything as it was

`answers.py` takes the answers. A new passkey, the app that is connected and a loss that is undone go through the same
pages: they call `begin_change` with a `ToolChange` of another `act`.
"""

from contextlib import suppress
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.record import Recorder
from poreka.codes.answer import LIMITS
from poreka.codes.code_times import code_times
from poreka.codes.message_state import message_now
from poreka.provider.authorising.customer_tools import CustomerTools, readiness_of, tools_of, tools_offered
from poreka.provider.authorising.operations_under_way import (
    PushNotNow,
    begins_again,
    cancel_operation,
    issue_operation,
)
from poreka.provider.authorising.sms_leave import SmsLeave, leave_for_sms
from poreka.provider.changing_tools.listing import TOOLS, TOOLS_PATH, customer_of
from poreka.provider.changing_tools.standing import (
    KIND,
    ToolChangeStanding,
    asked_tool,
    asking,
    is_open,
    load,
    save,
    view_of,
)
from poreka.provider.pages.frame import show_inside
from poreka.provider.passkeys.adding import PASSKEYS_PATH
from poreka.provider.rules.tool_change import ChangeEnded, ToolChange, may_change, stands_at, with_operation
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.rules.authorising.operation import OperationState
from poreka.rules.authorising.operation_message import sms_date
from poreka.rules.authorising.tools import Readiness, Tool
from poreka.rules.limits.code_allowance import Pot
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.database import Stale, Transaction
from poreka.store.sessions import Session
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import FormErrors
from poreka.web.own_journey import begin_journey

JOURNEY_SECONDS = 30 * 60


async def begin(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/tools/change."""
    fields = await read_form(request, bank, "tool")
    customer = await customer_of(bank, session)
    tools = await tools_of(bank, customer.id)
    new = next((tool for tool in tools_offered(bank) if tool.value == fields["tool"]), None)
    old = readiness_of(bank, customer, tools, tools.current)
    if new is None or new is tools.current or not may_change(old, readiness_of(bank, customer, tools, new)):
        return redirect(request, bank, TOOLS_PATH)
    change = ToolChange(
        person_id=customer.id,
        old=tools.current if old is Readiness.READY else None,
        new=new,
        expires_at=bank.clock() + JOURNEY_SECONDS,
    )
    return await begin_change(request, bank, customer, tools, change)


async def begin_change(
    request: Request, bank: Bank, customer: Customer, tools: CustomerTools, change: ToolChange
) -> Response:
    """Store the change as a journey of this browser, issue its first operation, and redirect to its page."""
    until = bank.clock() + 2 * JOURNEY_SECONDS  # an ended one still says how it ended
    journey = begin_journey(request, bank, KIND, change, until)
    await bank.database.insert(bank.journeys.adding(journey))
    standing = ToolChangeStanding(
        journey=journey, change=change, customer=customer, tools=tools, operation=None, push=None
    )
    await ask(bank, standing)
    return redirect(request, bank, standing.path)


async def show_change(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/tools/change/{journey}."""
    return await show_standing(request, bank, session, await load(request, bank, session))


async def ask_again(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/tools/change/{journey}/operation: the app was asked in vain, or a code's time is over."""
    await read_form(request, bank, "tool")
    standing = await load(request, bank, session)
    if is_open(standing, bank.clock()) and (standing.operation is None or standing.push is not None):
        view = await view_of(bank, standing)
        if standing.operation is None or view.over:
            await ask(bank, standing)
    return redirect(request, bank, standing.path)


async def cancel(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/tools/change/{journey}/cancel."""
    await read_form(request, bank, "code", "tool")
    standing = await load(request, bank, session)
    if is_open(standing, bank.clock()):
        with suppress(Stale):
            async with bank.audit.transaction() as (transaction, _):
                await cancel_operation(transaction, bank, standing.operation)
                await save(transaction, bank, standing, msgspec.structs.replace(standing.change, cancelled=True))
    return redirect(request, bank, standing.leads_back)


async def ask(bank: Bank, standing: ToolChangeStanding) -> None:
    """Issue the operation of the step and send its code or push request; where none can be issued, the page says why.

    `Stale` (another tab was quicker) and `PushNotNow` (the app may not be asked yet) leave everything as it was.
    """
    tool = asked_tool(standing)
    leave = await leave_for_sms(bank, standing.customer, tool, standing.journey.id)
    with suppress(Stale, PushNotNow):
        async with bank.audit.transaction() as (transaction, record):
            await cancel_operation(transaction, bank, standing.operation)
            if leave.withheld is not None:
                await end_withheld(transaction, record, bank, standing, leave)
                return
            operation = await issue_operation(
                transaction, record, bank, asking(bank, standing), tool, leave, undo=standing.change.undo
            )
            change = with_operation(standing.change, operation.id, OperationState.ISSUED)
            await save(transaction, bank, standing, change)
    bank.wake_delivery()


async def end_withheld(
    transaction: Transaction, record: Recorder, bank: Bank, standing: ToolChangeStanding, leave: SmsLeave
) -> None:
    """End the change without sending a code: the operator says the SIM card is new, or does not say (P10)."""
    await leave.note(record)
    await save(transaction, bank, standing, msgspec.structs.replace(standing.change, withheld=leave.withheld))


async def again(request: Request, bank: Bank, session: Session, standing: ToolChangeStanding, text: str) -> Response:
    """Show the step's page again with `text`, which says what was wrong with the code (422)."""
    return await show_standing(request, bank, session, standing, errors=FormErrors({"code": text}))


async def show_standing(
    request: Request,
    bank: Bank,
    session: Session,
    standing: ToolChangeStanding,
    *,
    status: int | None = None,
    **faults: Any,
) -> Response:
    """The page of the step a change stands at; `faults` is what was wrong with what was sent."""
    change, stands = standing.change, stands_at(standing.change, bank.clock())
    if stands is ChangeEnded.CHANGED:
        return redirect(request, bank, _done(change))
    if isinstance(stands, ChangeEnded):
        name, data = "ended", dict[str, Any](ended=stands.value)
    elif asked_tool(standing) is Tool.PUSH:
        name, data = "push", {"push": await view_of(bank, standing)}
    else:
        name, data = "code", await _code_asked(bank, standing)
    if standing.operation is None and not isinstance(stands, ChangeEnded):
        data["errors"], status = await _no_more_today(request, bank, standing), status or 200
    operation = standing.operation.operation if standing.operation else None
    page: dict[str, Any] = {
        "address": standing.path,
        "new": change.new.value,
        "act": change.act,
        "leads_back": standing.leads_back,
        "tool": asked_tool(standing).value,
        "step": 2 if change.old and asked_tool(standing) is change.new else 1,
        "steps": 2 if change.old else 1,
        "operation_number": operation.number if operation else None,
        "operation_date": sms_date(operation.date) if operation else None,
        "operation_purpose": operation.purpose if operation else None,
        "looked": False,
        "lapsed": standing.lapsed,
        **code_times(operation, bank.clock()),
        **data,
        **faults,
    }
    template = f"provider/changing_tools/{name}.html"
    return await show_inside(request, bank, session, template, way=TOOLS, status=status, **page)


def _done(change: ToolChange) -> str:
    """Where the browser goes after a change that is done: the new passkey, or the list, which says what was done."""
    if change.permits:
        return f"{PASSKEYS_PATH}/new/{change.permits}"
    done = {"undo": "undone", "add": "added"}.get(change.act, "changed")
    return f"{TOOLS_PATH}?{done}={change.new.value}"


async def _no_more_today(request: Request, bank: Bank, standing: ToolChangeStanding) -> FormErrors:
    """The error that says from when codes are sent again, if today's are used up (`rules/limits/code_allowance.py`)."""
    until = await begins_again(bank, standing.customer.id, Pot.OWN)
    text = texts_of(request, bank)("tools.too_many", again=warsaw_moment(until)) if until else ""
    return FormErrors({"": text} if text else {})


async def _code_asked(bank: Bank, standing: ToolChangeStanding) -> dict[str, Any]:
    """What the page says about the code: which phone gets the message and how it fares, or which card and number."""
    card, phone = None, standing.customer.phone or ""
    if standing.operation and (question := standing.operation.operation.card):
        serial = next((owned.serial for owned in standing.tools.cards if owned.id == question.card_id), "")
        card = {"serial": f"{serial[:4]} {serial[4:]}", "number": question.number}
    if standing.operation is None:
        return {"card": card, "phone_end": phone[-3:], "resends_left": LIMITS.resends, "message": None}
    operation, message = await message_now(bank.operations, bank.outbox, standing.operation.operation, bank.clock())
    left = LIMITS.resends - operation.resends
    times = code_times(operation, bank.clock())
    return {"card": card, "phone_end": phone[-3:], "resends_left": left, "message": message, **times}
