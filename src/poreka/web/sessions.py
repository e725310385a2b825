"""Who is signed in: from the cookie to the session, and from a proven person to a new cookie.

A session has a new secret at every sign-in and step-up, so that one planted before means nothing
after. Activity is written down at most once a minute. How long one lives: `rules/session_life.py`.
"""

from dataclasses import dataclass, replace

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.browser_words import browser_words
from poreka.rules.levels import Factor
from poreka.rules.session_life import SessionLimits, is_alive, should_write
from poreka.store.database import Insert, Writer
from poreka.store.sessions import Session
from poreka.web.system import System


class Details(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What pages need of a session besides who it is; sealed in the store."""

    name: str
    issuer: str = ""  # at a relying party: who vouched; empty for a password of its own
    device: str = ""  # in the phone app: which phone it is
    through: str = ""  # at the phone app: the phone that approved a sign-in on another device
    acr: str = ""  # the level that the issuer gave; empty where the session's own factors tell it
    amr: tuple[str, ...] = ()  # the methods that the issuer named
    browser: str = ""  # browser and system when the session began, in plain words (`rules/browser_words.py`)
    passkey: str = ""  # the id of the passkey that opened it: when that is ended, the session ends, too
    answers: str = ""  # the journey of the release that the person signed in for: only there does it count as new


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session about to be opened: its row, its name, and the secret for the cookie."""

    row: Insert
    sid: str
    cookie: str


def limits_of(system: System) -> SessionLimits:
    """The session limits of a system."""
    about = system.settings.system
    return SessionLimits(idle=about.session_idle_seconds, absolute=about.session_seconds)


def details_of(session: Session) -> Details:
    """The session's details."""
    return msgspec.json.decode(session.details, type=Details)


async def session_of(request: Request, system: System) -> Session | None:
    """The living session of this browser, or None; notes now and then that it was used."""
    cookie = system.cookies.secret(request, "session")
    if cookie is None:
        return None
    session = await system.sessions.by_cookie(cookie)
    return await still_alive(system, session, cookie)


async def still_alive(system: System, session: Session | None, cookie: str) -> Session | None:
    """The session if it lives, its activity written down when that is worth a write."""
    now, limits = system.clock(), limits_of(system)
    if session is None or not is_alive(session.times, limits, now):
        return None
    if should_write(session.times, limits, now):
        ends_at = _end(session.started_at, limits, now)
        await system.sessions.touch(system.database, cookie, now=now, ends_at=ends_at)
        session = replace(session, active_at=now, ends_at=ends_at)  # the page counts down from what was written
    return session


def new_session(
    request: Request,
    system: System,
    person_id: str,
    factors: tuple[Factor, ...],
    details: Details,
    auth_time: int | None = None,
) -> NewSession:
    """A session that begins now in this browser; `auth_time` is when the person was last proven, if elsewhere."""
    details = msgspec.structs.replace(details, browser=browser_words(request.headers.get("user-agent", "")))
    now, sid, cookie = system.clock(), system.fresh.id(), system.fresh.secret()
    session = Session(
        sid=sid,
        person_id=person_id,
        auth_time=now if auth_time is None else auth_time,
        started_at=now,
        active_at=now,
        ends_at=_end(now, limits_of(system), now),
        factors=factors,
        details=msgspec.json.encode(details),
    )
    return NewSession(system.sessions.opening(session, cookie), sid, cookie)


async def step_up(system: System, writer: Writer, session: Session, cookie: str, factor: Factor) -> str:
    """Add a factor to the session, put a new secret in place of its cookie's, and return that one for the cookie.

    `auth_time` stays: a further factor is no new sign-in. Raises `Stale` when the session has ended meanwhile.
    """
    fresh, now = system.fresh.secret(), system.clock()
    factors = tuple(dict.fromkeys((*session.factors, factor)))
    ends_at = _end(session.started_at, limits_of(system), now)
    await system.sessions.reissue(writer, cookie, fresh, factors=factors, now=now, ends_at=ends_at)
    return fresh


def set_session_cookie(response: Response, system: System, cookie: str, browser: str | None) -> Response:
    """Give the browser its session; the cookie lasts until the browser closes.

    `browser` is the browser's new secret at a sign-in (`web/new_browser.py`), and None at a step-up, where the same
    person goes on.
    """
    system.cookies.set(response, "session", cookie)
    if browser is not None:
        system.cookies.set(response, "browser", browser)
    return response


def clear_session_cookie(response: Response, system: System, browser: str | None = None) -> Response:
    """Delete the session's cookie and what the browser keeps of our pages, and give the browser another secret.

    `browser` is that secret where something goes on under it; else one is made. `Clear-Site-Data` does not name
    "cookies", because that deletes those of the whole registrable domain and would sign people out at its other
    systems; at a phone app it does not name "storage", because the app's subscription to questions is kept there.
    """
    system.cookies.clear(response, "session")
    system.cookies.set(response, "browser", browser or system.fresh.secret())
    is_phone = system.settings.system.kind == "mobywatel"
    response.headers["clear-site-data"] = '"cache"' if is_phone else '"cache", "storage"'
    return response


def _end(started_at: int, limits: SessionLimits, now: int) -> int:
    return min(started_at + limits.absolute, now + limits.idle)
