"""GET /requests/{request}: who asks, what for, which operation, when, until when, and the number to type (T5).

The number stands on the provider's page only. `answer.py` takes what the person does.
"""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.app_request import shown_words
from poreka.rules.authorising.operation_message import sms_date
from poreka.rules.authorising.push_request import PushState, matching_number
from poreka.rules.shown_date import shown_moment, time_of_day
from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session
from poreka.systems.mobywatel.asker_known import AskerKnown
from poreka.systems.mobywatel.phones.session_phone import ToSign, phone_of
from poreka.systems.mobywatel.questions.waiting import state_now
from poreka.systems.mobywatel.store.asked_requests import AskedRequest
from poreka.systems.mobywatel.store.devices import Device
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.browser.language import texts_of
from poreka.web.challenges import new_challenge
from poreka.web.failures import PageNotFound
from poreka.web.form_errors import form_errors
from poreka.web.frame import show
from poreka.web.passkeys import options_to_use


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the person of a session, on the session's phone; `state` as its provider says."""

    asked: AskedRequest
    asker: AskerKnown
    phone: Device
    state: PushState
    back: str = ""  # the page of a release in this very browser, which asked: then there is no other screen to read
    number: str = ""  # known then, and typed by nobody


async def show_question(request: Request, app: Mobywatel, session: Session) -> Response:
    """GET /requests/{request}."""
    return page(request, app, session, await load(request, app, session))


async def load(request: Request, app: Mobywatel, session: Session) -> Question:
    """The question of the address, if it is this person's and their phone is still enrolled; or `PageNotFound`."""
    asked = await app.asked.load(request.path_params["request"])
    phone = await phone_of(app, session)
    if asked is None or phone is None or asked.person_id != session.person_id or asked.asker not in app.askers:
        raise PageNotFound
    state = asked.as_of(app.clock())
    if state is PushState.OPEN:
        state = await state_now(app, asked)
    question = Question(asked=asked, asker=app.askers[asked.asker], phone=phone, state=state)
    return question if question.asker.enrols else await _asked_here(request, app, question)


async def _asked_here(request: Request, app: Mobywatel, question: Question) -> Question:
    """A question of the app's own: was it this browser that asked? Then two screens need not be compared."""
    own = await app.app_requests.load(question.asked.told.id)
    owned = await app.operations.load(own.operation_id) if own else None
    browser = secret_hash(app.cookies.secret(request, "browser") or "")
    journey = await app.journeys.load(owned.journey_id, browser, app.clock()) if owned else None
    if own is None or journey is None:
        return question
    return replace(question, back=f"/release/{journey.id}", number=matching_number(app.keys.codes, own.id))


def to_sign_of(question: Question) -> ToSign:
    """What a signature is for: this request of this provider, on this phone, as the page shows it."""
    told = question.asked.told
    return ToSign(f"approve:{question.asked.asker}:{told.id}:{question.phone.id}", shown_words(told))


def page(request: Request, app: Mobywatel, session: Session, question: Question, fault: str = "") -> Response:
    """The question, or how it ended; `fault` says why an answer was not taken."""
    told, texts, to_sign = question.asked.told, texts_of(request, app), to_sign_of(question)
    places = {"two_digits": "number", "no_use": "use", "away": ""}
    return show(
        request,
        app,
        "systems/mobywatel/questions/question.html",
        session=session,
        status=503 if fault == "away" else None,
        errors=form_errors(texts, {places[fault]: f"app.key.{fault}"} if fault else {}),
        told=told,
        state=question.state.value,
        date=sms_date(told.operation.date),
        asked_at=shown_moment(told.asked_at, texts.language, short=True, seconds=True),
        until=time_of_day(told.expires_at, seconds=True),
        ends_at=question.asked.expires_at,
        now=app.clock(),
        token=new_challenge(request, app, to_sign.purpose, question.asked.expires_at, to_sign.words),
        options=options_to_use(app.origin, [question.phone.key_id]),
        number=question.number,
        back=question.back,
    )
