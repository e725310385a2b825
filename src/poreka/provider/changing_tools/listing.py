"""GET /settings/security/tools: every tool the bank offers, how it stands, and what can be done about it (P3).

No code stands anywhere, and no number in full. `?added=`, `?blocked=`, `?undone=` and `?changed=` say what was done
just now.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.authorising.customer_tools import CustomerTools, readiness_of, tools_of, tools_offered
from poreka.provider.pages.frame import SECURITY, show_inside
from poreka.provider.pages.hotlines import to_call
from poreka.provider.rules.tool_change import may_change
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.rules.authorising.tools import Readiness, Tool, may_undo
from poreka.rules.shown_date import people_time
from poreka.store.sessions import Session
from poreka.web.browser.language import texts_of
from poreka.web.failures import PageNotFound
from poreka.web.texts import Texts

TOOLS_PATH = "/settings/security/tools"
TOOLS = (*SECURITY, ("bank.nav.tools", TOOLS_PATH))


async def show_tools(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/tools."""
    customer = await customer_of(bank, session)
    tools, texts = await tools_of(bank, customer.id), texts_of(request, bank)
    shown = [_shown(bank, customer, tools, tool, texts) for tool in tools_offered(bank)]
    known, acts = {tool.value for tool in Tool}, ("added", "blocked", "changed", "undone")
    done: dict[str, Any] = {act: value if (value := request.query_params.get(act)) in known else None for act in acts}
    return await show_inside(
        request,
        bank,
        session,
        "provider/changing_tools/tools.html",
        way=SECURITY,
        tools=shown,
        stuck=readiness_of(bank, customer, tools, tools.current) is not Readiness.READY,
        left=any(one["changeable"] for one in shown),
        later=any(one["state"] == Readiness.WAITS.value for one in shown),
        hotline=to_call(request, bank),
        **done,
    )


async def customer_of(bank: Bank, session: Session) -> Customer:
    """The customer whose session it is; raises `PageNotFound`."""
    customer = await bank.customers.by_id(session.person_id)
    if customer is None:
        raise PageNotFound
    return customer


def _shown(bank: Bank, customer: Customer, tools: CustomerTools, tool: Tool, texts: Texts) -> dict[str, object]:
    stands, old = (readiness_of(bank, customer, tools, one) for one in (tool, tools.current))
    current = tool is tools.current
    return {
        "tool": tool.value,
        "name": texts(f"bank.tools.{tool.value}"),
        "state": "current" if current and stands is Readiness.READY else stands.value,
        "changeable": not current and may_change(old, stands),
        "connect_at": bank.inside.phones if tool is Tool.PUSH and stands is Readiness.MISSING else "",
        "undoable": may_undo(tool, tools.held),
        "rows": _rows(customer, tools, tool, stands, texts),
    }


def _rows(
    customer: Customer, tools: CustomerTools, tool: Tool, stands: Readiness, texts: Texts
) -> list[dict[str, str]]:
    rows = []
    if stands is Readiness.WAITS:
        rows.append({"key": texts("bank.tools.from"), "value": people_time(tools.usable_from(tool), texts.language)})
    if tool is Tool.SMS and customer.phone:
        phone = texts("bank.account.phone_ends", end=customer.phone[-3:])
        rows.append({"key": texts("bank.tools.phone"), "value": phone})
    if tool is Tool.CARD and (cards := [card for card in tools.cards if card.left > 0]):
        serials = (f"{card.serial[:4]} {card.serial[4:]}" for card in cards)
        rows += [{"key": texts("bank.tools.serial"), "value": serial} for serial in serials]
        rows += [{"key": texts("bank.tools.left"), "value": str(sum(card.left for card in cards))}]
    return rows
