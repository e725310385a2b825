"""GET, POST /profiles/{profile}/{act}: one clerk proposes an act on a valid profile.

The profile changes only when another clerk agrees (`proposals.py`). The clerk types a reason for an invalidation, the
reference of a document for a death and for a change, and for a change the new facts as the population register has
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.desk import ClerkNamed, KeySigned, NewFacts, Proposing
from poreka.contracts.desk_words import Act, Reason
from poreka.contracts.identity_check import LONGEST_NOTE
from poreka.rules.people.names import NameFault, read_name
from poreka.rules.people.pesel import PeselFault, read_pesel
from poreka.shown_words import is_fit_note, is_fit_to_show
from poreka.store.sessions import Session
from poreka.systems.desk.clerk import named, note
from poreka.systems.desk.clerk_key import FIELDS as KEY_FIELDS
from poreka.systems.desk.clerk_key import REFUSED, ToSign, signed_by_key, to_sign
from poreka.systems.desk.office_over_http import OfficeSaidNo
from poreka.systems.desk.profiles.asking import Asking, load
from poreka.systems.desk.profiles.profile import rows_of
from poreka.systems.desk.system import DeskSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.form_errors import form_errors
from poreka.web.frame import show

FIELDS = ("approval", "reason", "first_name", "surname", "pesel", "reference", "note")
"""In the order of the page, in which faults are told, too."""
LONGEST_REFERENCE = 100
NOTHING: Mapping[str, str] = {}
SIGNED = {
    Act.INVALIDATION: ("reason", "note"),
    Act.DEATH: ("reference", "note"),
    Act.CHANGE: ("first_name", "surname", "pesel", "reference", "note"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A form of this page without a fault."""

    reason: Reason | None
    reference: str
    note: str = field(repr=False)
    facts: NewFacts | None

    def by(self, clerk: ClerkNamed, act: Act, signed: KeySigned) -> Proposing:
        """The proposal as it is sent to the trusted profile."""
        return Proposing(
            clerk=clerk,
            act=act,
            signed=signed,
            reason=self.reason,
            reference=self.reference,
            note=self.note,
            facts=self.facts,
        )


async def show_form(request: Request, desk: DeskSystem, session: Session) -> Response:
    """GET /profiles/{profile}/{act}."""
    return await _page(request, desk, session, NOTHING, {})


async def propose(request: Request, desk: DeskSystem, session: Session) -> Response:
    """POST /profiles/{profile}/{act}."""
    fields = await read_form(request, desk, *FIELDS, *KEY_FIELDS)
    act, profile_id = _act(request), request.path_params["profile"]
    read = _read(act, fields)
    if not isinstance(read, Read):
        return await _page(request, desk, session, fields, read)
    signed = await signed_by_key(request, desk, session, _signing(request), fields)
    if signed is None:
        return await _page(request, desk, session, fields, {"": REFUSED})
    asking = await _approved(request, desk, fields["approval"])
    proposing = read.by(await named(desk, session), act, signed)
    if asking is not None and read.reason is Reason.OWNER_ASKED:
        proposing = msgspec.structs.replace(proposing, approval=asking.approval, reference=asking.case)
    try:
        made = await desk.office.propose(profile_id, proposing)
    except OfficeSaidNo as no:
        await note(desk, session, "propose", profile_id, no)
        return await _page(request, desk, session, fields, {"": f"desk.no.{no.error}"})
    await note(desk, session, "propose", made.id, signed=signed)
    return redirect(request, desk, f"/proposals/{made.id}?done=yes")


def _signing(request: Request) -> ToSign:
    """What the key signs: everything that is typed for this act."""
    act = _act(request)
    return ToSign(f"propose/{act.value}", request.path_params["profile"], SIGNED[act])


def _read(act: Act, fields: Mapping[str, str]) -> Read | dict[str, str]:
    """What was typed for this act, or the text key of what is wrong, by field."""
    faults: dict[str, str] = {}
    text, reference = fields["note"].replace("\r", "").strip(), fields["reference"].strip()
    if not is_fit_note(text, LONGEST_NOTE):
        faults["note"] = "desk.fault.note"
    if act is Act.INVALIDATION:
        if fields["reason"] not in {one.value for one in Reason}:
            faults["reason"] = "desk.propose.fault.reason"
        reference = ""
    elif not is_fit_to_show(reference, LONGEST_REFERENCE):
        faults["reference"] = "desk.propose.fault.reference"
    facts = _read_facts(fields, faults) if act is Act.CHANGE else None
    if faults:
        return faults
    reason = Reason(fields["reason"]) if act is Act.INVALIDATION else None
    return Read(reason=reason, reference=reference, note=text, facts=facts)


async def _approved(request: Request, desk: DeskSystem, journey_id: str) -> Asking | None:
    """The question that the owner approved in the app (`asking.py`), if the form names one; raises `StalePage`."""
    if not journey_id or _act(request) is not Act.INVALIDATION:
        return None
    _, asking = await load(request, desk, journey_id[:64])
    return asking if asking.approval else None


def _read_facts(fields: Mapping[str, str], faults: dict[str, str]) -> NewFacts | None:
    first_name, surname = read_name(fields["first_name"]), read_name(fields["surname"])
    pesel = read_pesel(fields["pesel"].strip())
    if isinstance(first_name, NameFault):
        faults["first_name"] = f"profiles.fault.first_name.{first_name.value}"
    if isinstance(surname, NameFault):
        faults["surname"] = f"profiles.fault.surname.{surname.value}"
    if isinstance(pesel, PeselFault):
        faults["pesel"] = f"profiles.fault.pesel.{pesel.value}"
    if isinstance(first_name, NameFault) or isinstance(surname, NameFault) or isinstance(pesel, PeselFault):
        return None
    return NewFacts(first_name=first_name, surname=surname, pesel=pesel.digits)


def _act(request: Request) -> Act:
    if request.path_params["act"] not in {one.value for one in Act}:
        raise PageNotFound
    return Act(request.path_params["act"])


async def _page(
    request: Request, desk: DeskSystem, session: Session, typed: Mapping[str, str], faults: Mapping[str, str]
) -> Response:
    act = _act(request)
    found = await desk.office.profile(await named(desk, session), request.path_params["profile"])
    texts = texts_of(request, desk)
    if found.own:
        return redirect(request, desk, f"/profiles/{found.id}")
    approval = (typed or request.query_params).get("approval", "")
    asking = await _approved(request, desk, approval)
    in_order = {field: faults[field] for field in ("", *FIELDS) if field in faults}
    return show(
        request,
        desk,
        "systems/desk/profiles/propose.html",
        session=session,
        profile=found.id,
        act=act.value,
        rows=rows_of(texts, found),
        reasons=[{"value": one.value, "label": texts(f"desk.why.{one.value}")} for one in Reason],
        longest_note=LONGEST_NOTE,
        longest_reference=LONGEST_REFERENCE,
        sign=await to_sign(request, desk, session, _signing(request)),
        approval=approval if asking else "",
        case=asking.case if asking else "",
        typed=typed
        or {
            "reason": "owner_asked" if asking else "",
            "first_name": found.first_name,
            "surname": found.surname,
            "pesel": found.pesel,
        },
        errors=form_errors(texts, in_order),
    )
