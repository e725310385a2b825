"""GET /: the ways into the app. Whoever is signed in goes to the account, a bound device to where it is opened.

POST /enter/{provider} is the patient account's own (`relying/patient_account/first.py`): at the level substantial.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.binding import BindingEnd
from poreka.systems.mojeikp.device.bound import binding_of, ended_by
from poreka.systems.mojeikp.system import Mojeikp
from poreka.web.browser.redirect import redirect
from poreka.web.frame import show
from poreka.web.sessions import session_of

TOLD = frozenset(BindingEnd) - {BindingEnd.OWNER, BindingEnd.REPLACED}
"""The ends that the device is told of: what its owner did in the app itself needs no explanation."""


async def show_ways(request: Request, app: Mojeikp) -> Response:
    """GET /; `anew` is asked for where the PIN is forgotten: the device stays bound until it is bound anew."""
    if await session_of(request, app) is not None:
        return redirect(request, app, "/account")
    kept = await binding_of(request, app)
    end = ended_by(app, kept) if kept else None
    if kept is not None and end is None and "anew" not in request.query_params:
        return redirect(request, app, "/open")
    return show(
        request,
        app,
        "systems/mojeikp/first.html",
        providers=[one for one in app.relied_on.values() if one.open],
        ended=request.query_params.get("notice") == "session_ended",
        end=end.value if end in TOLD else "",
        bound=kept is not None and end is None,
    )
