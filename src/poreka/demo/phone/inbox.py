"""The inbox of one of the demonstration's people: what was sent to their phone and their address.

GET /                           choose a person
GET /{key}                      the inbox, newest first; the page's script looks again by itself
GET /messages.json?person=KEY   the same for programs

What a bank's app asks stands above the messages as long as it can be answered: `question.py`.

Nobody signs in here: it is a phone that lies on the table, and it exists in the demonstration only.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.contracts.app_request import PushMessage
from poreka.delivery.demo_messages import DemoMessage
from poreka.demo.systems import DemoPerson, Phone
from poreka.rules.authorising.operation_message import sms_date
from poreka.rules.people.phone_number import destination, shown_phone
from poreka.rules.shown_date import shown_moment
from poreka.rules.warsaw_time import warsaw_moment
from poreka.web.browser.language import language_of, texts_of
from poreka.web.failures import PageNotFound
from poreka.web.forms import BadForm, once, query_pairs
from poreka.web.frame import show
from poreka.web.texts import Texts


async def choose_person(request: Request, phone: Phone) -> Response:
    """GET /."""
    return show(
        request,
        phone,
        "demo/phone/people.html",
        people=[(person, shown_phone(person.phone)) for person in phone.people],
        language=language_of(request, phone),
    )


async def show_inbox(request: Request, phone: Phone) -> Response:
    """GET /{key}."""
    person = person_of(phone, request.path_params["key"])
    texts, messages = texts_of(request, phone), await messages_of(phone, person)
    shown = [_shown(message, texts) for message in messages]
    asked = (_asked(message) for message in messages if message.channel == "push")
    waiting = [told for told in asked if phone.clock() < told.expires_at.timestamp()]
    return show(
        request,
        phone,
        "demo/phone/inbox.html",
        owner=person,
        number=shown_phone(person.phone),
        messages=shown,
        questions=waiting,
    )


async def messages_json(request: Request, phone: Phone) -> Response:
    """GET /messages.json?person=KEY."""
    key = once(query_pairs(request), ("person",))["person"]
    if not key:
        raise BadForm("missing")
    messages = await messages_of(phone, person_of(phone, key))
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


def person_of(phone: Phone, key: str) -> DemoPerson:
    """The person of this key; raises `PageNotFound`."""
    for person in phone.people:
        if person.key == key:
            return person
    raise PageNotFound


async def messages_of(phone: Phone, person: DemoPerson) -> list[DemoMessage]:
    """Everything that was sent to a person, newest first."""
    logins = (account["login"] for account in person.accounts)  # letters are addressed to a customer number
    mobile = f"+{destination(person.phone)}"
    return await phone.messages.of_recipients(tuple(dict.fromkeys((mobile, person.email, *logins))))


def _asked(message: DemoMessage) -> PushMessage:
    return msgspec.json.decode(message.text, type=PushMessage)


def _shown(message: DemoMessage, texts: Texts) -> dict[str, str]:
    moment, text = warsaw_moment(message.sent_at), message.text
    if message.channel == "push":
        told = _asked(message)
        date = sms_date(told.operation.date)
        text = texts("demo.app.line", purpose=told.purpose, number=told.operation.number, date=date)
    return {
        "sender": message.sender,
        "text": text,
        "sent_at": shown_moment(moment, texts.language, short=True, seconds=True),
        "sent_at_iso": moment.isoformat(),
        "channel": texts(f"demo.phone.{message.channel}"),
    }
