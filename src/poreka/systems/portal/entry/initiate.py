"""Bank first: the provider asks us to begin a sign-in (OpenID Connect Core 1.0 §4; P1).

GET  /initiate   begin at once at the provider that `iss` names
POST /initiate   the same, sent as a form

It needs no token of ours, because it only begins: nobody is signed in by it, and whoever lures a person here
gets them to their own bank's page. The POST goes on as a GET: a form from another site comes without our
cookies, and the question must be bound to the browser that has them.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.relying_party.faults import LoginRequestRefused
from poreka.oidc.relying_party.initiate_login import InitiatedLogin, check_initiated_login
from poreka.relying.relied_on import ReliedOn
from poreka.relying.sign_in.set_out import go_to
from poreka.systems.portal.system import Portal
from poreka.web.browser.redirect import redirect, with_query
from poreka.web.forms import query_pairs, read_pairs
from poreka.web.frame import show
from poreka.web.sessions import session_of


async def initiate(request: Request, system: Portal) -> Response:
    """Begin a sign-in at the provider that asks for it."""
    asked = _checked(query_pairs(request), system)
    if isinstance(asked, LoginRequestRefused):
        return await _refused(request, system)
    return await go_to(request, system, _provider_of(asked, system), target=asked.target)


async def initiate_by_form(request: Request, system: Portal) -> Response:
    """The same by POST: on to the GET, with what was understood of the form."""
    asked = _checked(await read_pairs(request), system)
    if isinstance(asked, LoginRequestRefused):
        return await _refused(request, system)
    values = {"iss": asked.registration.issuer}
    if asked.target is not None:
        values["target_link_uri"] = asked.target
    return redirect(request, system, with_query("/initiate", values))


def _checked(pairs: list[tuple[str, str]], system: Portal) -> InitiatedLogin | LoginRequestRefused:
    usable = [provider.registration for provider in system.relied_on.values() if provider.open]
    try:
        return check_initiated_login(pairs, {known.issuer: known for known in usable}, system.origin)
    except LoginRequestRefused as refused:
        return refused


def _provider_of(asked: InitiatedLogin, system: Portal) -> ReliedOn:
    return next(one for one in system.relied_on.values() if one.registration is asked.registration)


async def _refused(request: Request, system: Portal) -> Response:
    session = await session_of(request, system)
    return show(request, system, "web/layout/error.html", session=session, status=400, kind="initiate_refused")
