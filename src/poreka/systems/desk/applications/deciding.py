"""A clerk decides about an application: confirmed after a full check, or refused with a reason (T1).

GET, POST /applications/{number}/confirm/{way}   in person (`office`), or in a video call (`video`)
GET, POST /applications/{number}/refuse

A video call is held in the office's own system, by a link with the case's number; what is recorded here is what was
checked, and the call's reference there. The trusted profile decides: what it refuses is shown on the case.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.desk import Case, Confirming, Refusing
from poreka.contracts.desk_words import TrustedProfileState
from poreka.contracts.identity_check import (
    LONGEST_CALL,
    LONGEST_NOTE,
    Document,
    IdentityCheck,
    RefusalReason,
    Way,
    faults_of,
)
from poreka.shown_words import is_fit_note
from poreka.store.sessions import Session
from poreka.systems.desk.applications.case import page, rows_of
from poreka.systems.desk.clerk import named, note
from poreka.systems.desk.clerk_key import FIELDS, REFUSED, ToSign, signed_by_key, to_sign
from poreka.systems.desk.office_over_http import OfficeSaidNo
from poreka.systems.desk.settings import CASE
from poreka.systems.desk.system import DeskSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.form_errors import form_errors
from poreka.web.frame import show

CHECKED = ("document", "photo_fits", "data_agree", "call")
REFUSED_FIELDS = ("way", "reason", "note")
NOTHING: Mapping[str, str] = {}
NO_FAULTS: Mapping[str, str] = {}


async def show_confirmation(request: Request, desk: DeskSystem, session: Session) -> Response:
    """GET /applications/{number}/confirm/{way}."""
    return await _confirmation(request, desk, session)


async def confirm(request: Request, desk: DeskSystem, session: Session) -> Response:
    """POST /applications/{number}/confirm/{way}."""
    fields = await read_form(request, desk, *CHECKED, *FIELDS)
    way, number = _way(request, desk), request.path_params["number"]
    known = fields["document"] in {one.value for one in Document}
    check = IdentityCheck(
        way=way,
        document=Document(fields["document"]) if known else Document.IDENTITY_CARD,
        photo_fits=fields["photo_fits"] == "yes",
        data_agree=fields["data_agree"] == "yes",
        call=fields["call"].strip() if way is Way.VIDEO else "",
    )
    faults = {} if known else {"document": "desk.confirm.fault.document"}
    faults |= {fault.value: f"desk.confirm.fault.{fault.value}" for fault in faults_of(check)}
    if faults:
        return await _confirmation(request, desk, session, fields, faults)
    signed = await signed_by_key(request, desk, session, _signing_confirmation(request, way), fields)
    if signed is None:
        return await _unsigned(request, desk, session, fields)
    by = await named(desk, session)
    try:
        decided = await desk.office.confirm(number, Confirming(clerk=by, check=check, signed=signed))
    except OfficeSaidNo as no:
        return await _refused(request, desk, session, "confirm", no)
    await note(desk, session, "confirm", number, signed=signed)
    # "first": the page says that another clerk has to confirm it, too.
    return redirect(request, desk, f"/applications/{number}?done={'first' if decided.second else 'yes'}")


async def show_refusal(request: Request, desk: DeskSystem, session: Session) -> Response:
    """GET /applications/{number}/refuse."""
    return await _refusal(request, desk, session)


async def refuse(request: Request, desk: DeskSystem, session: Session) -> Response:
    """POST /applications/{number}/refuse."""
    fields = await read_form(request, desk, *REFUSED_FIELDS, *FIELDS)
    number, text = request.path_params["number"], fields["note"].replace("\r", "").strip()
    faults = {}
    if fields["way"] not in {one.value for one in Way}:
        faults["way"] = "desk.refuse.fault.way"
    if fields["reason"] not in {one.value for one in RefusalReason}:
        faults["reason"] = "desk.refuse.fault.reason"
    if not is_fit_note(text, LONGEST_NOTE):
        faults["note"] = "desk.fault.note"
    if faults:
        return await _refusal(request, desk, session, fields, faults)
    signed = await signed_by_key(request, desk, session, _signing_refusal(request), fields)
    if signed is None:
        return await _unsigned(request, desk, session, fields, refusing=True)
    by, way, reason = await named(desk, session), Way(fields["way"]), RefusalReason(fields["reason"])
    refusing = Refusing(clerk=by, way=way, reason=reason, signed=signed, note=text)
    try:
        await desk.office.refuse(number, refusing)
    except OfficeSaidNo as no:
        return await _refused(request, desk, session, "refuse", no)
    await note(desk, session, "refuse", number, signed=signed)
    return redirect(request, desk, f"/applications/{number}?done=yes")


async def _refused(request: Request, desk: DeskSystem, session: Session, act: str, no: OfficeSaidNo) -> Response:
    """Note that the trusted profile refused the act, and show the case as it stands now with its reason."""
    number = request.path_params["number"]
    await note(desk, session, act, number, no)
    case = await desk.office.case(await named(desk, session), number)
    return page(request, desk, session, case, no.error)


async def _confirmation(
    request: Request,
    desk: DeskSystem,
    session: Session,
    typed: Mapping[str, str] = NOTHING,
    faults: Mapping[str, str] = NO_FAULTS,
) -> Response:
    way = _way(request, desk)
    case, texts = await _case(request, desk, session), texts_of(request, desk)
    if not _may_decide(case):
        return redirect(request, desk, f"/applications/{case.number}")
    video = desk.settings.desk.video
    return show(
        request,
        desk,
        "systems/desk/applications/confirm.html",
        session=session,
        number=case.number,
        way=way.value,
        rows=rows_of(texts, case),
        call_address=video.replace(CASE, case.number) if way is Way.VIDEO else "",
        longest_call=LONGEST_CALL,
        sign=await to_sign(request, desk, session, _signing_confirmation(request, way)),
        documents=[{"value": one.value, "label": texts(f"desk.document.{one.value}")} for one in Document],
        typed=typed,
        errors=form_errors(texts, faults),
    )


async def _refusal(
    request: Request,
    desk: DeskSystem,
    session: Session,
    typed: Mapping[str, str] = NOTHING,
    faults: Mapping[str, str] = NO_FAULTS,
) -> Response:
    case, texts = await _case(request, desk, session), texts_of(request, desk)
    if case.own or case.state is not TrustedProfileState.APPLIED:
        return redirect(request, desk, f"/applications/{case.number}")
    return show(
        request,
        desk,
        "systems/desk/applications/refuse.html",
        session=session,
        number=case.number,
        rows=rows_of(texts, case),
        sign=await to_sign(request, desk, session, _signing_refusal(request)),
        ways=[{"value": one.value, "label": texts(f"desk.way.{one.value}")} for one in Way],
        reasons=[{"value": one.value, "label": texts(f"desk.reason.{one.value}")} for one in RefusalReason],
        longest_note=LONGEST_NOTE,
        typed=typed,
        errors=form_errors(texts, faults),
    )


async def _case(request: Request, desk: DeskSystem, session: Session) -> Case:
    return await desk.office.case(await named(desk, session), request.path_params["number"])


def _may_decide(case: Case) -> bool:
    return case.state is TrustedProfileState.APPLIED and not case.own and not case.held and not case.mine


async def _unsigned(
    request: Request, desk: DeskSystem, session: Session, typed: Mapping[str, str], *, refusing: bool = False
) -> Response:
    """The form again: the key did not sign this decision."""
    again = _refusal if refusing else _confirmation
    return await again(request, desk, session, typed, {"sign": REFUSED})


def _signing_confirmation(request: Request, way: Way) -> ToSign:
    return ToSign(f"confirm/{way.value}", request.path_params["number"], CHECKED)


def _signing_refusal(request: Request) -> ToSign:
    return ToSign("refuse", request.path_params["number"], REFUSED_FIELDS)


def _way(request: Request, desk: DeskSystem) -> Way:
    """The way in the address; a video call only where the office has a system for it."""
    way = request.path_params["way"]
    if way == Way.VIDEO.value and desk.settings.desk.video:
        return Way.VIDEO
    if way == Way.OFFICE.value:
        return Way.OFFICE
    raise PageNotFound
