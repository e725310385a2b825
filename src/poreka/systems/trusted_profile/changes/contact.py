"""Changing the phone or e-mail address: a code to the new one first, then an own operation with a current tool (T6).

The right code begins the own operation (`systems/trusted_profile/operation`), whose deed saves the new value; without
both answers nothing is saved.

GET, POST /profile/contact/{field}             the form: `phone` or `email`
GET, POST /profile/contact/{field}/{journey}   the code that went to the new one
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.codes.answer import LIMITS, Over, Right, Wrong, answer
from poreka.codes.code_times import code_times
from poreka.codes.counted_tries import count_sending
from poreka.codes.journey_codes import CodeLetter, save_given, wrong_words
from poreka.codes.mail_code import another_code, begin_with_code
from poreka.codes.message_state import message_now
from poreka.oidc.relying_party.discreet import Discreet
from poreka.rules.acts.table import OWN_OPERATIONS
from poreka.rules.acts.words import act_words
from poreka.rules.authorising.operation import Operation, OperationState, as_of, awaited
from poreka.rules.authorising.operation_code import Code
from poreka.rules.authorising.operation_message import sms_date, sms_text
from poreka.rules.people.contact import EmailFault, read_email
from poreka.rules.people.phone_number import PhoneFault, TakenNumbers, read_phone
from poreka.store.database import Stale
from poreka.store.journeys import Journey
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.operation.wanted import begin
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.strong_session import owner_of
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound, StalePage
from poreka.web.form_errors import FormErrors, form_errors
from poreka.web.frame import show
from poreka.web.own_journey import own_journey
from poreka.web.settings.every_kind import code_domain
from poreka.web.texts import Texts

KIND, LIFE = "contact_change", 30 * 60
FIELDS = ("phone", "email")
FORM = ("phone", "email")


class ContactChange(Discreet, frozen=True, kw_only=True):
    """What is stored: `field` is `phone` or `email`; `operation_id` is that of the code sent to the new `value`."""

    person_id: str
    field: str
    value: str
    operation_id: str


@dataclass(frozen=True, slots=True)
class _Changing:
    journey: Journey
    change: ContactChange
    operation: Operation

    @property
    def address(self) -> str:
        return f"/profile/contact/{self.change.field}/{self.journey.id}"


async def show_form(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/contact/{field}."""
    field = _field(request)
    owned = await owner_of(request, pz, session)
    return owned if isinstance(owned, Response) else _form(request, pz, session, field, {}, None)


async def take_form(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/contact/{field}: check the new value and send it a code."""
    fields = await read_form(request, pz, *FORM)
    field = _field(request)
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    value, fault = _read(field, fields, pz.settings.sms.numbers)
    if fault is None and not await _count(pz, owned, value):
        fault = "trusted.fault.too_many_codes"
    if fault is not None:
        return _form(request, pz, session, field, fields, fault)
    return redirect(request, pz, await _send(request, pz, owned, field, value))


async def show_code(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/contact/{field}/{journey}."""
    return await _code_page(request, pz, session, await _load(request, pz, session), None)


async def take_code(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/contact/{field}/{journey}: the right code leads on to authorising the change."""
    fields = await read_form(request, pz, "code", "do")
    changing = await _load(request, pz, session)
    if fields["do"] == "again":
        return await _again(request, pz, session, changing)
    answered = await answer(pz, changing.operation, fields["code"], session.person_id)
    match answered:
        case Right(after):
            return await _on(request, pz, changing, after)
        case Wrong():
            return await _code_page(request, pz, session, changing, wrong_words(texts_of(request, pz), answered))
        case Over():
            return redirect(request, pz, changing.address)


async def _again(request: Request, pz: TrustedProfileSystem, session: Session, changing: _Changing) -> Response:
    """Send another code to the new value, or show the page with the seconds to wait."""
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    letter = _letter(pz, texts_of(request, pz), owned, changing.change.field, changing.change.value)
    if wait := await another_code(request, pz, changing.operation, letter, known=True):
        return await _code_page(request, pz, session, changing, None, wait)
    return redirect(request, pz, f"{changing.address}?sent=again")


async def _on(request: Request, pz: TrustedProfileSystem, changing: _Changing, after: Operation) -> Response:
    """Use the right code up with the journey, and begin the own operation that saves the new value."""
    change = changing.change
    try:
        async with pz.database.transaction() as transaction:
            await save_given(pz, transaction, changing.operation, after)
            await pz.journeys.remove(transaction, changing.journey.id)
    except Stale:
        return redirect(request, pz, changing.address)
    values, deed = {change.field: change.value}, "phone" if change.field == "phone" else "email"
    next_page = f"/profile?done={change.field}"
    if deed == "phone":
        return await begin(request, pz, "phone", change.person_id, values=values, then=next_page)
    return await begin(request, pz, "email", change.person_id, values=values, then=next_page)


async def _send(request: Request, pz: TrustedProfileSystem, owned: OwnedProfile, field: str, value: str) -> str:
    letter = _letter(pz, texts_of(request, pz), owned, field, value)

    def change(operation_id: str) -> ContactChange:
        return ContactChange(person_id=owned.id, field=field, value=value, operation_id=operation_id)

    return f"/profile/contact/{field}/{await begin_with_code(request, pz, KIND, LIFE, letter, change)}"


def _letter(pz: TrustedProfileSystem, texts: Texts, owned: OwnedProfile, field: str, value: str) -> CodeLetter:
    if field == "phone":
        purpose = act_words(pz.texts["pl"], OWN_OPERATIONS["phone"], {"phone": value})

        def sms(operation: Operation, code: Code) -> str:
            return sms_text(operation, code, pz.clock(), code_domain(pz.settings))

        return CodeLetter(channel="sms", recipient=value, purpose=purpose, body=sms, person_id=owned.id)
    purpose, name = act_words(texts, OWN_OPERATIONS["email"], {"email": value}), pz.settings.system.name

    def mail(operation: Operation, code: Code) -> str:
        date, number = sms_date(operation.date), operation.number
        return texts("profiles.mail.code", system=name, purpose=purpose, number=number, date=date, code=code)

    return CodeLetter(channel="email", recipient=value, purpose=purpose, body=mail, person_id=owned.id)


async def _load(request: Request, pz: TrustedProfileSystem, session: Session) -> _Changing:
    now, journey = pz.clock(), await own_journey(request, pz, KIND)
    change = msgspec.json.decode(journey.state, type=ContactChange)
    owned = await pz.operations.load(change.operation_id)
    if change.person_id != session.person_id or change.field != _field(request) or owned is None:
        raise StalePage
    return _Changing(journey, change, as_of(owned.operation, now))


async def _count(pz: TrustedProfileSystem, owned: OwnedProfile, value: str) -> bool:
    """Count one code to a new number or address, for the owner and for the receiver; False: too many."""
    return await count_sending(pz, "contact code", f"owner\0{owned.id}", f"to\0{value.lower()}")


def _read(field: str, fields: Mapping[str, str], taken: TakenNumbers) -> tuple[str, str | None]:
    """The new value, or the text key of what is wrong with it."""
    if field == "phone":
        phone = read_phone(fields["phone"], taken)
        if phone is None:
            return "", "trusted.fault.phone.empty"
        if isinstance(phone, PhoneFault):
            return "", f"phone.fault.{phone.value}"
        return phone, None
    email = read_email(fields["email"])
    return ("", f"profiles.fault.email.{email.value}") if isinstance(email, EmailFault) else (email, None)


def _field(request: Request) -> str:
    field = request.path_params["field"]
    if field not in FIELDS:
        raise PageNotFound
    return str(field)


def _form(
    request: Request,
    pz: TrustedProfileSystem,
    session: Session,
    field: str,
    typed: Mapping[str, str],
    fault: str | None,
) -> Response:
    return show(
        request,
        pz,
        "systems/trusted_profile/changes/contact.html",
        session=session,
        field=field,
        typed=typed.get(field, ""),
        errors=form_errors(texts_of(request, pz), {field: fault} if fault else {}),
    )


async def _code_page(
    request: Request,
    pz: TrustedProfileSystem,
    session: Session,
    changing: _Changing,
    fault: str | None,
    wait: int = 0,
) -> Response:
    operation, message = await message_now(pz.operations, pz.outbox, changing.operation, pz.clock())
    return show(
        request,
        pz,
        "systems/trusted_profile/changes/code.html",
        session=session,
        status=429 if wait else None,
        address=changing.address,
        field=changing.change.field,
        to=changing.change.value,
        open=awaited(operation, LIMITS) is OperationState.ISSUED,
        lapsed=operation.state is OperationState.EXPIRED,
        **code_times(operation, pz.clock(), wait),
        message=message,
        resends_left=LIMITS.resends - operation.resends,
        sent_again=request.query_params.get("sent") == "again" and not (fault or wait),
        number=operation.number,
        date=sms_date(operation.date),
        errors=FormErrors({"code": fault} if fault else {}),
    )
