"""POST /settings/security/tools/change/{journey}/new-code: another code by SMS for the step of a change (P3).

The rules are those of every operation: the old code dies at once, half a minute between two, three at most, and the
operator of the phone is asked about the SIM card each time.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import CodeSentAgain
from poreka.codes.answer import LIMITS
from poreka.codes.message_state import is_lost
from poreka.provider.authorising.operations_under_way import code_message
from poreka.provider.authorising.sms_leave import leave_for_sms
from poreka.provider.changing_tools.change import ask, end_withheld, show_standing
from poreka.provider.changing_tools.standing import ToolChangeStanding, is_open, load
from poreka.provider.system import Bank
from poreka.rules.authorising.operation import Expired, NewCode, NoMoreResends, NotOpen, Operation, TooSoon, resend
from poreka.rules.authorising.operation_code import Code, code_from, code_hash
from poreka.store.database import Stale
from poreka.store.sessions import Session
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect


async def send_again(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/tools/change/{journey}/new-code."""
    await read_form(request, bank, "code")
    standing = await load(request, bank, session)
    if is_open(standing, bank.clock()) and standing.lapsed:
        await ask(bank, standing)
    if not is_open(standing, bank.clock()) or standing.operation is None:
        return redirect(request, bank, standing.path)
    before = standing.operation.operation
    code = code_from(int(bank.fresh.digits(6)))
    lost = await is_lost(bank.outbox, before, bank.clock())
    match resend(before, code_hash(bank.keys.codes, before.id, code), bank.clock(), LIMITS, lost=lost):
        case NewCode(after):
            await _send(bank, standing, before, after, code)
        case TooSoon(seconds):
            return await show_standing(request, bank, session, standing, status=429, code_wait=seconds)
        case NoMoreResends() | Expired() | NotOpen():
            pass  # the page says so, or how it ended
    return redirect(request, bank, standing.path)


async def _send(bank: Bank, standing: ToolChangeStanding, before: Operation, after: Operation, code: Code) -> None:
    leave = await leave_for_sms(bank, standing.customer, before.tool, standing.journey.id)
    try:
        async with bank.audit.transaction() as (transaction, record):
            if leave.withheld is not None:
                await end_withheld(transaction, record, bank, standing, leave)
                return
            await bank.operations.save(transaction, before, after)
            await transaction.insert(code_message(bank, standing.customer, after, code))
            await leave.note(record)
            await record(CodeSentAgain(person_id=standing.customer.id, operation_id=after.id))
    except Stale:
        return  # another tab was quicker
    bank.wake_delivery()
