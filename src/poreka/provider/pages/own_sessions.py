"""GET .../sessions at a provider: the list that all systems have, with the provider's menu beside it.

Read next: `for_everyone/sessions/listing.py`; the menu is `frame.py`.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone.sessions.listing import listed
from poreka.provider.pages.frame import SECURITY, show_inside
from poreka.provider.system import Bank
from poreka.store.sessions import Session


async def show_sessions(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/sessions."""
    data = await listed(request, bank, session)
    return await show_inside(request, bank, session, "provider/pages/own_sessions.html", way=SECURITY, **data)
