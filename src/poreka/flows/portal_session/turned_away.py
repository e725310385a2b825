"""Nobody is signed in where somebody must be: on to the sign-in page, and nothing typed is lost (Z8).

A form that was sent after its session had ended is kept, sealed, for the person whose session it was and for
this browser, for half an hour. Only forms on the given list are kept: none of them has a password. The
cookie of the ended session stays, because another tab may still send a form of its own.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.store.fresh import secret_hash
from poreka.store.kept_forms import KeptForm
from poreka.store.sessions import Session
from poreka.web.frame import browser_of, read_form, redirect, wants_json
from poreka.web.systems import Portal

KEPT_SECONDS = 30 * 60
Keepable = Mapping[str, tuple[str, ...]]
"""Which forms may be kept: the path each is sent to, and the fields it has."""


async def turned_away(request: Request, system: Portal, keepable: Keepable) -> Response:
    """The answer for whoever is not signed in."""
    cookie = system.cookies.secret(request, "session")
    path = request.url.path
    if request.method == "POST" and path == "/sign-out":
        return redirect(request, system, "/?notice=signed_out")
    if wants_json(request):
        return JSONResponse({"error": "session_ended"}, 401)
    if cookie is None:
        return redirect(request, system, "/")
    session = await system.sessions.by_cookie(cookie)
    if request.method == "POST" and path in keepable and session is not None:
        await _keep(request, system, session, path, keepable[path])
        return redirect(request, system, "/?notice=form_kept")
    return redirect(request, system, "/?notice=session_ended")


async def _keep(request: Request, system: Portal, session: Session, path: str, known: tuple[str, ...]) -> None:
    """Keep a form for its owner; it must be one of our own pages', like any other (CSRF)."""
    fields = await read_form(request, system, *known)
    kept = KeptForm(
        id=system.fresh.id(),
        browser_hash=secret_hash(browser_of(request, system)),
        person_id=session.person_id,
        form=path.removeprefix("/"),
        fields=tuple((name, fields[name]) for name in known),
        expires_at=system.clock() + KEPT_SECONDS,
    )
    await system.database.insert(system.kept_forms.adding(kept))
