"""POST /settings/security/passkeys: one more passkey, once the present tool has said yes (docs/adr/0040).

No tool changes by it: the answer, asked for, shown and taken like that of a change (`provider/changing_tools`), permits
a journey in which one key is made (`provider/passkeys`). Without a tool that is ready there is no passkey.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone.passkeys.own import kept_by
from poreka.provider.authorising.customer_tools import tools_of, tools_of_choice
from poreka.provider.changing_tools.change import JOURNEY_SECONDS, begin_change
from poreka.provider.changing_tools.listing import customer_of
from poreka.provider.passkeys.adding import PASSKEYS_PATH
from poreka.provider.rules.tool_change import ToolChange
from poreka.provider.system import Bank
from poreka.rules.passkeys import has_room
from poreka.store.sessions import Session
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect


async def begin(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/passkeys."""
    await read_form(request, bank)
    keys = await kept_by(bank).of_person(session.person_id)
    customer = await customer_of(bank, session)
    tools = await tools_of(bank, customer.id)
    ready = tools_of_choice(bank, customer, tools)
    if not ready or not has_room(len(keys)):
        return redirect(request, bank, PASSKEYS_PATH)
    change = ToolChange(
        person_id=customer.id,
        old=None,
        new=ready[0],
        expires_at=bank.clock() + JOURNEY_SECONDS,
        permits=bank.fresh.id(),
    )
    return await begin_change(request, bank, customer, tools, change)
