"""The two codes of a profile in the making: by SMS to the phone, then by e-mail (T1).

Each is an operation of the journey (`codes/journey_codes.py`). How many go to one number or address in a day is
counted, so that nobody's phone or mailbox can be filled from here.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.codes.answer import Over, Right, Wrong
from poreka.codes.answer import answer as answer_operation
from poreka.codes.counted_tries import count_sending
from poreka.codes.journey_codes import CodeLetter, issue_code, save_given, send_again, wrong_words
from poreka.rules.authorising.operation import (
    Expired,
    NewCode,
    NoMoreResends,
    NotOpen,
    Operation,
    OperationState,
    TooSoon,
)
from poreka.rules.authorising.operation_code import Code
from poreka.rules.authorising.operation_message import sms_date, sms_text
from poreka.store.database import Stale
from poreka.systems.trusted_profile.creation.pages import show_code_fault, show_code_wait
from poreka.systems.trusted_profile.creation.under_way import Making, load
from poreka.systems.trusted_profile.rules.creation_record import CreationRecord, written
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.settings.every_kind import code_domain
from poreka.web.texts import Texts


async def answer(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /new/{journey}/code: the code, or the wish for a new one."""
    fields = await read_form(request, pz, "code", "do")
    making = await load(request, pz)
    if making.operation is None:
        return redirect(request, pz, making.address)
    if fields["do"] == "again":
        return await _again(request, pz, making, making.operation)
    answered = await answer_operation(pz, making.operation, fields["code"], None)
    match answered:
        case Right(after):
            await _confirmed(request, pz, making, making.operation, after)
        case Wrong():
            return show_code_fault(request, pz, making, wrong_words(texts_of(request, pz), answered))
        case Over():
            pass  # the page shows how it ended
    return redirect(request, pz, making.address)


async def begin_code(
    request: Request, pz: TrustedProfileSystem, making: Making, record: CreationRecord, step: str
) -> None:
    """Save what was typed and send the code of a step, together; another tab's decision stands."""
    try:
        async with pz.audit.transaction() as (transaction, note):
            letter = _letter(pz, texts_of(request, pz), record, step)
            operation = await issue_code(request, pz, transaction, note, making.journey.id, letter)
            state = msgspec.structs.replace(record.state, **{f"{step}_operation_id": operation.id, step: None})
            await pz.journeys.save(transaction, making.journey, written(msgspec.structs.replace(record, state=state)))
    except Stale:
        return
    pz.wake_delivery()


async def wait_for_codes(pz: TrustedProfileSystem, phone: str, email: str) -> str | None:
    """Count one code to a number and an address; the key of what to tell where there were too many."""
    counted = await count_sending(pz, "creation code", f"phone\0{phone}", f"email\0{email.lower()}")
    return None if counted else "trusted.fault.too_many_codes"


async def _confirmed(
    request: Request, pz: TrustedProfileSystem, making: Making, before: Operation, after: Operation
) -> None:
    """The right code: it is used up, and after the phone's the e-mail's is sent."""
    record = making.record
    try:
        async with pz.audit.transaction() as (transaction, note):
            await save_given(pz, transaction, before, after)
            state = record.state
            if making.stands == "phone":
                letter = _letter(pz, texts_of(request, pz), record, "email")
                operation = await issue_code(request, pz, transaction, note, making.journey.id, letter)
                state = msgspec.structs.replace(state, email_operation_id=operation.id)
            await pz.journeys.save(transaction, making.journey, written(msgspec.structs.replace(record, state=state)))
    except Stale:
        return  # another tab used it
    pz.wake_delivery()


async def _again(request: Request, pz: TrustedProfileSystem, making: Making, operation: Operation) -> Response:
    texts, record = texts_of(request, pz), making.record
    if operation.state is OperationState.EXPIRED:
        if wait := await wait_for_codes(pz, record.phone, record.email):
            return show_code_fault(request, pz, making, texts(wait))
        await begin_code(request, pz, making, record, making.stands)
        return redirect(request, pz, making.address)
    match await send_again(request, pz, operation, _letter(pz, texts, record, making.stands), known=True):
        case TooSoon(seconds):
            return show_code_wait(request, pz, making, seconds)
        case NewCode() | NoMoreResends() | Expired() | NotOpen():
            pass  # the page shows what became of it
    return redirect(request, pz, making.address)


def _letter(pz: TrustedProfileSystem, texts: Texts, record: CreationRecord, step: str) -> CodeLetter:
    """The message with a code; the SMS is Polish like every SMS with a code, the e-mail in the page's language."""
    name = pz.settings.system.name
    if step == "phone":
        purpose = pz.texts["pl"]("trusted.purpose.creation")

        def sms(operation: Operation, code: Code) -> str:
            return sms_text(operation, code, pz.clock(), code_domain(pz.settings))

        return CodeLetter(channel="sms", recipient=record.phone, purpose=purpose, body=sms, person_id=None)
    purpose = texts("trusted.purpose.creation")

    def mail(operation: Operation, code: Code) -> str:
        date, number = sms_date(operation.date), operation.number
        return texts("profiles.mail.code", system=name, purpose=purpose, number=number, date=date, code=code)

    return CodeLetter(channel="email", recipient=record.email, purpose=purpose, body=mail, person_id=None)
