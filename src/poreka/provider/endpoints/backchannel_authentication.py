"""POST /backchannel/authenticate (OpenID CIBA Core 1.0 §7): taken from any client that may ask, whoever is meant.

The answer is the same for somebody who is not known, has no app, never agreed to the service, or may not be asked now
(another question is open, or there is a pause): a request that comes to nothing, like that of a person who refuses.
All rules of push requests hold, over every client (`rules/authorising/push_request.py`); the number that the person
types in the app goes to the client, which shows it, and to nobody else. How often a client asks about one person is
limited, known or not: 429. A DPoP proof binds the request to its key; no specification wants one here, so a client may
leave it out, and its tokens are bound by the proof of its poll.
"""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.audit.record import Recorder
from poreka.oidc.clients.client import Client
from poreka.oidc.errors import AnsweredAsJson
from poreka.oidc.provider.backchannel_poll import INTERVAL
from poreka.oidc.provider.backchannel_request import (
    BackchannelRequest,
    HintedPesel,
    HintedSubject,
    check_backchannel_request,
)
from poreka.oidc.provider.token_request import checked_proof
from poreka.provider.approval_events import ApprovalAsked
from poreka.provider.authorising.customer_tools import tools_of, tools_ready
from poreka.provider.authorising.operations_under_way import Asking, PushNotNow, approval_about, issue_operation
from poreka.provider.authorising.sms_leave import NOBODY_ASKED
from poreka.provider.backchannel import Backchannel
from poreka.provider.consents.agreed import agreed_to
from poreka.provider.document_signing import document_shown
from poreka.provider.endpoints.client_call import address_called, authenticated_call, claims_of, proof_in, replayed
from poreka.provider.ping_sender import CHANNEL, PingNotice
from poreka.provider.rules.approval_elsewhere import life_of, seeming_refusal
from poreka.provider.store.backchannel_requests import Asked
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.rules.authorising.operation_message import sign_in_purpose, signing_purpose
from poreka.rules.authorising.push_request import matching_number
from poreka.rules.authorising.tools import Tool
from poreka.rules.limits.code_allowance import Pot
from poreka.rules.limits.limits import Per, Purpose
from poreka.rules.people.pesel import PeselFault, read_pesel
from poreka.store.database import AlreadyThere, Insert, Stale, Transaction
from poreka.store.outbox import NOBODY, Message
from poreka.web.door.limiter import Scope, spend
from poreka.web.failures import PageNotFound

PATH = "/backchannel/authenticate"
AFTERWARDS = 10 * 60  # seconds for which a notice is worth sending


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A request about to be written down: what it is called, for how long it lives, what uses up with it."""

    backchannel: Backchannel
    request: BackchannelRequest
    client: Client
    id: str
    auth_req_id: str
    jkt: str | None
    now: int
    life: int
    uses: tuple[Insert, ...]


async def ask(request: Request, bank: Bank) -> Response:
    """POST /backchannel/authenticate: 200 with what to poll with, and the number to show."""
    if bank.backchannel is None:
        raise PageNotFound
    call = await authenticated_call(request, bank, PATH)
    now = bank.clock()
    proof = checked_proof(proof_in(request), method="POST", url=address_called(request, bank, PATH), now=now)
    asked = check_backchannel_request(
        call.parameters, call.client, bank.supported, client_keys=call.keys, own_keys=bank.key_ring.published, now=now
    )
    taken = Taken(
        backchannel=bank.backchannel,
        request=asked,
        client=call.client,
        id=bank.fresh.id(),
        auth_req_id=bank.fresh.secret(),
        jkt=proof.jkt if proof else None,
        now=now,
        life=life_of(asked.wanted_life, bank.settings.push.limits),
        uses=claims_of(call.authenticated.single_use, proof.single_use if proof else None, *asked.single_uses),
    )
    customer = await _to_be_asked(bank, taken)
    number = await _save(bank, taken, customer)
    bank.wake_delivery()
    answer = {"auth_req_id": taken.auth_req_id, "expires_in": taken.life, "interval": INTERVAL}
    return JSONResponse({**answer, "matching_number": number}, headers={"cache-control": "no-store"})


async def _to_be_asked(bank: Bank, taken: Taken) -> Customer | None:
    """Who is to be asked in the app; None where nobody is, for whatever reason."""
    customer = await _meant(bank, taken)
    if customer is None:
        return None
    tools = await tools_of(bank, customer.id)
    if tools.current is not Tool.PUSH or Tool.PUSH not in tools_ready(bank, customer, tools):
        return None
    request = taken.request
    may = await agreed_to(bank, taken.client, customer.id, request.scopes, signing=request.signature is not None)
    return customer if may else None


async def _meant(bank: Bank, taken: Taken) -> Customer | None:
    """The person whom the hint names, and for whom the provider vouches now."""
    person_id: str | None
    match taken.request.hint:
        case HintedSubject(subject):
            person_id = await bank.known_subjects.person_of(taken.client.client_id, subject)
        case HintedPesel(digits):
            pesel = read_pesel(digits)
            if isinstance(pesel, PeselFault):
                raise AnsweredAsJson("invalid_request", "The login_hint_token names no valid PESEL.")
            known = await taken.backchannel.people.valid_of(pesel)
            person_id = known.id if known else None
    return await bank.customers.by_id(person_id) if person_id else None


async def _save(bank: Bank, taken: Taken, customer: Customer | None) -> str:
    """Write it down, and ask; the number to show. Of two requests that would ask at once, one asks."""
    try:
        if customer is not None:
            try:
                return await _ask_in_app(bank, taken, customer)
            except (Stale, PushNotNow):
                pass  # not now: as if there were nobody
        async with bank.audit.transaction() as (transaction, record):
            await transaction.insert(*taken.uses)
            await _spend(bank, transaction, taken, taken.id)
            await _ask_nobody(bank, transaction, record, taken)
        return matching_number(bank.keys.codes, taken.id)
    except AlreadyThere as error:
        raise replayed(error.table) from error


async def _spend(bank: Bank, transaction: Transaction, taken: Taken, item: str) -> None:
    """Count one question of this client to whomever it means, known or not; raises `LimitReached`."""
    hint = taken.request.hint
    meant = f"sub:{hint.subject}" if isinstance(hint, HintedSubject) else f"pesel:{hint.pesel}"
    await spend(bank, transaction, Purpose.QUESTION, item, Scope(Per.CLIENT, f"{taken.client.client_id}\0{meant}"))


async def _ask_in_app(bank: Bank, taken: Taken, customer: Customer) -> str:
    request, name = taken.request, taken.client.name["pl"]
    summary = request.signature.summary if request.signature else None
    into = bank.texts["pl"].name(name, "genitive")
    asking = Asking(
        customer=customer,
        journey_id=taken.id,
        purpose=signing_purpose(summary) if summary else sign_in_purpose(into, request.message),
        service=name,
        pot=Pot.ASKED,
        document=document_shown(request.signature) if request.signature else None,
        life=taken.life,
    )
    async with bank.audit.transaction() as (transaction, record):
        await transaction.insert(*taken.uses)
        operation = await issue_operation(transaction, record, bank, asking, Tool.PUSH, NOBODY_ASKED)
        asked = _asked(taken, person_id=customer.id, operation_id=operation.id)
        await _add(bank, transaction, record, taken, asked, operation.id, taken.now + taken.life)
        question = await bank.app_requests.of_operation(operation.id, transaction)
        await _spend(bank, transaction, taken, operation.id)
    if question is None:
        raise LookupError("an operation by push without its request")
    return matching_number(bank.keys.codes, question.id)


async def _ask_nobody(bank: Bank, transaction: Transaction, record: Recorder, taken: Taken) -> None:
    """A request that comes to nothing; a message for nobody costs what one to an app would."""
    denied_at = taken.now + seeming_refusal(bank.keys.codes, taken.id)
    message = _message(bank, taken, NOBODY, "nobody", taken.id, taken.now, f"operation:{taken.id}:0")
    await transaction.insert(message)
    await _add(bank, transaction, record, taken, _asked(taken, denied_at=denied_at), taken.id, denied_at)


def _asked(taken: Taken, *, person_id: str | None = None, operation_id: str | None = None, denied_at: int = 0) -> Asked:
    return Asked(
        id=taken.id,
        client_id=taken.client.client_id,
        person_id=person_id,
        operation_id=operation_id,
        scopes=taken.request.scopes,
        signature=taken.request.signature,
        message="" if taken.request.signature else taken.request.message or "",
        jkt=taken.jkt,
        asked_at=taken.now,
        answer_by=taken.now + taken.life,
        denied_at=denied_at,
    )


async def _add(
    bank: Bank,
    transaction: Transaction,
    record: Recorder,
    taken: Taken,
    asked: Asked,
    about: str,
    over_at: int,
) -> None:
    """The row, the notice that it is over by then (brought forward by an answer), and the event."""
    expires_at = asked.answer_by + bank.settings.push.limits.finish
    rows = [taken.backchannel.requests.adding(asked, taken.auth_req_id, INTERVAL, expires_at)]
    endpoint, token = taken.client.backchannel_client_notification_endpoint, taken.request.notification_token
    if endpoint is not None and token is not None:
        body = msgspec.json.encode(PingNotice(auth_req_id=taken.auth_req_id, token=token)).decode()
        rows.append(_message(bank, taken, CHANNEL, endpoint, body, over_at, approval_about(about)))
    await transaction.insert(*rows)
    event = ApprovalAsked(
        person_id=asked.person_id,
        client_id=asked.client_id,
        request_id=asked.id,
        asked=asked.person_id is not None,
    )
    await record(event)


def _message(bank: Bank, taken: Taken, channel: str, recipient: str, body: str, due_at: int, about: str) -> Insert:
    return bank.outbox.adding(
        Message(
            id=bank.fresh.id(),
            channel=channel,
            recipient=recipient,
            body=body,
            about=about,
            created_at=taken.now,
            due_at=due_at,
            expires_at=due_at + AFTERWARDS,
        )
    )
