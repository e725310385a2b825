"""The bank's app on one person's phone: what it asks, the number to type, approve, or refuse (T5).

GET  /{key}/requests/{request}           the question as it stands now
POST /{key}/requests/{request}/approve   with the number that the bank's page shows
POST /{key}/requests/{request}/refuse

It works without a script, and it never learns the number: the bank compares. The demonstration only.
"""

from dataclasses import dataclass
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.app_request import PushMessage
from poreka.demo.phone.inbox import messages_of, person_of
from poreka.demo.systems import DemoPerson, Phone
from poreka.outgoing.back_channel import PeerFault
from poreka.rules.authorising.operation_message import sms_date
from poreka.rules.authorising.push_request import PushState
from poreka.rules.shown_date import shown_moment, time_of_day
from poreka.systems.mobywatel.asker_over_http import AppFault, PhoneApp
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.form_errors import NO_ERRORS, FormErrors, form_errors
from poreka.web.frame import show


@dataclass(frozen=True, slots=True)
class Question:
    """Whose phone it is, which app asks, and what."""

    owner: DemoPerson
    app: PhoneApp
    told: PushMessage


async def show_question(request: Request, phone: Phone) -> Response:
    """GET /{key}/requests/{request}."""
    return _page(request, phone, await _question(request, phone))


async def approve(request: Request, phone: Phone) -> Response:
    """POST /{key}/requests/{request}/approve."""
    fields = await read_form(request, phone, "number")
    question = await _question(request, phone)
    number = "".join(fields["number"].split())
    if question.told.state is PushState.OPEN and not (len(number) == 2 and number.isascii() and number.isdigit()):
        errors = form_errors(texts_of(request, phone), {"number": "demo.app.two_digits"})
        return _page(request, phone, question, errors=errors)
    return await _answer(request, phone, question, "approve", number)


async def refuse(request: Request, phone: Phone) -> Response:
    """POST /{key}/requests/{request}/refuse; the number in the same form counts for nothing."""
    await read_form(request, phone, "number")
    return await _answer(request, phone, await _question(request, phone), "refuse", None)


async def _answer(
    request: Request, phone: Phone, question: Question, said: Literal["approve", "refuse"], number: str | None
) -> Response:
    told = question.told
    if told.state is PushState.OPEN:
        try:
            await question.app.answer(told.id, told.customer, said, number)
        except (AppFault, PeerFault):
            errors = form_errors(texts_of(request, phone), {"": "demo.app.away"})
            return _page(request, phone, question, status=503, errors=errors)
    return redirect(request, phone, f"/{question.owner.key}/requests/{told.id}")


async def _question(request: Request, phone: Phone) -> Question:
    """The question of the address, as its bank tells it now; raises `PageNotFound`."""
    owner = person_of(phone, request.path_params["key"])
    for message in await messages_of(phone, owner):
        app = phone.apps.get(message.sender)
        if message.channel != "push" or app is None:
            continue
        told = msgspec.json.decode(message.text, type=PushMessage)
        if told.id == request.path_params["request"]:
            return Question(owner, app, await _now(app, told))
    raise PageNotFound


async def _now(app: PhoneApp, told: PushMessage) -> PushMessage:
    try:
        current = await app.question(told.id, told.customer)
    except (AppFault, PeerFault):
        return told
    return current or msgspec.structs.replace(told, state=PushState.LAPSED)


def _page(
    request: Request,
    phone: Phone,
    question: Question,
    *,
    status: int | None = None,
    errors: FormErrors = NO_ERRORS,
) -> Response:
    told = question.told
    return show(
        request,
        phone,
        "demo/phone/question.html",
        status=status,
        errors=errors,
        owner=question.owner,
        told=told,
        date=sms_date(told.operation.date),
        asked_at=shown_moment(told.asked_at, texts_of(request, phone).language, short=True, seconds=True),
        until=time_of_day(told.expires_at, seconds=True),
        state=told.state.value,
    )
