"""Keeping a form that came at the wrong moment: after its session had ended, or before a stronger sign-in (Z8).

It is kept, sealed, for the person whose session it was and for this browser, for half an hour. Only forms on the
app's list are kept: none of them has a password.
"""

from collections.abc import Mapping

from starlette.requests import Request

from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session
from poreka.systems.portal.store.kept_forms import KeptForm
from poreka.systems.portal.system import Portal
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.own_form import read_form

KEPT_SECONDS = 30 * 60
Keepable = Mapping[str, tuple[str, ...]]
"""Which forms may be kept: the path each is sent to, and the fields it has."""


async def keep_form(request: Request, system: Portal, session: Session, known: tuple[str, ...]) -> None:
    """Keep a form for its owner; it must be one of our own pages', like any other (CSRF)."""
    fields = await read_form(request, system, *known)
    kept = KeptForm(
        id=system.fresh.id(),
        browser_hash=secret_hash(browser_of(request, system)),
        person_id=session.person_id,
        form=request.scope["path"].removeprefix("/"),
        fields=tuple((name, fields[name]) for name in known),
        expires_at=system.clock() + KEPT_SECONDS,
    )
    await system.database.insert(system.kept_forms.adding(kept))
