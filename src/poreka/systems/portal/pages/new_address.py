"""Another e-mail address: it counts once the code that went to it was typed, so that a typo shuts nobody out (Z7).

GET, POST /settings/email/{journey}

Both addresses are told, and for a while a forgotten password is not recovered by the new one: an address can be moved
by nobody unnoticed. What has to be proven before the code goes out is said in `contact.py`.
"""

from dataclasses import replace

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SettingsChanged
from poreka.codes.answer import LIMITS, Over, Right, Wrong, answer
from poreka.codes.code_times import code_times
from poreka.codes.journey_codes import CodeLetter, save_given, wrong_words
from poreka.codes.mail_code import another_code, begin_with_code
from poreka.codes.message_state import message_state
from poreka.oidc.relying_party.discreet import Discreet
from poreka.rules.acts.act import Addresses
from poreka.rules.acts.table import ACTS
from poreka.rules.acts.words import act_words
from poreka.rules.authorising.operation import Operation, OperationState, as_of
from poreka.rules.authorising.operation_code import Code
from poreka.rules.authorising.operation_message import sms_date
from poreka.store.database import Insert, Stale
from poreka.store.journeys import Journey
from poreka.store.outbox import Message
from poreka.store.sessions import Session
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import StalePage
from poreka.web.form_errors import FormErrors
from poreka.web.frame import show
from poreka.web.own_journey import own_journey
from poreka.web.texts import Texts

KIND, LIFE = "new_address", 30 * 60
NEWS_LIFE = 3 * 24 * 3600
ACT = ACTS["change_email"]


class NewAddress(Discreet, frozen=True, kw_only=True):
    """What is stored: whose, the new address, and the operation with the code that went to it."""

    person_id: str
    email: str
    operation_id: str


async def begin_new_address(request: Request, system: Portal, profile: Profile, email: str) -> str:
    """Send the code to the new address; returns the page that asks for it."""
    letter = _code_letter(system, texts_of(request, system), profile.id, email)

    def state(operation_id: str) -> NewAddress:
        return NewAddress(person_id=profile.id, email=email, operation_id=operation_id)

    return _address(await begin_with_code(request, system, KIND, LIFE, letter, state))


async def show_code(request: Request, system: Portal, session: Session) -> Response:
    """GET /settings/email/{journey}."""
    return await _page(request, system, session, *await _load(request, system, session))


async def take_code(request: Request, system: Portal, session: Session) -> Response:
    """POST /settings/email/{journey}: the right code moves the address."""
    fields = await read_form(request, system, "code", "do")
    journey, wanted, operation = await _load(request, system, session)
    texts, who = texts_of(request, system), session.person_id
    if fields["do"] == "again":
        letter = _code_letter(system, texts, who, wanted.email)
        if wait := await another_code(request, system, operation, letter, known=True):
            return await _page(request, system, session, journey, wanted, operation, wait=wait)
        return redirect(request, system, f"{_address(journey.id)}?sent=again")
    answered = await answer(system, operation, fields["code"], who)
    match answered:
        case Right(after):
            return await _move(request, system, session, journey, wanted, operation, after)
        case Wrong():
            return await _page(request, system, session, journey, wanted, operation, wrong_words(texts, answered))
        case Over():
            return redirect(request, system, _address(journey.id))


async def _move(
    request: Request,
    system: Portal,
    session: Session,
    journey: Journey,
    wanted: NewAddress,
    before: Operation,
    after: Operation,
) -> Response:
    profile = await system.profiles.by_id(session.person_id)
    if profile is None:
        raise StalePage
    moved = replace(profile, email=wanted.email, contact_changed_at=system.clock())
    try:
        async with system.audit.transaction() as (transaction, record):
            await save_given(system, transaction, before, after)
            await system.journeys.remove(transaction, journey.id)
            await system.profiles.save(transaction, profile, moved)
            await record(SettingsChanged(person_id=profile.id, fields=("email",)))
            for told in ACT.told:
                to = moved.email if told.to is Addresses.PRESENT else profile.email
                await transaction.insert(_news(system, texts_of(request, system), told.text, to, profile.id))
    except Stale:
        return redirect(request, system, "/settings")
    system.wake_delivery()
    return redirect(request, system, "/settings?saved=yes")


async def _load(request: Request, system: Portal, session: Session) -> tuple[Journey, NewAddress, Operation]:
    journey = await own_journey(request, system, KIND)
    wanted = msgspec.json.decode(journey.state, type=NewAddress)
    owned = await system.operations.load(wanted.operation_id)
    if wanted.person_id != session.person_id or owned is None:
        raise StalePage
    return journey, wanted, as_of(owned.operation, system.clock())


async def _page(
    request: Request,
    system: Portal,
    session: Session,
    journey: Journey,
    wanted: NewAddress,
    operation: Operation,
    fault: str | None = None,
    wait: int = 0,
) -> Response:
    delivery = await system.outbox.status_of(f"operation:{operation.id}:{operation.resends}")
    return show(
        request,
        system,
        "codes/by_mail.html",
        session=session,
        status=429 if wait else None,
        what="registration",
        purpose=act_words(texts_of(request, system), ACT, {"email": wanted.email}),
        address=_address(journey.id),
        email=wanted.email,
        message=message_state(operation, delivery, system.clock()),
        asked_for=None,
        back="/settings",
        number=operation.number,
        date=sms_date(operation.date),
        expired=operation.state is not OperationState.ISSUED,
        resends_left=LIMITS.resends - operation.resends,
        sent_again=request.query_params.get("sent") == "again" and not (fault or wait),
        **code_times(operation, system.clock(), wait),
        errors=FormErrors({"code": fault} if fault else {}),
    )


def _address(journey_id: str) -> str:
    return f"/settings/email/{journey_id}"


def _code_letter(system: Portal, texts: Texts, person_id: str, email: str) -> CodeLetter:
    purpose = act_words(texts, ACT, {"email": email})
    name = system.settings.system.name

    def body(operation: Operation, code: Code) -> str:
        date, number = sms_date(operation.date), operation.number
        return texts("profiles.mail.code", system=name, purpose=purpose, number=number, date=date, code=code)

    return CodeLetter(recipient=email, purpose=purpose, body=body, person_id=person_id)


def _news(system: Portal, texts: Texts, key: str, to: str, person_id: str) -> Insert:
    now = system.clock()
    message = Message(
        id=system.fresh.id(),
        channel="email",
        recipient=to,
        body=texts(key, system=system.settings.system.name),
        about=f"profile:{person_id}",
        created_at=now,
        due_at=now,
        expires_at=now + NEWS_LIFE,
    )
    return system.outbox.adding(message)
