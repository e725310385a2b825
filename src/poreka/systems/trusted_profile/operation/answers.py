"""The answer to an own operation: a code typed, or the app's approval; and what it makes true (P4, T5).

A wrong code is counted before anyone is told that it was wrong. The deed, the operation and the stronger session
become durable together, in the browser that asked and in its person's session.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.audit.events import CodeSentAgain
from poreka.codes.answer import LIMITS, Over, Right, Wrong
from poreka.codes.message_state import is_lost
from poreka.provider.authorising.operations_under_way import code_message, save_authorised
from poreka.provider.authorising.sms_leave import leave_for_sms
from poreka.provider.authorising.typed_code import answer_code, wrong_words
from poreka.rules.authorising.operation import (
    Authorised,
    Expired,
    NewCode,
    NoMoreResends,
    NotOpen,
    Operation,
    TooSoon,
    by_push,
    resend,
)
from poreka.rules.authorising.operation_code import code_from, code_hash
from poreka.rules.authorising.tools import Tool
from poreka.store.database import AlreadyThere, Stale
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.operation.ask import ask_with
from poreka.systems.trusted_profile.operation.deeds import carry_out
from poreka.systems.trusted_profile.operation.pages import push_view_of, show_standing
from poreka.systems.trusted_profile.operation.standing import OwnOperationStanding, load
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import StalePage
from poreka.web.new_browser import renew_browser
from poreka.web.sessions import clear_session_cookie, set_session_cookie, step_up


async def try_code(request: Request, pz: TrustedProfileSystem, session: Session | None) -> Response:
    """POST /operation/{journey}/code."""
    fields = await read_form(request, pz, "code")
    standing = await load(request, pz, session)
    if standing.operation is None or not standing.open:
        return redirect(request, pz, standing.address)
    operation = standing.operation.operation

    answered = await answer_code(pz, standing.customer.id, operation, fields["code"])

    match answered:
        case Right(after):
            return await _authorised(request, pz, standing, operation, after)
        case Wrong():
            text = wrong_words(texts_of(request, pz), operation, answered)
            return await show_standing(request, pz, await load(request, pz, session), text)
        case Over():
            return redirect(request, pz, standing.address)


async def send_again(request: Request, pz: TrustedProfileSystem, session: Session | None) -> Response:
    """POST /operation/{journey}/new-code: the old code dies at once (P3)."""
    await read_form(request, pz, "code")
    standing = await load(request, pz, session)
    if standing.lapsed:
        return await ask_with(request, pz, session, standing, Tool.SMS.value)
    if standing.operation is None or not standing.open:
        return redirect(request, pz, standing.address)
    texts, before = texts_of(request, pz), standing.operation.operation
    code = code_from(int(pz.fresh.digits(6)))
    lost = await is_lost(pz.outbox, before, pz.clock())
    match resend(before, code_hash(pz.keys.codes, before.id, code), pz.clock(), LIMITS, lost=lost):
        case NewCode(after):
            leave = await leave_for_sms(pz, standing.customer, before.tool, standing.journey.id)
            if leave.withheld is not None:
                async with pz.audit.transaction() as (_, record):
                    await leave.note(record)
                return await show_standing(request, pz, standing, notice=texts("trusted.operation.sim"))
            try:
                async with pz.audit.transaction() as (transaction, record):
                    await pz.operations.save(transaction, before, after)
                    await transaction.insert(code_message(pz, standing.customer, after, code))
                    await leave.note(record)
                    await record(CodeSentAgain(person_id=standing.customer.id, operation_id=after.id))
            except Stale:
                return redirect(request, pz, standing.address)
            pz.wake_delivery()
        case TooSoon(seconds):
            return await show_standing(request, pz, standing, wait=seconds)
        case NoMoreResends() | Expired() | NotOpen():
            pass  # the page says so, or how it ended
    return redirect(request, pz, standing.address)


async def push_status(request: Request, pz: TrustedProfileSystem, session: Session | None) -> Response:
    """GET /operation/{journey}/push, for the page's script."""
    try:
        standing = await load(request, pz, session)
    except StalePage:
        return JSONResponse({"state": "ended", "trouble": ""})
    if standing.push is None or standing.wanted.done or standing.wanted.cancelled:
        return JSONResponse({"state": "ended", "trouble": ""})
    view = await push_view_of(pz, standing)
    return JSONResponse({"state": view.state, "trouble": view.trouble})


async def finish_push(request: Request, pz: TrustedProfileSystem, session: Session | None) -> Response:
    """POST /operation/{journey}/push: go on with what was approved."""
    await read_form(request, pz)
    standing = await load(request, pz, session)
    if standing.operation is None or standing.push is None or not standing.open:
        return redirect(request, pz, standing.address)
    before = standing.operation.operation
    tried = by_push(before, standing.push.state, pz.clock())
    if isinstance(tried, Authorised):
        return await _authorised(request, pz, standing, before, tried.operation)
    return await show_standing(request, pz, standing, looked=True)


async def _authorised(
    request: Request, pz: TrustedProfileSystem, standing: OwnOperationStanding, before: Operation, after: Operation
) -> Response:
    cookie = pz.cookies.secret(request, "session") or ""
    try:
        async with pz.audit.transaction() as (transaction, record):
            await save_authorised(transaction, record, pz, standing.customer, before, after)
            wanted = msgspec.structs.replace(standing.wanted, done=True, values={})
            await pz.journeys.save(transaction, standing.journey, msgspec.json.encode(wanted))
            session, sid = standing.session, standing.session.sid if standing.session else ""
            fresh = await step_up(pz, transaction, session, cookie, after.tool.factor) if session else ""
            what = (standing.wanted, standing.owned, sid, standing.journey.id)
            opened = await carry_out(request, pz, transaction, record, *what)
            goes_on = (standing.journey.id, standing.wanted.next)
            browser = await renew_browser(request, pz, transaction, *goes_on) if opened else None
    except (Stale, AlreadyThere):
        return redirect(request, pz, standing.address)
    pz.wake_delivery()
    response = redirect(request, pz, standing.wanted.next)
    if opened is None:
        return clear_session_cookie(response, pz)
    fresh = opened or fresh
    return set_session_cookie(response, pz, fresh, browser) if fresh else response
