"""POST /requests/{request}/approve and /refuse: the person's answer, brought to the provider that asked (T5).

To approve, this phone's key signs a challenge made for this request on this phone and for the words that it shows,
together with the number that was typed; the number itself is compared by the provider, and nowhere else. One signature
opens one request, once. To refuse, no signature is needed: nothing is opened by it.
"""

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from poreka.outgoing.back_channel import PeerFault
from poreka.rules.authorising.push_request import PushState
from poreka.store.database import AlreadyThere, Stale
from poreka.store.sessions import Session
from poreka.systems.mobywatel.asker_over_http import AppFault
from poreka.systems.mobywatel.events import KeyRefused, RequestAnswered
from poreka.systems.mobywatel.phones.session_phone import check_key
from poreka.systems.mobywatel.questions.question import Question, load, page, to_sign_of
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.passkeys import PasskeyRefused


async def approve(request: Request, app: Mobywatel, session: Session) -> Response:
    """POST /requests/{request}/approve."""
    fields = await read_form(request, app, "number", "token", "credential")
    question = await load(request, app, session)
    if question.state is not PushState.OPEN:
        return page(request, app, session, question)
    number = fields["number"]
    if not (len(number) == 2 and number.isascii() and number.isdigit()):
        return page(request, app, session, question, fault="two_digits")
    try:
        to_sign = to_sign_of(question)
        await check_key(request, app, question.phone, to_sign, number, fields["token"], fields["credential"])
    except (PasskeyRefused, AlreadyThere, Stale):
        await app.audit.save(event=KeyRefused(person_id=session.person_id, purpose="approve"))
        return page(request, app, session, question, fault="no_use")
    return await _answer(request, app, session, question, "approve", number)


async def refuse(request: Request, app: Mobywatel, session: Session) -> Response:
    """POST /requests/{request}/refuse; what else stands in the same form counts for nothing."""
    await read_form(request, app, "number", "token", "credential")
    question = await load(request, app, session)
    if question.state is not PushState.OPEN:
        return page(request, app, session, question)
    return await _answer(request, app, session, question, "refuse", None)


async def _answer(
    request: Request,
    app: Mobywatel,
    session: Session,
    question: Question,
    said: Literal["approve", "refuse"],
    number: str | None,
) -> Response:
    told = question.asked.told
    try:
        state = await question.asker.answers.answer(told.id, told.customer, said, number)
    except (AppFault, PeerFault):
        return page(request, app, session, question, fault="away")
    async with app.audit.transaction() as (transaction, record):
        await app.asked.ended(transaction, told.id, state, app.clock(), question.phone.id)
        await record(
            RequestAnswered(
                person_id=session.person_id,
                request_id=told.id,
                device_id=question.phone.id,
                said=said,
                state=state.value,
            )
        )
    return redirect(request, app, question.back or f"/requests/{told.id}")
