"""GET /applications/{number}: who applied, as the clerk compares it with a document; and the ways to decide.

A clerk's own application has no way on, and one that was decided says how it ended. An application of somebody who
has a valid profile waits until that one has ended.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.desk import Case
from poreka.contracts.desk_words import TrustedProfileState
from poreka.rules.shown_date import shown_day
from poreka.store.sessions import Session
from poreka.systems.desk.clerk import last_day, named
from poreka.systems.desk.system import DeskSystem
from poreka.web.browser.language import texts_of
from poreka.web.form_errors import FormErrors
from poreka.web.frame import show
from poreka.web.texts import Texts


async def show_case(request: Request, desk: DeskSystem, session: Session) -> Response:
    """GET /applications/{number}."""
    case = await desk.office.case(await named(desk, session), request.path_params["number"])
    return page(request, desk, session, case)


def page(request: Request, desk: DeskSystem, session: Session, case: Case, fault: str = "") -> Response:
    """The case; `fault`: what the trusted profile said to a decision."""
    texts = texts_of(request, desk)
    told = texts(f"desk.no.{fault}") if fault else ""
    return show(
        request,
        desk,
        "systems/desk/applications/case.html",
        session=session,
        status=409 if fault else None,
        number=case.number,
        rows=rows_of(texts, case),
        state=case.state.value,
        waits=case.state is TrustedProfileState.APPLIED,
        own=case.own,
        held=case.held,
        shared=case.shared,
        first_by=case.first_by,
        mine=case.mine,
        video=bool(desk.settings.desk.video),
        done=request.query_params.get("done") == "yes" and not fault,
        errors=FormErrors({"": told} if told else {}),
    )


def rows_of(texts: Texts, case: Case) -> list[dict[str, str]]:
    """What is compared with the document, and until when there is time."""
    values = {
        "first_name": case.first_name,
        "surname": case.surname,
        "pesel": case.pesel or texts("desk.case.hidden"),
        "phone": case.phone or texts("desk.case.hidden"),
        "email": case.email or texts("desk.case.hidden"),
        "applied": shown_day(case.applied_at, texts.language, short=True),
        "until": last_day(case.until, texts.language),
    }
    return [{"key": texts(f"desk.case.{name}"), "value": value} for name, value in values.items()]
