"""A customer reports a tool as lost: GET asks which tool and for the password, POST blocks it at once (P3).

`_block` ends the operations that wait for the tool's answer. Where it was the current tool, `_block` ends all open
operations, and the other tools authorise nothing for `tool_wait_hours`. A notice tells the owner, who can undo the
loss of the app or of SMS with that tool itself (`undo.py`); a blocked card never comes back. Wrong passwords are
counted as at the sign-in. `listing.py` then says which tools are left; without any, the hotline helps (`poreka tool`).
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SignInFailed
from poreka.codes.counted_tries import Try, begin_try, counted_under, until_verdict, wrong
from poreka.provider.authorising.customer_tools import tools_of, tools_offered
from poreka.provider.authorising.tool_notices import ToolNotices
from poreka.provider.changing_tools.listing import TOOLS, TOOLS_PATH, customer_of
from poreka.provider.pages.frame import show_inside
from poreka.provider.pages.hotlines import to_call
from poreka.provider.store.customer_directory import Customer, Typed
from poreka.provider.system import Bank
from poreka.provider.tool_events import AuthorisationToolBlocked
from poreka.rules.authorising.tools import HOUR, Readiness, Tool
from poreka.rules.authorising.tools import lost as lost_by_password
from poreka.store.sessions import Session
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import FormErrors


async def show_lost(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/tools/lost."""
    return await _page(request, bank, session, await customer_of(bank, session))


async def report_lost(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/tools/lost."""
    fields = await read_form(request, bank, "tool", "password")
    customer, texts = await customer_of(bank, session), texts_of(request, bank)
    lost = next((tool for tool in await _may_be_lost(bank, customer) if tool.value == fields["tool"]), None)
    if lost is None:
        return await _page(request, bank, session, customer, tool=texts("tools.lost.which_empty"))
    if not fields["password"]:
        fault = texts("bank_sign_in.password.empty")
        return await _page(request, bank, session, customer, chosen=lost, password=fault)
    wait = await wait_after_wrong_password(bank, customer, fields["password"])
    if wait is None:
        await _block(bank, customer, lost)
        return redirect(request, bank, f"{TOOLS_PATH}?blocked={lost.value}")
    fault = texts.plural("bank_sign_in.slowed", wait) if wait else texts("tools.lost.wrong_password")
    return await _page(request, bank, session, customer, chosen=lost, password=fault)


async def wait_after_wrong_password(bank: Bank, customer: Customer, password: str) -> int | None:
    """None where the password is the customer's; else for how many seconds no password is looked at, 0 for "try again".

    The seconds come back without a look at the password while an earlier wrong one still makes the customer wait.
    """
    tried = await begin_try(bank, counted_under(bank, "lost-tool", customer.id))
    if not isinstance(tried, Try):
        return tried.seconds
    async with until_verdict(bank, tried):
        checked = await bank.customers.check(customer.number, Typed(password=password, places=(), characters=""))
        if checked.customer is not None and checked.customer.id == customer.id:
            await bank.attempts.clear(bank.database, tried.subject)
            return None
        async with bank.audit.transaction() as (transaction, record):
            after = await wrong(bank, transaction, tried)
            await record(SignInFailed(person_id=customer.id, reason="wrong"))
    return max(after.not_before - bank.clock(), 0)


async def _block(bank: Bank, customer: Customer, lost: Tool) -> None:
    """Block the tool, end what waits for it, and tell the owner, in one transaction."""
    wait = bank.settings.vouching.tool_wait_hours
    async with bank.audit.transaction() as (transaction, record):
        current = await bank.tools.current(customer.id, transaction)
        before = await bank.tools.held(customer.id, transaction)
        for held in lost_by_password(lost, current, before, tools_offered(bank), bank.clock() + wait * HOUR):
            await bank.tools.hold(transaction, customer.id, held)
        if lost is Tool.CARD:
            await bank.tools.block(transaction, customer.id)
        await bank.operations.cancel_open(transaction, customer.id, None if lost is current else lost)
        if Tool.PUSH in (lost, current):
            await bank.app_requests.withdraw_open(transaction, customer.id, bank.clock())
        notices = ToolNotices(bank.settings, bank.texts["pl"], bank.outbox)
        await transaction.insert(*notices.about(customer, "blocked_by_password", lost, bank.clock()))
        await record(AuthorisationToolBlocked(person_id=customer.id, tool=lost.value, by="customer"))
    bank.wake_delivery()


async def _may_be_lost(bank: Bank, customer: Customer) -> list[Tool]:
    """The tools that the customer has and that are not blocked, also those that still wait."""
    tools, now = await tools_of(bank, customer.id), bank.clock()
    there = (Readiness.READY, Readiness.WAITS)
    return [
        tool
        for tool in tools_offered(bank)
        if tools.readiness(tool, now) in there and (tool is not Tool.SMS or customer.phone)
    ]


async def _page(
    request: Request, bank: Bank, session: Session, customer: Customer, *, chosen: Tool | None = None, **faults: str
) -> Response:
    texts, tools = texts_of(request, bank), await _may_be_lost(bank, customer)
    return await show_inside(
        request,
        bank,
        session,
        "provider/changing_tools/lost.html",
        way=TOOLS,
        options=[{"value": tool.value, "label": texts(f"tools.lost.{tool.value}")} for tool in tools],
        chosen=chosen.value if chosen else None,
        errors=FormErrors(faults),
        passkeys=bank.passkeys is not None,
        hotline=to_call(request, bank),
    )
