"""The inbox of one of the demonstration's people: what was sent to their phone and their address.

GET /                           choose a person
GET /{key}                      the inbox, newest first; the page's script looks again by itself
GET /messages.json?person=KEY   the same for programs

Nobody signs in here: it is a phone that lies on the table, and it exists in the demonstration only.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.demo_messages import DemoMessage
from poreka.web.failures import PageNotFound
from poreka.web.forms import BadForm, once, query_pairs
from poreka.web.frame import language_of, show, texts_of
from poreka.web.systems import DemoPerson, Phone
from poreka.web.texts import Texts


async def choose_person(request: Request, phone: Phone) -> Response:
    """GET /."""
    return show(
        request,
        phone,
        "flows/demo_phone/people.html",
        people=phone.people,
        language=language_of(request, phone),
    )


async def show_inbox(request: Request, phone: Phone) -> Response:
    """GET /{key}."""
    person = _person(phone, request.path_params["key"])
    shown = [_shown(message, texts_of(request, phone)) for message in await _messages(phone, person)]
    return show(request, phone, "flows/demo_phone/inbox.html", owner=person, messages=shown)


async def messages_json(request: Request, phone: Phone) -> Response:
    """GET /messages.json?person=KEY."""
    key = once(query_pairs(request), ("person",))["person"]
    if not key:
        raise BadForm("missing")
    messages = await _messages(phone, _person(phone, key))
    return JSONResponse(
        [
            {
                "id": message.id,
                "channel": message.channel,
                "sent_at": warsaw_moment(message.sent_at).isoformat(),
                "sender": message.sender,
                "text": message.text,
            }
            for message in messages
        ]
    )


def _person(phone: Phone, key: str) -> DemoPerson:
    for person in phone.people:
        if person.key == key:
            return person
    raise PageNotFound


async def _messages(phone: Phone, person: DemoPerson) -> list[DemoMessage]:
    logins = (account["login"] for account in person.accounts)  # letters are addressed to a customer number
    return await phone.messages.of_recipients(tuple(dict.fromkeys((person.phone, person.email, *logins))))


def _shown(message: DemoMessage, texts: Texts) -> dict[str, str]:
    moment = warsaw_moment(message.sent_at)
    return {
        "sender": message.sender,
        "text": message.text,
        "sent_at": moment.strftime("%d-%m-%Y, %H:%M:%S"),
        "sent_at_iso": moment.isoformat(),
        "channel": texts(f"demo.phone.{message.channel}"),
    }
