"""POST /settings/security/passkeys: one more passkey, once the present tool has said yes (docs/adr/0040).

No tool changes by it: the answer, asked for, shown and taken like that of a change (`change.py`, `answers.py`), permits
a journey in which one key is made (`flows/passkeys`). Without a tool that is ready there is no passkey.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.flows.authorisation_tools.change import JOURNEY_SECONDS, begin_change
from poreka.flows.authorisation_tools.listing import customer_of
from poreka.journeys.tool_change import ToolChange
from poreka.rules.passkeys import has_room
from poreka.store.sessions import Session
from poreka.web.customer_tools import tools_of, tools_of_choice
from poreka.web.frame import read_form, redirect
from poreka.web.own_passkeys import kept_by
from poreka.web.passkey_adding import PASSKEYS_PATH
from poreka.web.provider_system import Bank


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
