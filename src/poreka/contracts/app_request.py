"""What the app is told of a push request: who asks, what for, which operation, when, and until when (T5).

The same document goes out with the request and is read again by its address. It holds no PESEL, no code, and not
the number that is to be typed: that stands on the page only. docs/app-requests.openapi.yaml is the contract.
"""

import datetime

import msgspec

from poreka.rules.authorising.operation import Operation
from poreka.rules.authorising.push_request import PushRequest, PushState, as_of
from poreka.rules.authorising.shown_document import ShownDocument
from poreka.rules.warsaw_time import warsaw_moment


class OperationNamed(msgspec.Struct, frozen=True, kw_only=True):
    """The operation as its person sees it on the page."""

    number: int
    date: datetime.date


class PushMessage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request for the app; `customer` is whose app it is, by the name that both sides know; `document` is what it
    signs."""

    id: str
    customer: str
    provider: str
    service: str
    purpose: str
    operation: OperationNamed
    asked_at: datetime.datetime
    expires_at: datetime.datetime
    state: PushState
    document: ShownDocument | None = None


def shown_words(told: PushMessage) -> str:
    """What the phone shows, line by line: its key signs these words (`rules/authorising/bound_challenge.py`)."""
    document = (told.document.name, told.document.hash) if told.document else ()
    operation = f"{told.operation.number} {told.operation.date:%d-%m-%Y}"
    return "\n".join((told.provider, told.service, told.purpose, *document, operation))


def push_message(request: PushRequest, operation: Operation, *, customer: str, provider: str, now: int) -> PushMessage:
    """The document about a request as it stands now."""
    return PushMessage(
        id=request.id,
        customer=customer,
        provider=provider,
        service=request.service,
        purpose=operation.purpose,
        operation=OperationNamed(number=operation.number, date=operation.date),
        asked_at=warsaw_moment(request.opened_at),
        expires_at=warsaw_moment(request.expires_at),
        state=as_of(request, now).state,
        document=operation.document,
    )
