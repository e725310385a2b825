"""The answers of a change of tool: a code, or the app's approval; and what the last one changes (P3, P5).

POST /settings/security/tools/change/{journey}/code
GET  /settings/security/tools/change/{journey}/push   how the request stands, for the page's script
POST /settings/security/tools/change/{journey}/push   go on with what was approved

The answer of the old tool only leads to the question of the new one. With the answer of the new one the tool, the
notices and the end of everything that waited for another answer are one transaction. None of this strengthens the
session: what was allowed here was a change, and no release of data.
"""

from dataclasses import replace

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.audit.record import Recorder
from poreka.codes.answer import Over, Right, Wrong
from poreka.provider.authorising.operations_under_way import save_authorised
from poreka.provider.authorising.tool_notices import ToolNotices
from poreka.provider.authorising.typed_code import answer_code, wrong_words
from poreka.provider.changing_tools.added_app import hold_app
from poreka.provider.changing_tools.change import again, ask, show_standing
from poreka.provider.changing_tools.standing import ToolChangeStanding, asked_tool, is_open, load, save, view_of
from poreka.provider.passkeys.adding import permitted
from poreka.provider.rules.tool_change import with_operation
from poreka.provider.system import Bank
from poreka.provider.tool_events import AuthorisationToolChosen, AuthorisationToolFound
from poreka.rules.authorising.operation import Authorised, Operation, OperationState, by_push
from poreka.rules.authorising.tools import Readiness, Tool, added, found, may_undo
from poreka.store.database import AlreadyThere, Stale, Transaction
from poreka.store.sessions import Session
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import StalePage


async def try_code(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/tools/change/{journey}/code (P4)."""
    fields = await read_form(request, bank, "code")
    standing = await load(request, bank, session)
    if not is_open(standing, bank.clock()) or standing.operation is None:
        return redirect(request, bank, standing.path)
    operation = standing.operation.operation

    answered = await answer_code(bank, standing.customer.id, operation, fields["code"])

    match answered:
        case Right(after):
            await _authorise(bank, standing, operation, after)
        case Wrong():
            text = wrong_words(texts_of(request, bank), operation, answered)
            return await again(request, bank, session, await load(request, bank, session), text)
        case Over():
            pass  # the page shows how it ended
    return redirect(request, bank, standing.path)


async def status(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/tools/change/{journey}/push."""
    try:
        standing = await load(request, bank, session)
    except StalePage:
        return JSONResponse({"state": "ended", "trouble": ""})
    if not is_open(standing, bank.clock()) or standing.push is None:
        return JSONResponse({"state": "ended", "trouble": ""})
    view = await view_of(bank, standing)
    return JSONResponse({"state": view.state, "trouble": view.trouble})


async def finish(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/tools/change/{journey}/push."""
    await read_form(request, bank)
    standing = await load(request, bank, session)
    if not is_open(standing, bank.clock()) or standing.operation is None or standing.push is None:
        return redirect(request, bank, standing.path)
    operation = standing.operation.operation
    tried = by_push(operation, standing.push.state, bank.clock())
    if isinstance(tried, Authorised):
        await _authorise(bank, standing, operation, tried.operation)
        return redirect(request, bank, standing.path)
    return await show_standing(request, bank, session, standing, looked=True)


async def _authorise(bank: Bank, standing: ToolChangeStanding, before: Operation, after: Operation) -> None:
    """The right answer: of the old tool, which leads to the new one's question; or of the new one."""
    last = asked_tool(standing) is standing.change.new
    done = with_operation(standing.change, after.id, OperationState.AUTHORISED)
    try:
        async with bank.audit.transaction() as (transaction, record):
            undo = standing.change.undo
            await save_authorised(transaction, record, bank, standing.customer, before, after, undo=undo)
            if undo:
                done = msgspec.structs.replace(done, changed_at=bank.clock())
                await _put_back(transaction, record, bank, standing)
            elif done.permits:
                done = msgspec.structs.replace(done, changed_at=bank.clock())
                browser, person = standing.journey.browser_hash, done.person_id
                await transaction.insert(permitted(bank, done.permits, browser, person))
            elif last and standing.change.add:
                done = msgspec.structs.replace(done, changed_at=bank.clock())
                await hold_app(transaction, record, bank, standing.customer, by_another=True)
            elif last:
                done = msgspec.structs.replace(done, changed_at=bank.clock())
                told = ToolNotices(bank.settings, bank.texts["pl"], bank.outbox)
                await transaction.insert(*told.about(standing.customer, "changed", done.new, bank.clock()))
                await _put_in_force(transaction, bank, standing, done.new)
                await record(AuthorisationToolChosen(person_id=done.person_id, tool=done.new.value))
            await save(transaction, bank, standing, done)
    except (Stale, AlreadyThere):
        return  # another tab was quicker, or the tool was blocked
    bank.wake_delivery()
    if not last:
        reread = await bank.journeys.load(standing.journey.id, standing.journey.browser_hash, bank.clock())
        if reread is not None:
            await ask(bank, replace(standing, journey=reread, change=done, operation=None, push=None))


async def _put_in_force(transaction: Transaction, bank: Bank, standing: ToolChangeStanding, new: Tool) -> None:
    """The new tool is the current one; it need not wait where the old one said so, and nothing else stays open."""
    person, now = standing.change.person_id, bank.clock()
    await bank.operations.cancel_open(transaction, person)
    await bank.app_requests.withdraw_open(transaction, person, now)
    if standing.tools.readiness(new, now) is Readiness.WAITS and standing.change.old is not None:
        await bank.tools.hold(transaction, person, added(new, now, 0, by_another=True))
    await bank.tools.choose(transaction, person, new)


async def _put_back(transaction: Transaction, record: Recorder, bank: Bank, standing: ToolChangeStanding) -> None:
    """The blocked tool answered: it was not lost, it is as before, and nothing waits because of it; raises `Stale`."""
    customer, tool, now = standing.customer, standing.change.new, bank.clock()
    held = await bank.tools.held(customer.id, transaction)
    if not may_undo(tool, held):
        raise Stale("held_tools")  # blocked by the hotline meanwhile
    for one in found(tool, held, now):
        await bank.tools.hold(transaction, customer.id, one)
    told = ToolNotices(bank.settings, bank.texts["pl"], bank.outbox)
    await transaction.insert(*told.about(customer, "undone", tool, now))
    await record(AuthorisationToolFound(person_id=customer.id, tool=tool.value))
