"""Registering without a bank: form → code by e-mail → an untrusted profile with its login (Z5).

The order is `systems/portal/rules/registration.py`. Making the profile, or refusing to: `registered.py`. Codes
to one address are counted, so that nobody's mailbox can be filled from here.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.codes.answer import LIMITS, Over, Right, Wrong
from poreka.codes.answer import answer as answer_operation
from poreka.codes.code_times import code_times
from poreka.codes.counted_tries import count, counted_under, wait_text
from poreka.codes.journey_codes import CodeLetter, issue_code, send_again, wrong_words
from poreka.codes.mail_code import begin_with_code, code_letter
from poreka.codes.message_state import message_now
from poreka.codes.new_password import names_of
from poreka.rules.authorising.operation import (
    Expired,
    NewCode,
    NoMoreResends,
    NotOpen,
    Operation,
    OperationState,
    TooSoon,
)
from poreka.rules.authorising.operation_message import sms_date
from poreka.rules.limits.attempts import CODES_LOCK, Allowed, Locked, Slowed
from poreka.store.database import Stale
from poreka.systems.portal.own_profile.registered import register
from poreka.systems.portal.own_profile.registration_form import (
    FIELDS,
    PASSWORDS,
    Faulty,
    Registration,
    read_registration,
)
from poreka.systems.portal.own_profile.registration_record import (
    KIND,
    LIFE,
    Registering,
    RegistrationRecord,
    Typed,
    about,
    load,
)
from poreka.systems.portal.rules.registration import RegistrationEnded, RegistrationState, stands_at
from poreka.systems.portal.system import Portal
from poreka.systems.portal.terms_told import terms_shown
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import NO_ERRORS, FormErrors, form_errors
from poreka.web.frame import show

LOGIN_DIGITS = 10
NOTHING: Mapping[str, str] = {}


async def show_form(request: Request, system: Portal) -> Response:
    """GET /register; with `?journey=` what was typed before stands in it again, but for the passwords."""
    journey = request.query_params.get("journey")
    typed = (await load(request, system, journey)).record.typed if journey else None
    return _form(request, system, _retyped(typed) if typed else NOTHING)


async def send_form(request: Request, system: Portal) -> Response:
    """POST /register: begin a registration and send the code."""
    fields = await read_form(request, system, *FIELDS)
    login = system.fresh.digits(LOGIN_DIGITS)
    read = read_registration(
        fields, login, names_of(system), about(system).terms_version, system.clock(), system.settings.sms.numbers
    )
    if isinstance(read, Faulty):
        return _form(request, system, fields, form_errors(texts_of(request, system), read.problems))
    allowed = await _count_code(system, read.email)
    if not isinstance(allowed, Allowed):
        text = wait_text(texts_of(request, system), allowed)
        return _form(request, system, fields, FormErrors({"": text}, {"": "email"}))
    typed = await _typed(system, read)
    return redirect(request, system, f"/register/{await _begin(request, system, login, typed)}")


async def show_step(request: Request, system: Portal) -> Response:
    """GET /register/{journey}."""
    return await _page(request, system, await load(request, system, request.path_params["journey"]))


async def answer(request: Request, system: Portal) -> Response:
    """POST /register/{journey}: the code, or the wish for a new one."""
    fields = await read_form(request, system, "code", "do")
    registering = await load(request, system, request.path_params["journey"])
    if not _waits_for_code(registering, system) or registering.operation is None:
        return redirect(request, system, registering.address)
    if fields["do"] == "again":
        return await _again(request, system, registering)
    answered = await answer_operation(system, registering.operation, fields["code"], None)
    match answered:
        case Right(after):
            await register(request, system, registering, after)
        case Wrong():
            return await _page(request, system, registering, wrong_words(texts_of(request, system), answered))
        case Over():
            pass  # the page shows how it ended
    return redirect(request, system, registering.address)


async def _again(request: Request, system: Portal, registering: Registering) -> Response:
    """Send a new code for the same operation, or begin a new operation when the old one has expired."""
    if registering.operation is None or registering.record.typed is None:
        return redirect(request, system, registering.address)
    texts = texts_of(request, system)
    letter = code_letter(system, texts, "registration", registering.record.typed.email, None)
    if registering.operation.state is OperationState.EXPIRED:
        allowed = await _count_code(system, registering.record.typed.email)
        if not isinstance(allowed, Allowed):
            return await _page(request, system, registering, wait_text(texts, allowed))
        await _new_operation(request, system, registering, letter)
        return redirect(request, system, registering.address)
    match await send_again(request, system, registering.operation, letter, known=True):
        case TooSoon(seconds):
            return await _page(request, system, registering, wait=seconds)
        case NewCode() | NoMoreResends() | Expired() | NotOpen():
            pass  # the page shows what became of it
    return redirect(request, system, f"{registering.address}?sent=again")


async def _new_operation(request: Request, system: Portal, registering: Registering, letter: CodeLetter) -> None:
    try:
        async with system.audit.transaction() as (transaction, record):
            operation = await issue_code(request, system, transaction, record, registering.journey.id, letter)
            state = msgspec.structs.replace(registering.record.state, operation_id=operation.id, operation=None)
            fresh = msgspec.structs.replace(registering.record, state=state)
            await system.journeys.save(transaction, registering.journey, msgspec.json.encode(fresh))
    except Stale:
        return  # another tab has begun a new operation
    system.wake_delivery()


async def _count_code(system: Portal, email: str) -> Allowed | Slowed | Locked:
    """Count a code for its e-mail address, also for a second operation of one registration, as that has new tries."""
    return await count(system, counted_under(system, "registration code", email.lower()), lock=CODES_LOCK)


def _form(
    request: Request,
    system: Portal,
    typed: Mapping[str, str],
    errors: FormErrors = NO_ERRORS,
) -> Response:
    return show(
        request,
        system,
        "systems/portal/own_profile/register.html",
        typed=defaultdict(str, {name: value for name, value in typed.items() if name not in PASSWORDS}),
        errors=errors,
        **terms_shown(request, system),
    )


async def _page(
    request: Request, system: Portal, registering: Registering, wrong: str | None = None, *, wait: int = 0
) -> Response:
    stands = "refused" if registering.record.refused else stands_at(registering.record.state, system.clock())
    if stands is RegistrationEnded.REGISTERED:
        return show(request, system, "systems/portal/own_profile/registered.html", login=registering.record.login)
    if isinstance(stands, RegistrationEnded | str) or registering.record.typed is None or registering.operation is None:
        name = stands.value if isinstance(stands, RegistrationEnded) else "refused"
        return show(request, system, "systems/portal/own_profile/registration_ended.html", ended=name)
    operation, message = await message_now(system.operations, system.outbox, registering.operation, system.clock())
    data = {**_code_data(registering, operation, registering.record.typed.email, wrong, request), "message": message}
    if wait:
        data |= {"status": 429, "sent_again": False}
    times = code_times(operation, system.clock(), wait)
    return show(request, system, "codes/by_mail.html", **times, **data)


def _code_data(
    registering: Registering, operation: Operation, email: str, wrong: str | None, request: Request
) -> dict[str, Any]:
    return {
        "what": "registration",
        "address": registering.address,
        "email": email,
        "back": f"/register?journey={registering.journey.id}",
        "number": operation.number,
        "date": sms_date(operation.date),
        "expired": operation.state is OperationState.EXPIRED,
        "resends_left": LIMITS.resends - operation.resends,
        "sent_again": request.query_params.get("sent") == "again" and not wrong,
        "errors": FormErrors({"" if operation.state is OperationState.EXPIRED else "code": wrong} if wrong else {}),
    }


def _waits_for_code(registering: Registering, system: Portal) -> bool:
    step = stands_at(registering.record.state, system.clock())
    return not registering.record.refused and getattr(step, "name", None) == "email"


def _retyped(typed: Typed) -> Mapping[str, str]:
    facts = typed.facts
    return {
        "first_name": facts.first_name,
        "surname": facts.surname,
        "pesel": facts.pesel.digits,
        "phone": typed.phone or "",
        "email": typed.email,
    }


async def _typed(system: Portal, read: Registration) -> Typed:
    return Typed(
        facts=read.facts,
        phone=read.phone,
        email=read.email,
        password_hash=await system.passwords.hash(read.password),
        accepted=read.accepted,
    )


async def _begin(request: Request, system: Portal, login: str, typed: Typed) -> str:
    until = system.clock() + LIFE
    letter = code_letter(system, texts_of(request, system), "registration", typed.email, None)

    def record(operation_id: str) -> RegistrationRecord:
        state = RegistrationState(expires_at=until, form_received=True, operation_id=operation_id)
        return RegistrationRecord(state=state, login=login, typed=typed)

    return await begin_with_code(request, system, KIND, LIFE, letter, record)
