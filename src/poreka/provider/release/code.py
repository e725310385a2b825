"""The code of a release: tried, and sent again (P3, P4).

A wrong code is counted before anyone is told that it was wrong. What the right one makes true is
`authorised.py`. The rules are `rules/authorising/operation.py`; how many codes a day, `rules/limits/code_allowance.py`.
"""

from collections.abc import Iterable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import CodeSentAgain, Event, ReleaseEnded
from poreka.codes.answer import LIMITS, Over, Right, Wrong
from poreka.codes.message_state import is_lost
from poreka.provider.authorising.operations_under_way import code_message
from poreka.provider.authorising.sms_leave import leave_for_sms
from poreka.provider.authorising.typed_code import answer_code, wrong_words
from poreka.provider.release.authorised import authorise
from poreka.provider.release.operation import cancel_operation, save_state, withheld
from poreka.provider.release.pages import show_standing, stands_at_step, to_page
from poreka.provider.release.standing import ReleaseStanding, load
from poreka.provider.release.steps import begin_another
from poreka.provider.rules.release import OPERATION_ENDS
from poreka.provider.system import Bank
from poreka.rules.authorising.operation import Expired, NewCode, NoMoreResends, NotOpen, Operation, TooSoon, resend
from poreka.rules.authorising.operation_code import Code, code_from, code_hash
from poreka.store.database import Stale
from poreka.store.operations import OwnedOperation
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.form_errors import FormErrors


async def try_code(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/code (P4)."""
    fields = await read_form(request, bank, "code")
    standing = await load(request, bank)
    if not stands_at_step(standing, bank, "operation_authorised") or standing.operation is None:
        return to_page(request, bank, standing)
    operation, person_id = standing.operation.operation, standing.signed_in().customer.id
    ends = partial(_release_ended, person_id, standing.service.client_id)

    answered = await answer_code(bank, person_id, operation, fields["code"], ends)

    match answered:
        case Right(after):
            return await authorise(request, bank, standing, operation, after)
        case Wrong():
            text = wrong_words(texts_of(request, bank), operation, answered)
            errors = FormErrors({"code": text})
            return await show_standing(request, bank, await load(request, bank), errors=errors)
        case Over():
            return to_page(request, bank, standing)


async def send_again(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/new-code: the old code dies at once (P3); after its time there is another operation."""
    await read_form(request, bank, "code")
    standing = await load(request, bank)
    if stands_at_step(standing, bank, "operation_authorised") and standing.lapsed:
        return await begin_another(request, bank, standing, "")
    if not stands_at_step(standing, bank, "operation_authorised") or standing.operation is None:
        return to_page(request, bank, standing)
    before = standing.operation.operation
    code = code_from(int(bank.fresh.digits(6)))

    lost = await is_lost(bank.outbox, before, bank.clock())

    again = resend(before, code_hash(bank.keys.codes, before.id, code), bank.clock(), LIMITS, lost=lost)

    match again:
        case NewCode(after):
            await _save_new_code(bank, standing, after, code)
        case TooSoon(seconds):
            return await show_standing(request, bank, standing, status=429, code_wait=seconds)
        case NoMoreResends() | Expired() | NotOpen():
            pass  # the page says so, or how it ended
    return to_page(request, bank, standing)


def _release_ended(person_id: str, client_id: str, after: Operation) -> Iterable[Event]:
    """With the last wrong code, or a late one, the release ends."""
    if after.state in OPERATION_ENDS:
        outcome = OPERATION_ENDS[after.state].value
        yield ReleaseEnded(person_id=person_id, client_id=client_id, outcome=outcome)


async def _save_new_code(bank: Bank, standing: ReleaseStanding, after: Operation, code: Code) -> None:
    """The new code and its message; or the end of the operation, when the SIM card was replaced meanwhile (P10)."""
    leave = await leave_for_sms(bank, standing.signed_in().customer, after.tool, standing.journey.id)
    try:
        async with bank.audit.transaction() as (transaction, record):
            await leave.note(record)
            if leave.withheld is not None:
                await cancel_operation(transaction, bank, standing)
                await save_state(transaction, bank, standing, withheld(standing.release.state, leave.withheld))
                return
            await bank.operations.save(transaction, _operation(standing).operation, after)
            await transaction.insert(code_message(bank, standing.signed_in().customer, after, code))
            await record(CodeSentAgain(person_id=standing.signed_in().customer.id, operation_id=after.id))
    except Stale:
        return
    bank.wake_delivery()


def _operation(standing: ReleaseStanding) -> OwnedOperation:
    if standing.operation is None:
        raise LookupError("a code without its operation")
    return standing.operation
