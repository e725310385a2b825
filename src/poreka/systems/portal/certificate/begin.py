"""Before the browser asks for the certificate: what it takes, and the beginning (Z1).

The sign-in belongs to the browser that presses the button: only there may it come to an end. Nothing of the
person is in the address it is sent to.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.store.fresh import secret_hash
from poreka.systems.portal.system import Portal
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.frame import show
from poreka.web.sessions import session_of

LIFE = 10 * 60
"""Seconds to choose a certificate, find the card and type its PIN."""


async def show_what_it_takes(request: Request, system: Portal) -> Response:
    """GET /certificate; where the door is not set up, what to use instead."""
    return show(
        request,
        system,
        "systems/portal/certificate/begin.html" if system.certificates else "systems/portal/certificate/not_here.html",
        session=await session_of(request, system),
        https=system.origin.startswith("https:"),
    )


async def begin(request: Request, system: Portal) -> Response:
    """POST /certificate."""
    await read_form(request, system)
    if system.certificates is None:
        return redirect(request, system, "/certificate")
    state = system.fresh.secret()
    browser_hash = secret_hash(browser_of(request, system))
    await system.database.insert(system.hand_overs.adding(state, browser_hash, system.clock() + LIFE))
    return redirect(request, system, f"{system.certificates.proxy.origin}/certificate/{state}")
