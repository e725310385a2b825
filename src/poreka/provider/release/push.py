"""The release's operation in the app: how its request stands, and what an approval makes true (P3, T5).

GET  /release/{journey}/push   how it stands, for the page's script
POST /release/{journey}/push   go on with what was approved; without a script, the button that looks again

The app answers elsewhere (`provider/authorising`); only here, in the browser that asked and in its person's
session, does an approval open anything. What it makes true is `authorised.py`.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.provider.release.authorised import authorise
from poreka.provider.release.pages import push_view_of, show_standing, stands_at_step, to_page
from poreka.provider.release.standing import ReleaseStanding, load
from poreka.provider.system import Bank
from poreka.rules.authorising.operation import Authorised, by_push
from poreka.store.operations import OwnedOperation
from poreka.web.browser.own_form import read_form
from poreka.web.failures import StalePage


async def status(request: Request, bank: Bank) -> Response:
    """GET /release/{journey}/push: `waiting` until something else is to be shown."""
    try:
        standing = await load(request, bank)
    except StalePage:
        return JSONResponse({"state": "ended", "trouble": ""})
    if _waiting(bank, standing) is None:
        return JSONResponse({"state": "ended", "trouble": ""})
    view = await push_view_of(bank, standing)
    return JSONResponse({"state": view.state, "trouble": view.trouble})


async def finish(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/push."""
    await read_form(request, bank)
    standing = await load(request, bank)
    operation = _waiting(bank, standing)
    if operation is None or standing.push is None:
        return to_page(request, bank, standing)
    tried = by_push(operation.operation, standing.push.state, bank.clock())
    if isinstance(tried, Authorised):
        return await authorise(request, bank, standing, operation.operation, tried.operation)
    return await show_standing(request, bank, standing, looked=True)


def _waiting(bank: Bank, standing: ReleaseStanding) -> OwnedOperation | None:
    """The operation, if the release stands at it and it is authorised in the app."""
    if standing.push is None or not stands_at_step(standing, bank, "operation_authorised"):
        return None
    return standing.operation
