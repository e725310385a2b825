"""What clerks have proposed, and another clerk's decision (four eyes).

GET  /proposals                      what is open, without names
GET  /proposals/{proposal}           one of them: no buttons for who proposed it, or whom it concerns
POST /proposals/{proposal}/approve   it is carried out at once
POST /proposals/{proposal}/reject
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.desk import Approving, ProposalTold, Rejecting
from poreka.contracts.desk_words import ProposalState
from poreka.contracts.identity_check import LONGEST_NOTE
from poreka.rules.shown_date import shown_moment
from poreka.shown_words import is_fit_note
from poreka.store.sessions import Session
from poreka.systems.desk.clerk import named, note
from poreka.systems.desk.clerk_key import FIELDS, REFUSED, ToSign, signed_by_key, to_sign
from poreka.systems.desk.office_over_http import OfficeSaidNo
from poreka.systems.desk.system import DeskSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import FormErrors
from poreka.web.frame import show
from poreka.web.texts import Texts


async def show_open(request: Request, desk: DeskSystem, session: Session) -> Response:
    """GET /proposals."""
    found, texts = await desk.office.proposals(await named(desk, session)), texts_of(request, desk)
    tiles = [
        {
            "label": texts(f"desk.act.{one.act.value}"),
            "href": f"/proposals/{one.id}",
            "text": texts(
                "desk.proposals.line",
                clerk=one.proposed_by,
                until=one.until,
            ),
            "tag": texts("desk.mine") if one.mine else texts("desk.own") if one.own else None,
            "kind": "warning",
        }
        for one in found.proposals
    ]
    return show(request, desk, "systems/desk/profiles/proposals.html", session=session, tiles=tiles)


async def show_proposal(request: Request, desk: DeskSystem, session: Session) -> Response:
    """GET /proposals/{proposal}."""
    return await _page(request, desk, session)


async def approve(request: Request, desk: DeskSystem, session: Session) -> Response:
    """POST /proposals/{proposal}/approve."""
    fields = await read_form(request, desk, *FIELDS)
    proposal_id = request.path_params["proposal"]
    signed = await signed_by_key(request, desk, session, ToSign("approve", proposal_id), fields)
    if signed is None:
        return await _page(request, desk, session, REFUSED, status=422)
    try:
        await desk.office.approve(proposal_id, Approving(clerk=await named(desk, session), signed=signed))
    except OfficeSaidNo as no:
        await note(desk, session, "approve", proposal_id, no)
        return await _page(request, desk, session, f"desk.no.{no.error}")
    await note(desk, session, "approve", proposal_id, signed=signed)
    return redirect(request, desk, f"/proposals/{proposal_id}?done=yes")


async def reject(request: Request, desk: DeskSystem, session: Session) -> Response:
    """POST /proposals/{proposal}/reject."""
    fields = await read_form(request, desk, "note", *FIELDS)
    proposal_id, text = request.path_params["proposal"], fields["note"].replace("\r", "").strip()
    if not is_fit_note(text, LONGEST_NOTE):
        return await _page(request, desk, session, "desk.fault.note")
    signed = await signed_by_key(request, desk, session, ToSign("reject", proposal_id, ("note",)), fields)
    if signed is None:
        return await _page(request, desk, session, REFUSED, status=422)
    try:
        rejecting = Rejecting(clerk=await named(desk, session), signed=signed, note=text)
        await desk.office.reject(proposal_id, rejecting)
    except OfficeSaidNo as no:
        await note(desk, session, "reject", proposal_id, no)
        return await _page(request, desk, session, f"desk.no.{no.error}")
    await note(desk, session, "reject", proposal_id, signed=signed)
    return redirect(request, desk, f"/proposals/{proposal_id}?done=yes")


async def _page(
    request: Request, desk: DeskSystem, session: Session, fault: str = "", *, status: int = 409
) -> Response:
    found, texts = (
        await desk.office.proposal(await named(desk, session), request.path_params["proposal"]),
        texts_of(request, desk),
    )
    told, is_open = texts(fault) if fault else "", found.state is ProposalState.OPEN
    return show(
        request,
        desk,
        "systems/desk/profiles/proposal.html",
        session=session,
        status=status if told else None,
        proposal=found.id,
        act=found.act.value,
        state=found.state.value,
        rows=_rows(texts, found),
        own=found.own,
        mine=found.mine,
        may_decide=is_open and not found.own and not found.mine,
        approving=await to_sign(request, desk, session, ToSign("approve", found.id)),
        rejecting=await to_sign(request, desk, session, ToSign("reject", found.id, ("note",))),
        longest_note=LONGEST_NOTE,
        done=request.query_params.get("done") == "yes" and not told,
        errors=FormErrors({"": told} if told else {}),
    )


def _rows(texts: Texts, found: ProposalTold) -> list[dict[str, str]]:
    """What is proposed for whom, by whom, and why."""
    values = {
        "first_name": found.first_name,
        "surname": found.surname,
        "pesel": found.pesel or texts("desk.case.hidden"),
        "reason": texts(f"desk.why.{found.reason.value}") if found.reason else "",
        "new_first_name": found.facts.first_name if found.facts else "",
        "new_surname": found.facts.surname if found.facts else "",
        "new_pesel": found.facts.pesel if found.facts else "",
        "owner": texts("desk.ask.in_app") if found.owner_approved else "",
        "reference": found.reference,
        "note": found.note,
        "proposed_by": found.proposed_by,
        "proposed_at": shown_moment(found.proposed_at, texts.language, short=True),
        "lapses": shown_moment(found.until, texts.language, short=True),
    }
    return [{"key": texts(f"desk.case.{name}"), "value": value} for name, value in values.items() if value]
