"""GET /: the push requests that wait for the person's answer; GET /history: the latest requests and how they ended.

Without a session of a phone, GET / says what the app is for and shows the two ways on. For each request that is open
here, `state_now` asks its provider, so that a request which was withdrawn, or answered on another phone, is not listed
as waiting.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.outgoing.back_channel import PeerFault
from poreka.rules.authorising.push_request import PushState
from poreka.rules.shown_date import shown_moment, time_of_day
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.sessions import Session
from poreka.systems.mobywatel.asker_over_http import AppFault
from poreka.systems.mobywatel.phones.session_phone import phone_of
from poreka.systems.mobywatel.store.asked_requests import AskedRequest
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.browser.language import texts_of
from poreka.web.browser.redirect import redirect
from poreka.web.frame import show
from poreka.web.sessions import clear_session_cookie, details_of, session_of
from poreka.web.texts import Texts


async def show_home(request: Request, app: Mobywatel) -> Response:
    """GET /."""
    session = await session_of(request, app)
    if session is None or details_of(session).through:  # a browser that a phone signed in is no phone
        return show(request, app, "systems/mobywatel/questions/first.html", session=None)
    phone = await phone_of(app, session)
    if phone is None:
        return clear_session_cookie(redirect(request, app, "/"), app)
    waiting = await _waiting(app, session.person_id)
    return show(
        request,
        app,
        "systems/mobywatel/questions/waiting.html",
        session=session,
        device=phone.name,
        waiting=[_tile(asked, texts_of(request, app)) for asked in waiting],
    )


async def show_history(request: Request, app: Mobywatel, session: Session) -> Response:
    """GET /history."""
    if await phone_of(app, session) is None:
        return clear_session_cookie(redirect(request, app, "/"), app)
    texts, now = texts_of(request, app), app.clock()
    names = {device.id: device.name for device in await app.devices.every_of_person(session.person_id)}
    rows = [
        (
            shown_moment(warsaw_moment(asked.received_at), texts.language, short=True, seconds=True),
            asked.told.service,
            asked.told.purpose,
            texts(f"app.state.{asked.as_of(now).value}"),
            names.get(asked.device_id or "", "–"),
        )
        for asked in await app.asked.of_person(session.person_id)
    ]
    return show(request, app, "systems/mobywatel/questions/history.html", session=session, rows=rows)


async def _waiting(app: Mobywatel, person_id: str) -> list[AskedRequest]:
    """The requests that are open here and at their provider, the newest first."""
    now, latest = app.clock(), await app.asked.of_person(person_id)
    open_here = (asked for asked in latest if asked.as_of(now) is PushState.OPEN)
    return [asked for asked in open_here if await state_now(app, asked) is PushState.OPEN]


async def state_now(app: Mobywatel, asked: AskedRequest) -> PushState:
    """How a request stands at its provider; its end is recorded here.

    A provider that no longer knows the request has withdrawn it. Where the provider is not configured any more or does
    not answer, the state of our own row counts.
    """
    asker = app.askers.get(asked.asker)
    if asker is None:
        return asked.as_of(app.clock())
    try:
        message = await asker.answers.question(asked.told.id, asked.told.customer)
    except (AppFault, PeerFault):
        return asked.as_of(app.clock())
    state = message.state if message is not None else PushState.WITHDRAWN
    if state is not PushState.OPEN:
        await app.asked.ended(app.database, asked.told.id, state, app.clock())
    return state


def _tile(asked: AskedRequest, texts: Texts) -> dict[str, str]:
    message, until = asked.told, time_of_day(asked.told.expires_at, seconds=True)
    text = texts("app.waiting.line", purpose=message.purpose, time=until)
    return {"href": f"/requests/{message.id}", "label": message.service, "text": text}
