"""POST /requests: a provider's push request for one of its people (T5).

Taken once, however often it is sent; refused for good when the person has no phone here, so that the provider offers
another tool at once. Each phone that takes push messages is woken by one that says nothing but that a request waits.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.contracts.app_request import PushMessage
from poreka.oidc.errors import AnsweredAsJson
from poreka.rules.authorising.push_request import PushState
from poreka.shown_words import is_fit_to_show
from poreka.store.database import AlreadyThere, Insert
from poreka.store.outbox import Message
from poreka.systems.mobywatel.events import RequestTaken
from poreka.systems.mobywatel.push_sender import CHANNEL
from poreka.systems.mobywatel.registry.asker import asker_of
from poreka.systems.mobywatel.store.asked_requests import AskedRequest
from poreka.systems.mobywatel.store.devices import Device
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.door.asker import read_document

LONGEST_LIFE = 10 * 60
LONGEST_WORDS = 500


async def take_request(request: Request, app: Mobywatel) -> Response:
    """POST /requests."""
    asker = asker_of(request, app)
    told = await read_document(request, PushMessage)
    if not told.id or len(told.id) > 64 or not (told.id + told.customer).isprintable():
        raise AnsweredAsJson("invalid_request", "The request has no name, or its customer none.", status=400)
    if not all(is_fit_to_show(words, LONGEST_WORDS) for words in (told.provider, told.service, told.purpose)):
        raise AnsweredAsJson("invalid_request", "What the request says cannot be shown.", status=400)
    person = await app.people.of_customer(told.customer)
    phones = await app.devices.of_person(person.id) if person else []
    if person is None or not phones:
        raise AnsweredAsJson("no_device", "This customer has no phone here.", status=404)
    now, ends = app.clock(), int(told.expires_at.timestamp())
    if told.state is not PushState.OPEN or not now < ends <= now + LONGEST_LIFE:
        raise AnsweredAsJson("invalid_request", "The request is over, or lives too long.", status=400)

    asked = AskedRequest(asker=asker.key, person_id=person.id, told=told, received_at=now, expires_at=ends)

    try:
        async with app.audit.transaction() as (transaction, record):
            await transaction.insert(app.asked.adding(asked), *_wakings(app, asked, phones))
            await record(RequestTaken(person_id=person.id, request_id=told.id, asker=asker.key))
    except AlreadyThere:
        return JSONResponse({"state": "taken"}, 200)
    app.wake_delivery()
    return JSONResponse({"state": "taken"}, 201)


def _wakings(app: Mobywatel, asked: AskedRequest, phones: list[Device]) -> list[Insert]:
    """A push message for each phone that takes some; worth sending as long as the request can be answered."""
    return [
        app.outbox.adding(
            Message(
                id=app.fresh.id(),
                channel=CHANNEL,
                recipient=phone.id,
                body="",
                about=f"request:{asked.told.id}",
                created_at=asked.received_at,
                due_at=asked.received_at,
                expires_at=asked.expires_at,
            )
        )
        for phone in phones
        if phone.subscription is not None
    ]
