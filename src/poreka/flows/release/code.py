"""The code of a release: tried, sent again; and what the right one makes true (P3, P4).

A wrong code is counted before anyone is told that it was wrong. The right one authorises the
operation, puts the consent in force and strengthens the session, all in one transaction. The rules
are `rules/operation.py`; how many codes a day, `rules/code_allowance.py`.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import CodeRefused, CodeSentAgain, ConsentGiven, OperationAuthorised, ReleaseEnded
from poreka.audit.record import Recorder
from poreka.flows.release.operation import (
    LIMITS,
    cancel_operation,
    check_allowance,
    code_message,
    save_state,
    use_card,
)
from poreka.flows.release.pages import show_standing, stands_at_step, to_page
from poreka.flows.release.sim_swap import Word, operator_word, stopped
from poreka.flows.release.standing import Standing, load
from poreka.journeys.release import OPERATION_ENDS
from poreka.rules.consent import Consent
from poreka.rules.consent_text import text_hash
from poreka.rules.levels import level_reached
from poreka.rules.operation import (
    Aborted,
    Authorised,
    Expired,
    NewCode,
    NoMoreResends,
    NotOpen,
    Operation,
    OperationState,
    TooSoon,
    WrongCode,
    resend,
)
from poreka.rules.operation import try_code as try_operation_code
from poreka.rules.operation_code import Code, CodeFault, code_from, code_hash, read_code
from poreka.store.consents import ConsentRecord
from poreka.store.database import AlreadyThere, Stale, Transaction
from poreka.store.operations import OwnedOperation
from poreka.web.frame import read_form, texts_of
from poreka.web.sessions import set_session_cookie, step_up
from poreka.web.systems import Bank


async def try_code(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/code (P4)."""
    fields = await read_form(request, bank, "code")
    standing = await load(request, bank)
    if not stands_at_step(standing, bank, "operation_authorised") or standing.operation is None:
        return to_page(request, bank, standing)
    texts, operation = texts_of(request, bank), standing.operation.operation
    code = read_code(fields["code"])
    if isinstance(code, CodeFault):
        key = "release.code.card_six_digits" if operation.card else "release.code.six_digits"
        return await _code_again(request, bank, standing, texts(key))

    tried = try_operation_code(operation, code_hash(bank.keys.codes, operation.id, code), bank.clock(), LIMITS)

    match tried:
        case Authorised(after):
            return await _authorise(request, bank, standing, after)
        case WrongCode(after, left):
            if await _count_wrong(bank, standing, after):
                standing = await load(request, bank)
                return await _code_again(request, bank, standing, texts.plural("release.code.wrong", left))
        case Aborted(after) | Expired(after):
            await _count_wrong(bank, standing, after)
        case NotOpen():
            pass  # the page shows how it ended
    return to_page(request, bank, standing)


async def send_again(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/new-code: the old code dies at once (P3)."""
    await read_form(request, bank, "code")
    standing = await load(request, bank)
    if not stands_at_step(standing, bank, "operation_authorised") or standing.operation is None:
        return to_page(request, bank, standing)
    texts, before = texts_of(request, bank), standing.operation.operation
    code = code_from(int(bank.fresh.digits(6)))

    again = resend(before, code_hash(bank.keys.codes, before.id, code), bank.clock(), LIMITS)

    match again:
        case NewCode(after):
            word = await operator_word(bank, standing, before.tool)
            await _save_new_code(bank, standing, after, code, word)
        case TooSoon(seconds):
            return await _code_again(request, bank, standing, texts.plural("release.code.too_soon", seconds))
        case NoMoreResends():
            return await _code_again(request, bank, standing, texts("release.code.no_more"))
        case Expired() | NotOpen():
            pass  # the page shows how it ended
    return to_page(request, bank, standing)


async def _code_again(request: Request, bank: Bank, standing: Standing, text: str) -> Response:
    return await show_standing(request, bank, standing, status=422, errors=[{"text": text, "href": "#code"}])


async def _authorise(request: Request, bank: Bank, standing: Standing, after: Operation) -> Response:
    """The right code: the operation, the consent and the stronger session become true together."""
    person, cookie = standing.signed_in(), bank.cookies.secret(request, "session") or ""
    before = standing.release.state
    try:
        async with bank.audit.transaction() as (transaction, record):
            await check_allowance(transaction, bank, person.customer.id)
            await bank.operations.save(transaction, _operation(standing).operation, after)
            if after.card is not None:
                await use_card(transaction, record, bank, person.customer, after.card)
            await record(OperationAuthorised(person_id=person.customer.id, operation_id=after.id))
            if before.consented:
                await _give(transaction, record, bank, standing, after)
            fresh = await step_up(bank, transaction, person.session, cookie, after.tool.factor)
            state = msgspec.structs.replace(before, operation=OperationState.AUTHORISED)
            await save_state(transaction, bank, standing, state)
    except (Stale, AlreadyThere):
        return to_page(request, bank, standing)
    return set_session_cookie(to_page(request, bank, standing), bank, fresh)


async def _give(
    transaction: Transaction, record: Recorder, bank: Bank, standing: Standing, operation: Operation
) -> None:
    person = standing.signed_in()
    level, state = level_reached((*person.session.factors, operation.tool.factor)), standing.release.state
    text = text_hash(standing.text)  # the one that was agreed to: `standing` sees to it
    consent = Consent(
        service=standing.client.client_id,
        text_version=standing.text.version,
        text_hash=text,
        language=state.language,
        facts=standing.facts,
        given_at=bank.clock(),
        operation_id=operation.id,
        level=level or state.wanted,
    )
    given = ConsentRecord(id=bank.fresh.id(), person_id=person.customer.id, consent=consent)
    await bank.consents.give(transaction, given)
    await record(
        ConsentGiven(
            person_id=person.customer.id,
            consent_id=given.id,
            client_id=consent.service,
            text_version=consent.text_version,
            text_hash=text,
            facts=tuple(fact.value for fact in consent.facts),
            operation_id=operation.id,
        )
    )


async def _count_wrong(bank: Bank, standing: Standing, after: Operation) -> bool:
    """Write a wrong or late code down before anyone is told; False when another try was counted meanwhile."""
    before = _operation(standing).operation
    event = CodeRefused(person_id=standing.signed_in().customer.id, operation_id=after.id, attempt=after.attempts)
    try:
        async with bank.audit.transaction() as (transaction, record):
            await check_allowance(transaction, bank, standing.signed_in().customer.id)
            await bank.operations.save(transaction, before, after)
            await record(event)
            if after.state in OPERATION_ENDS:
                outcome = OPERATION_ENDS[after.state].value
                await record(
                    ReleaseEnded(person_id=event.person_id, client_id=standing.client.client_id, outcome=outcome)
                )
    except Stale:
        return False
    return True


async def _save_new_code(bank: Bank, standing: Standing, after: Operation, code: Code, word: Word) -> None:
    """The new code and its message; or the end of the operation, when the SIM card was replaced meanwhile (P10)."""
    try:
        async with bank.audit.transaction() as (transaction, record):
            if word.event is not None:
                await record(word.event)
            if word.withheld is not None:
                await cancel_operation(transaction, bank, standing)
                await save_state(transaction, bank, standing, stopped(standing.release.state, word.withheld))
                return
            await bank.operations.save(transaction, _operation(standing).operation, after)
            await transaction.insert(code_message(bank, standing, after, code))
            await record(CodeSentAgain(person_id=standing.signed_in().customer.id, operation_id=after.id))
    except Stale:
        return
    bank.wake_delivery()


def _operation(standing: Standing) -> OwnedOperation:
    if standing.operation is None:
        raise LookupError("a code without its operation")
    return standing.operation
