"""The pages of a patient account, from what it tells: the same in the browser and in the phone app (K3, K4).

`frame` is the template around the page: the house's own, or the app's. Templates: `home.html`,
`records.html`, `history.html`.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.patient_account import KINDS, SELF, AccountTold, HistoryTold, RecordKind, RecordsTold
from poreka.rules.shown_date import people_time
from poreka.store.sessions import Session
from poreka.web.browser.language import language_of, texts_of
from poreka.web.failures import PageNotFound
from poreka.web.frame import show
from poreka.web.system import System

FOR = "acting_for"
"""The cookie that holds for whom one looks: a name that is asked about anew at every page."""
PAGE, APP_PAGE = "web/layout/base.html", "web/app.html"


def kind_asked(request: Request) -> RecordKind:
    """Which records the address names; raises `PageNotFound`."""
    kind = next((one for one in KINDS if one == request.path_params["kind"]), None)
    if kind is None:
        raise PageNotFound
    return kind


def show_home(request: Request, system: System, session: Session, told: AccountTold, frame: str = PAGE) -> Response:
    """What there is, for whom."""
    texts, names = texts_of(request, system), {one.id: one.name for one in told.people}
    tiles = [
        {
            "href": f"/account/{kind}",
            "label": texts(f"patient.{kind}s"),
            "tag": str(told.counts[kind]) if told.counts.get(kind) else texts("patient.none"),
            "text": texts(f"patient.{kind}s_text"),
        }
        for kind in KINDS
    ]
    return show(
        request,
        system,
        "relying/patient_account/home.html",
        session=session,
        frame=frame,
        tiles=tiles,
        people=[{"value": one.id, "label": one.name} for one in told.people],
        chosen=told.chosen,
        child=None if told.chosen == SELF else names.get(told.chosen),
    )


def show_records(
    request: Request, system: System, session: Session, kind: RecordKind, told: RecordsTold, frame: str = PAGE
) -> Response:
    """Prescriptions, referrals or visits."""
    language = language_of(request, system)
    rows = [
        (people_time(one.at, language), one.what, one.by, *([one.code] if kind != "visit" else []))
        for one in told.records
    ]
    child = None if told.chosen.id == SELF else told.chosen.name
    return show(
        request,
        system,
        "relying/patient_account/records.html",
        session=session,
        frame=frame,
        kind=kind,
        rows=rows,
        child=child,
    )


def show_history(request: Request, system: System, session: Session, told: HistoryTold, frame: str = PAGE) -> Response:
    """Every entry, with who vouched or which tool opened it, and the level."""
    texts = texts_of(request, system)
    rows = []
    for line in told.lines:
        how = texts(f"patient.tool.{line.how}") if line.what in ("opened", "copied") else line.how
        if line.app:
            how = texts("patient.history.in_app", how=how) if how else texts("patient.history.app")
        level = texts(f"patient.level.{line.level}") if line.level else "–"
        rows.append((people_time(line.at, texts.language), texts(f"patient.history.{line.what}"), how or "–", level))
    return show(request, system, "relying/patient_account/history.html", session=session, frame=frame, rows=rows)
