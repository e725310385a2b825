"""POST /settings/security/tools/undo: it was not me who reported this tool lost (P3).

Whoever knows the password blocks a tool; only who holds it proves that it was not lost. Its one right answer puts it
back, and what waited because of it waits no more; how it is asked, shown and answered is the change of a tool
(`change.py`, `answers.py`). A tool that the hotline blocked, and a card, come back through the hotline only.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.authorising.customer_tools import tools_of, tools_offered
from poreka.provider.changing_tools.change import JOURNEY_SECONDS, begin_change
from poreka.provider.changing_tools.listing import TOOLS_PATH, customer_of
from poreka.provider.rules.tool_change import ToolChange
from poreka.provider.system import Bank
from poreka.rules.authorising.tools import may_undo
from poreka.store.sessions import Session
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect


async def begin(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/tools/undo."""
    fields = await read_form(request, bank, "tool")
    customer = await customer_of(bank, session)
    tools = await tools_of(bank, customer.id)
    tool = next((one for one in tools_offered(bank) if one.value == fields["tool"]), None)
    if tool is None or not may_undo(tool, tools.held):
        return redirect(request, bank, TOOLS_PATH)
    expires_at = bank.clock() + JOURNEY_SECONDS
    change = ToolChange(person_id=customer.id, old=None, new=tool, expires_at=expires_at, undo=True)
    return await begin_change(request, bank, customer, tools, change)
