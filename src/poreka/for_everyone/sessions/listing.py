"""GET .../sessions: the living sessions of whoever is signed in, this one first, then the newest.

No address and no secret stands on the page. What a browser calls itself anybody can choose, so the page says what it
helps for: to notice a session that is not one's own. `?done=` says what was ended just now.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.levels import CERTIFICATE, Factor
from poreka.rules.session_life import is_alive
from poreka.rules.shown_date import people_time
from poreka.store.sessions import Session
from poreka.web.browser.language import texts_of
from poreka.web.frame import show
from poreka.web.sessions import details_of, limits_of
from poreka.web.system import System
from poreka.web.texts import Texts

DONE = ("one", "others")


PAGE = "web/layout/base.html"


async def show_sessions(request: Request, system: System, session: Session, frame: str = PAGE) -> Response:
    """GET .../sessions; `frame` is the template around the page."""
    data = await listed(request, system, session)
    return show(request, system, "for_everyone/sessions/sessions.html", session=session, frame=frame, **data)


async def listed(request: Request, system: System, session: Session) -> dict[str, Any]:
    """The data of the list, whatever is around it."""
    texts, done = texts_of(request, system), request.query_params.get("done", "")
    return {
        "sessions": [_shown(system, one, session, texts) for one in await living(system, session)],
        "relies": system.provider_names() is not None,
        "done": done if done in DONE else "",
    }


async def living(system: System, session: Session) -> list[Session]:
    """The sessions of its owner that still live; `session` itself first."""
    now, limits = system.clock(), limits_of(system)
    found = [one for one in await system.sessions.of_person(session.person_id) if is_alive(one.times, limits, now)]
    return sorted(found, key=lambda one: one.sid != session.sid)


def _shown(system: System, one: Session, this: Session, texts: Texts) -> dict[str, Any]:
    return {
        "sid": one.sid,
        "this": one.sid == this.sid,
        "browser": details_of(one).browser or texts("sessions.unknown_browser"),
        "rows": [
            {"key": texts("sessions.began"), "value": people_time(one.started_at, texts.language)},
            {"key": texts("sessions.with"), "value": _began_with(system, one, texts)},
            {"key": texts("sessions.used"), "value": people_time(one.active_at, texts.language)},
        ],
    }


def _began_with(system: System, one: Session, texts: Texts) -> str:
    """The provider that vouched, or what was typed or touched here; what was proven in it later, too."""
    details, names = details_of(one), system.provider_names()
    vouched: list[str] = []
    if details.issuer and details.issuer != CERTIFICATE and names is not None:
        vouched = [texts("sessions.through", provider=names.get(details.issuer, details.issuer))]
    proven = [texts(f"sessions.factor.{factor.value}") for factor in one.factors if factor is not Factor.VOUCHED]
    on_phone = [texts("sessions.on_phone")] if details.through else []
    return ", ".join((*vouched, *proven, *on_phone)) or "–"
