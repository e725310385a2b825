"""Connecting the bank's own app as a tool, by the customers themselves (P3, T5).

GET, POST /settings/security/tools/app

With a tool that is ready: its word, then an answer in the app, an operation each (`change.py`, `answers.py`); the
app is a tool at once, and the current tool stays what it is. Without one the present password, and the app opens
nothing for a day (docs/adr/0032). Either way the customer is told at every address. A blocked app comes back as it
was blocked.
"""

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.authorising.customer_tools import CustomerTools, tools_of, tools_of_choice, tools_offered
from poreka.provider.changing_tools.added_app import hold_app
from poreka.provider.changing_tools.change import JOURNEY_SECONDS, begin_change
from poreka.provider.changing_tools.listing import TOOLS, TOOLS_PATH, customer_of
from poreka.provider.changing_tools.lost import wait_after_wrong_password
from poreka.provider.pages.frame import show_inside
from poreka.provider.rules.tool_change import ToolChange
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.rules.authorising.tools import Readiness, Tool
from poreka.store.database import Stale
from poreka.store.sessions import Session
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.form_errors import FormErrors

DONE = f"{TOOLS_PATH}?added={Tool.PUSH.value}"


async def show_connecting(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/tools/app."""
    customer, tools = await _connectable(bank, session)
    if tools is None:
        return redirect(request, bank, TOOLS_PATH)
    return await _page(request, bank, session, customer, tools)


async def connect(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/tools/app."""
    fields = await read_form(request, bank, "password")
    customer, tools = await _connectable(bank, session)
    if tools is None:
        return redirect(request, bank, TOOLS_PATH)
    ready, now = tools_of_choice(bank, customer, tools), bank.clock()
    if ready:
        change = ToolChange(
            person_id=customer.id, old=ready[0], new=Tool.PUSH, expires_at=now + JOURNEY_SECONDS, add=True
        )
        return await begin_change(request, bank, customer, tools, change)
    texts = texts_of(request, bank)
    if not fields["password"]:
        return await _page(request, bank, session, customer, tools, texts("bank_sign_in.password.empty"))
    wait = await wait_after_wrong_password(bank, customer, fields["password"])
    if wait is not None:
        fault = texts.plural("bank_sign_in.slowed", wait) if wait else texts("tools.app.wrong_password")
        return await _page(request, bank, session, customer, tools, fault)
    with suppress(Stale):  # another tab was quicker
        async with bank.audit.transaction() as (transaction, record):
            await hold_app(transaction, record, bank, customer, by_another=False)
    bank.wake_delivery()
    return redirect(request, bank, DONE)


async def _connectable(bank: Bank, session: Session) -> tuple[Customer, CustomerTools | None]:
    """The customer, and the tools where the app is none of them yet; raises `PageNotFound` where there is no app."""
    if Tool.PUSH not in tools_offered(bank):
        raise PageNotFound
    customer = await customer_of(bank, session)
    tools = await tools_of(bank, customer.id)
    return customer, tools if tools.readiness(Tool.PUSH, bank.clock()) is Readiness.MISSING else None


async def _page(
    request: Request, bank: Bank, session: Session, customer: Customer, tools: CustomerTools, fault: str = ""
) -> Response:
    ready, texts = tools_of_choice(bank, customer, tools), texts_of(request, bank)
    return await show_inside(
        request,
        bank,
        session,
        "provider/changing_tools/connect.html",
        way=TOOLS,
        word=texts(f"bank.tools.{ready[0].value}") if ready else "",
        hours=bank.settings.vouching.tool_wait_hours,
        errors=FormErrors({"password": fault} if fault else {}),
    )
