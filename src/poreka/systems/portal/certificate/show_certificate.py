"""At the origin of mutual TLS: the browser has shown a certificate, or none (RFC 9440).

GET /certificate/{state}

Whatever it is, the browser goes back to the portal with a ticket, and there the person is told: no page is shown
here, nobody is signed in here, and no cookie is read. A state that nobody began, or that was answered before,
makes us look at no certificate at all.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from poreka.systems.portal.certificate.door import CertificateDoor
from poreka.systems.portal.system import Portal
from poreka.web.browser.redirect import with_query
from poreka.web.failures import PageNotFound


async def show_certificate(request: Request, system: Portal) -> Response:
    """Judge the certificate and hand over what was found."""
    door, state, now = _door(system), request.path_params["state"], system.clock()
    if not await system.hand_overs.is_waiting(state, now):
        return _to_portal(system, "/certificate/refused/stale")
    found = await door.judge(request, now)
    ticket = system.fresh.secret()
    if not await system.hand_overs.answer(state, ticket, msgspec.json.encode(found), now):
        return _to_portal(system, "/certificate/refused/stale")  # another tab was quicker
    return _to_portal(system, with_query("/certificate/return", {"ticket": ticket}))


async def to_portal(request: Request, system: Portal) -> Response:
    """GET /: whoever typed this address wanted the portal."""
    return _to_portal(system, "/certificate")


def _to_portal(system: Portal, address: str) -> Response:
    return RedirectResponse(f"{system.origin}{address}", 303)


def _door(system: Portal) -> CertificateDoor:
    if system.certificates is None:
        raise PageNotFound
    return system.certificates
