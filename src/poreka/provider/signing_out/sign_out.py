"""POST /sign-out and the page after it, GET /signed-out.

The session ends with everything that rests on it; relying parties that registered for it are told
(OpenID Connect Back-Channel Logout 1.0) and end theirs.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.client_sessions import end_session
from poreka.provider.system import Bank
from poreka.store.sessions import Session
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.frame import show
from poreka.web.sessions import clear_session_cookie


async def sign_out(request: Request, bank: Bank, session: Session) -> Response:
    """POST /sign-out."""
    await read_form(request, bank)
    async with bank.audit.transaction() as (transaction, record):
        await end_session(bank, transaction, record, session, by="person")
    bank.wake_delivery()
    return clear_session_cookie(redirect(request, bank, "/signed-out"), bank)


async def show_signed_out(request: Request, bank: Bank) -> Response:
    """GET /signed-out."""
    return show(request, bank, "provider/signing_out/signed_out.html")
