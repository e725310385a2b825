"""GET /app/requests/{request} and POST /app/requests/{request}/answer: the back end of the provider's own app.

`check_app` admits the back end by a secret from the settings. Each call names a customer, and `_load` finds only that
customer's push requests. An answer ends the push request; a refusal aborts the operation as well. An approval leaves
the operation as it is: the browser that asked takes the approval up and goes on (`provider/release/push.py`). The
person types a number that this browser shows; `take_answer` compares it, and no route gives it away.
"""

from typing import Annotated, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.contracts.app_request import push_message
from poreka.oidc.errors import AnsweredAsJson
from poreka.provider.authorising.app_caller import check_app
from poreka.provider.authorising.operations_under_way import approval_about
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.provider.tool_events import PushApproved, PushRefused
from poreka.rules.authorising.operation import Aborted, by_push
from poreka.rules.authorising.push_request import (
    Approved,
    Lapsed,
    NotOpen,
    PushRequest,
    PushState,
    Refused,
    matching_number,
)
from poreka.rules.authorising.push_request import answer as decide
from poreka.store.database import Stale
from poreka.store.operations import OwnedOperation
from poreka.web.forms import once, query_pairs, read_body


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the app sends; `number` is what the person typed, and goes with `approve` only."""

    customer: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    answer: Literal["approve", "refuse"]
    number: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2}\Z")] | None = None


async def show_request(request: Request, bank: Bank) -> Response:
    """GET /app/requests/{request}?customer=…: the request as it stands now."""
    check_app(request, bank)
    customer = once(query_pairs(request), ("customer",))["customer"]
    push, owned = await _load(request, bank, customer)
    name, now = bank.settings.system.name, bank.clock()
    message = push_message(push, owned.operation, customer=customer, provider=name, now=now)
    return Response(msgspec.json.encode(message), media_type="application/json")


async def take_answer(request: Request, bank: Bank) -> Response:
    """POST /app/requests/{request}/answer."""
    check_app(request, bank)
    sent = await _read(request)
    push, owned = await _load(request, bank, sent.customer)
    right, number = matching_number(bank.keys.codes, push.id), sent.number if sent.answer == "approve" else None

    decided = decide(push, number, right, bank.clock())

    match decided:
        case Approved(after) | Refused(after):
            try:
                await _save(bank, owned, after)
            except Stale:  # another phone, or the page, was quicker
                return _over((await _load(request, bank, sent.customer))[0].state)
            bank.wake_delivery()
            return JSONResponse({"state": after.state.value})
        case Lapsed(after):
            return _over(after.state)
        case NotOpen(state):
            return _over(state)


async def _save(bank: Bank, owned: OwnedOperation, after: PushRequest) -> None:
    """End the push request and, for a refusal, abort its operation, in one transaction; raises `Stale`.

    A relying party that waits for the answer is told at once (`bring_forward`).
    """
    person, before = owned.person_id, owned.operation
    async with bank.audit.transaction() as (transaction, record):
        await bank.app_requests.end(transaction, after)
        await bank.outbox.bring_forward(transaction, approval_about(before.id), bank.clock())
        if after.state is PushState.APPROVED:
            await record(PushApproved(person_id=person, operation_id=before.id, request_id=after.id))
            return
        ended = by_push(before, after.state, bank.clock(), wrong_number=after.wrong_number)
        if isinstance(ended, Aborted):
            await bank.operations.save(transaction, before, ended.operation)
        reason = "wrong_number" if after.wrong_number else "person"
        await record(PushRefused(person_id=person, operation_id=before.id, request_id=after.id, reason=reason))


async def _load(request: Request, bank: Bank, number: str) -> tuple[PushRequest, OwnedOperation]:
    """The push request that the address names, and its operation; raises `AnsweredAsJson` (404) where it belongs to
    another customer than the one with this number."""
    push = await bank.app_requests.load(request.path_params["request"])
    owned = await bank.operations.load(push.operation_id) if push else None
    customer: Customer | None = await bank.customers.by_id(push.person_id) if push else None
    if push is None or owned is None or customer is None or customer.number != number:
        raise AnsweredAsJson("not_found", "There is no such request of this customer.", status=404)
    return push, owned


async def _read(request: Request) -> Answer:
    """The body of the request; raises `AnsweredAsJson` for anything that is no `Answer`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise AnsweredAsJson("invalid_request", "The body must be JSON.", status=415)
    try:
        sent = msgspec.json.decode(await read_body(request), type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise AnsweredAsJson("invalid_request", "The body is not an answer.", status=400) from None
    if (sent.answer == "approve") != (sent.number is not None):
        raise AnsweredAsJson("invalid_request", "A number goes with approve, and only with it.", status=400)
    return sent


def _over(state: PushState) -> Response:
    """409 for a push request that had ended before: nothing changes, and the app shows `state`, how it ended."""
    return JSONResponse({"error": "not_open", "state": state.value}, 409)
