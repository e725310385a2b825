"""A valid profile, found by its owner's whole PESEL; every search and every look is recorded where the profile is.

GET, POST /profiles        the search; a PESEL is sent in a form, never in an address
GET  /profiles/{profile}   the facts, and the ways to propose something
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.desk import ProfileShown
from poreka.contracts.desk_words import Act
from poreka.rules.people.pesel import Pesel, read_pesel
from poreka.rules.shown_date import shown_day
from poreka.store.sessions import Session
from poreka.systems.desk.clerk import last_day, named, note
from poreka.systems.desk.office_over_http import OfficeSaidNo
from poreka.systems.desk.system import DeskSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import form_errors
from poreka.web.frame import show
from poreka.web.texts import Texts


async def show_search(request: Request, desk: DeskSystem, session: Session) -> Response:
    """GET /profiles."""
    return _search(request, desk, session, "")


async def find(request: Request, desk: DeskSystem, session: Session) -> Response:
    """POST /profiles."""
    fields = await read_form(request, desk, "pesel")
    pesel = read_pesel(fields["pesel"].strip())
    if not isinstance(pesel, Pesel):
        return _search(request, desk, session, f"profiles.fault.pesel.{pesel.value}")
    try:
        found = await desk.office.find(await named(desk, session), pesel.digits)
    except OfficeSaidNo as no:
        await note(desk, session, "find", "", no)
        return _search(request, desk, session, "desk.find.none")
    await note(desk, session, "find", found.id)
    return redirect(request, desk, f"/profiles/{found.id}")


async def show_profile(request: Request, desk: DeskSystem, session: Session) -> Response:
    """GET /profiles/{profile}."""
    found = await desk.office.profile(await named(desk, session), request.path_params["profile"])
    return show(
        request,
        desk,
        "systems/desk/profiles/profile.html",
        session=session,
        profile=found.id,
        rows=rows_of(texts_of(request, desk), found),
        own=found.own,
        proposed=found.proposal,
        acts=[one.value for one in Act],
        asks=desk.relying is not None,
        not_approved=request.query_params.get("note") == "not_approved",
    )


def rows_of(texts: Texts, found: ProfileShown) -> list[dict[str, str]]:
    """What the clerk sees of a profile."""
    values = {
        "first_name": found.first_name,
        "surname": found.surname,
        "pesel": found.pesel or texts("desk.case.hidden"),
        "valid_from": shown_day(found.valid_from, texts.language, short=True),
        "until": last_day(found.until, texts.language),
        "stands": texts("desk.profile.locked" if found.locked else "desk.profile.valid"),
    }
    return [{"key": texts(f"desk.case.{name}"), "value": value} for name, value in values.items()]


def _search(request: Request, desk: DeskSystem, session: Session, fault: str) -> Response:
    errors = form_errors(texts_of(request, desk), {"pesel": fault} if fault else {})
    return show(request, desk, "systems/desk/profiles/find.html", session=session, errors=errors)
