"""Asking the owner: for a second factor, by a code or a request, or no longer.

GET  /confirm                      a sign-in to one's own pages has used one factor only: the other is asked for at once
POST /operation/{journey}/ask      something is sent; again, or with another tool, as a new operation
POST /operation/{journey}/cancel   the deed is not done
"""

from contextlib import suppress

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.authorising.operations_under_way import (
    Asking,
    PushNotNow,
    begins_again,
    cancel_operation,
    issue_operation,
)
from poreka.provider.authorising.sent_with_sign_in import may_go_unasked
from poreka.provider.authorising.sms_leave import SmsLeave, leave_for_sms
from poreka.rules.authorising.tools import Tool
from poreka.rules.levels import Level, level_reached, reaches
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.database import Stale
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.operation.deeds import purpose_of
from poreka.systems.trusted_profile.operation.pages import show_standing
from poreka.systems.trusted_profile.operation.standing import OwnOperationStanding, load, standing_of
from poreka.systems.trusted_profile.operation.wanted import address_of, pot_of, wanted_operation
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.own_path import own_path
from poreka.web.browser.redirect import redirect
from poreka.web.forms import once, query_pairs

HOME = "/profile"


async def second_factor(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /confirm."""
    page = own_path(once(query_pairs(request), ("next", "lang"))["next"]) or HOME
    if reaches(level_reached(session.factors), Level.SUBSTANTIAL):
        return redirect(request, pz, page)
    journey = wanted_operation(request, pz, "sign_in", session.person_id, then=page)
    await pz.database.insert(pz.journeys.adding(journey))
    if await may_go_unasked(pz, session):
        await _send_with_sign_in(pz, await standing_of(pz, journey, session))
    return redirect(request, pz, address_of("sign_in", journey.id))


async def _send_with_sign_in(pz: TrustedProfileSystem, standing: OwnOperationStanding) -> None:
    """The code goes out with the password, as far as one may; where none may, the page tells why once it is asked."""
    if standing.tool not in standing.usable:
        return
    leave = await leave_for_sms(pz, standing.customer, standing.tool, standing.journey.id)
    if leave.withheld is not None:
        async with pz.audit.transaction() as (_, record):
            await leave.note(record)
        return
    with suppress(Stale, PushNotNow):
        await _issue(pz, standing, standing.tool, leave)
        pz.wake_delivery()


async def ask(request: Request, pz: TrustedProfileSystem, session: Session | None) -> Response:
    """POST /operation/{journey}/ask; `tool` is one of those the page offers, the person's own choice as a rule."""
    fields = await read_form(request, pz, "tool")
    return await ask_with(request, pz, session, await load(request, pz, session), fields["tool"])


async def ask_with(
    request: Request, pz: TrustedProfileSystem, session: Session | None, standing: OwnOperationStanding, wanted: str
) -> Response:
    """Ask with the tool that is wanted, or the operation's own."""
    if standing.wanted.done or standing.wanted.cancelled:
        return redirect(request, pz, standing.address)
    asked = wanted or standing.tool.value
    tool = next((one for one in standing.usable if one.value == asked), None)
    if tool is None or (standing.operation is not None and standing.open and tool is standing.tool is not Tool.PUSH):
        return redirect(request, pz, standing.address)
    leave = await leave_for_sms(pz, standing.customer, tool, standing.journey.id)
    if leave.withheld is not None:
        async with pz.audit.transaction() as (_, record):
            await leave.note(record)
        return await show_standing(request, pz, standing, notice=texts_of(request, pz)("trusted.operation.sim"))
    try:
        await _issue(pz, standing, tool, leave)
    except (Stale, PushNotNow):
        again = await begins_again(pz, standing.customer.id, pot_of(standing.wanted))
        why = texts_of(request, pz)("trusted.operation.too_many", again=warsaw_moment(again)) if again else ""
        return await show_standing(request, pz, await load(request, pz, session), notice=why)
    pz.wake_delivery()
    return redirect(request, pz, standing.address)


async def _issue(pz: TrustedProfileSystem, standing: OwnOperationStanding, tool: Tool, leave: SmsLeave) -> None:
    asking = Asking(
        customer=standing.customer,
        journey_id=standing.journey.id,
        purpose=purpose_of(pz, standing.wanted),
        service=pz.settings.system.name,
        pot=pot_of(standing.wanted),
    )
    async with pz.audit.transaction() as (transaction, record):
        await cancel_operation(transaction, pz, standing.operation if standing.open else None)
        operation = await issue_operation(transaction, record, pz, asking, tool, leave)
        wanted = msgspec.structs.replace(standing.wanted, operation_id=operation.id)
        await pz.journeys.save(transaction, standing.journey, msgspec.json.encode(wanted))


async def cancel(request: Request, pz: TrustedProfileSystem, session: Session | None) -> Response:
    """POST /operation/{journey}/cancel."""
    await read_form(request, pz)
    standing = await load(request, pz, session)
    if standing.open:
        try:
            async with pz.audit.transaction() as (transaction, _):
                await cancel_operation(transaction, pz, standing.operation)
                wanted = msgspec.structs.replace(standing.wanted, cancelled=True)
                await pz.journeys.save(transaction, standing.journey, msgspec.json.encode(wanted))
        except Stale:
            return redirect(request, pz, standing.address)
    return redirect(request, pz, HOME if session else standing.address)
