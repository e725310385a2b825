"""GET .../sessions at a provider: the list that all systems have, with the provider's menu beside it.

Read next: `listing.py`; the menu is `web/bank_frame.py`.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.flows.own_sessions.listing import listed
from poreka.store.sessions import Session
from poreka.web.bank_frame import SECURITY, show_inside
from poreka.web.provider_system import Bank


async def show_sessions(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/sessions."""
    data = await listed(request, bank, session)
    return await show_inside(request, bank, session, "flows/own_sessions/inside.html", way=SECURITY, **data)
