"""An authorisation operation of a customer: issued with its one question, ended with what it was for (P3, P5).

Shared by every flow that lets a customer authorise something. All of it happens inside the transaction of what the
operation belongs to. One operation has one tool and asks once: a code by SMS, a code of a card, or a request in the
app; who wants another tool, or another request, gets another operation. The rules are `rules/authorising/operation.py`
and `rules/authorising/push_request.py`; the message's text is `rules/authorising/operation_message.py`.
"""

from dataclasses import dataclass

import msgspec

from poreka.audit.events import OperationAuthorised, OperationIssued
from poreka.audit.record import Recorder
from poreka.codes.answer import LIMITS
from poreka.contracts.app_request import push_message
from poreka.delivery.letters import card_letter
from poreka.provider.authorising.sms_leave import SmsLeave
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.provider.tool_events import CodeCardSent, PushOpened
from poreka.rules.authorising.code_card import CodeCard, card_code, current_card, new_card_needed
from poreka.rules.authorising.operation import CardQuestion, Operation, cancel, issue
from poreka.rules.authorising.operation_code import Code, code_from, code_hash
from poreka.rules.authorising.operation_message import sms_text
from poreka.rules.authorising.push_request import MayOpen, PushLimits, PushRequest, may_open, open_request, withdraw
from poreka.rules.authorising.shown_document import ShownDocument
from poreka.rules.authorising.tools import Tool
from poreka.rules.limits.code_allowance import WINDOW, Begun, CodeAllowance, Pot, begins_again_at, may_answer, may_begin
from poreka.rules.limits.limits import Purpose
from poreka.rules.warsaw_time import warsaw_day
from poreka.store.database import AlreadyThere, Insert, Stale, Transaction
from poreka.store.operations import OwnedOperation
from poreka.store.outbox import Message
from poreka.web.door.limiter import give_back
from poreka.web.settings.every_kind import code_domain


class PushNotNow(Exception):
    """The app may not be asked: another request waits for its answer, or there is a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whose operation it is, what it is for, and who asks; `purpose` is in Polish, as the SMS is; `document` is
    what is signed."""

    customer: Customer
    journey_id: str
    purpose: str
    service: str
    pot: Pot
    document: ShownDocument | None = None
    life: int | None = None  # of the request in the app, where whoever asks wants it shorter


async def issue_operation(
    transaction: Transaction,
    record: Recorder,
    bank: Bank,
    asking: Asking,
    tool: Tool,
    leave: SmsLeave,
    *,
    undo: bool = False,
) -> Operation:
    """A new operation and its question, in the transaction of what it is for (P3).

    Raises `Stale` when the tool, or the day's codes, went since they were read, and `PushNotNow`. A code goes by SMS
    only with leave (`sms_leave.py`): whoever comes here with none has forgotten to ask. With `undo` a blocked tool is
    asked whether it was lost.
    """
    leave.check(bank, tool)
    await leave.note(record)
    customer, now, operation_id = asking.customer, bank.clock(), bank.fresh.id()
    last_today = await bank.operations.last_number(transaction, customer.id, warsaw_day(now))
    await _check_may_begin(transaction, bank, customer.id, asking.pot)
    await check_not_blocked(transaction, bank, customer.id, tool, undo=undo)
    card, code = await _code_of(transaction, bank, customer.id, tool)
    push = limits_of(bank, asking)
    operation = issue(
        operation_id=operation_id,
        last_today=last_today,
        purpose=asking.purpose,
        code_hash=code_hash(bank.keys.codes, operation_id, code),
        now=now,
        limits=LIMITS,
        card=card,
        push_life=push.life + push.finish if tool is Tool.PUSH else None,
        document=asking.document,
        pot=asking.pot,
    )
    owned = OwnedOperation(person_id=customer.id, journey_id=asking.journey_id, operation=operation)
    message = (code_message(bank, customer, operation, code),) if tool is Tool.SMS else ()
    await transaction.insert(bank.operations.adding(owned), *message)
    await record(OperationIssued(person_id=customer.id, operation_id=operation_id, tool=tool.value))
    if tool is Tool.PUSH:
        await _ask_the_app(transaction, record, bank, asking, operation)
    return operation


def limits_of(bank: Bank, asking: Asking) -> PushLimits:
    """How long the app is asked, and how often."""
    limits = bank.settings.push.limits
    return limits if asking.life is None else msgspec.structs.replace(limits, life=min(asking.life, limits.life))


async def _code_of(
    transaction: Transaction, bank: Bank, person_id: str, tool: Tool
) -> tuple[CardQuestion | None, Code]:
    """Where the one code of a new operation comes from: the customer's card, or a message (P3)."""
    if tool is not Tool.CARD:
        return None, code_from(int(bank.fresh.digits(6)))
    card = current_card(await bank.tools.cards(person_id, transaction))
    if card is None:
        raise Stale("code_cards")  # used up or blocked since it was read
    question = CardQuestion(card_id=card.id, number=card.next_code)
    return question, card_code(bank.keys.codes, card.id, card.next_code)


async def _ask_the_app(
    transaction: Transaction, record: Recorder, bank: Bank, asking: Asking, operation: Operation
) -> None:
    """The request of an operation, and its message; whoever asks at the same moment comes here afterwards."""
    customer, now, limits = asking.customer, bank.clock(), limits_of(bank, asking)
    await bank.app_requests.lapse(transaction, customer.id, now)
    if not isinstance(may_open(await bank.app_requests.recent(customer.id, transaction), now, limits), MayOpen):
        raise PushNotNow
    request = open_request(
        request_id=bank.fresh.id(),
        person_id=customer.id,
        operation_id=operation.id,
        service=asking.service,
        now=now,
        limits=limits,
    )
    try:
        await transaction.insert(bank.app_requests.adding(request), _push_message(bank, customer, operation, request))
    except AlreadyThere as error:
        raise PushNotNow from error
    await record(PushOpened(person_id=customer.id, operation_id=operation.id, request_id=request.id))


def _push_message(bank: Bank, customer: Customer, operation: Operation, request: PushRequest) -> Insert:
    """The message that tells the app of a request; it is not sent when the request is over."""
    now, provider = bank.clock(), bank.settings.system.name
    told = push_message(request, operation, customer=customer.number, provider=provider, now=now)
    message = Message(
        id=bank.fresh.id(),
        channel="push",
        recipient=customer.number,
        body=msgspec.json.encode(told).decode(),
        about=f"operation:{operation.id}:{operation.resends}",
        created_at=now,
        due_at=now,
        expires_at=request.expires_at,
    )
    return bank.outbox.adding(message)


def code_message(bank: Bank, customer: Customer, operation: Operation, code: Code) -> Insert:
    """The message with the code, for the outbox."""
    now = bank.clock()
    message = Message(
        id=bank.fresh.id(),
        channel="sms",
        recipient=customer.phone or "",
        body=sms_text(operation, code, now, code_domain(bank.settings)),
        about=f"operation:{operation.id}:{operation.resends}",
        created_at=now,
        due_at=now,
        expires_at=operation.expires_at,
    )
    return bank.outbox.adding(message)


async def save_authorised(
    transaction: Transaction,
    record: Recorder,
    bank: Bank,
    customer: Customer,
    before: Operation,
    after: Operation,
    *,
    undo: bool = False,
) -> None:
    """The right answer came: the operation is authorised, once. Raises `Stale`."""
    await check_may_answer(transaction, bank, customer.id, before.pot)
    await check_not_blocked(transaction, bank, customer.id, after.tool, undo=undo)
    await bank.operations.save(transaction, before, after)
    if after.pot is Pot.ASKED:
        await give_back(bank, transaction, Purpose.QUESTION, after.id)
    if after.card is not None:
        await _use_card(transaction, record, bank, customer, after.card)
    await record(OperationAuthorised(person_id=customer.id, operation_id=after.id))


async def _use_card(
    transaction: Transaction, record: Recorder, bank: Bank, customer: Customer, used: CardQuestion
) -> None:
    """The code was right: it never counts again, and a new card is sent before the last codes run out (P3)."""
    await bank.tools.use(transaction, used.card_id, used.number)
    if new_card_needed(await bank.tools.cards(customer.id, transaction)):
        card, now = CodeCard(id=bank.fresh.id(), serial=bank.fresh.digits(8)), bank.clock()
        letter = card_letter(bank.outbox, bank.keys.codes, card, customer.number, bank.fresh.id(), now)
        await transaction.insert(bank.tools.adding(customer.id, card, now), letter)
        await record(CodeCardSent(person_id=customer.id, serial=card.serial))


def approval_about(name: str) -> str:
    """What a notice is about to a relying party that waits for an operation's answer (`provider/ping_sender.py`)."""
    return f"approval:{name}"


async def begins_again(bank: Bank, person_id: str, pot: Pot) -> int:
    """From when the day's codes allow another operation, as far as can be told before one is issued; 0: now."""
    return begins_again_at(await _spent(bank, person_id, pot), CodeAllowance())


async def _check_may_begin(transaction: Transaction, bank: Bank, person_id: str, pot: Pot) -> None:
    """Raise `Stale` when the day's codes were used up since it was read (`rules/limits/code_allowance.py`).

    Many operations of one person that are begun or answered at the same moment come here one after another.
    """
    await bank.operations.one_at_a_time(transaction, person_id)
    if not may_begin(await _spent(bank, person_id, pot, transaction), CodeAllowance()):
        raise Stale("operations")


async def check_may_answer(transaction: Transaction, bank: Bank, person_id: str, pot: Pot | None) -> None:
    """Raise `Stale` when the day's wrong codes were used up since it was read; one of before had no purpose noted."""
    await bank.operations.one_at_a_time(transaction, person_id)
    if pot is not None and not may_answer(await _spent(bank, person_id, pot, transaction), CodeAllowance()):
        raise Stale("operations")


async def _spent(bank: Bank, person_id: str, pot: Pot, within: Transaction | None = None) -> tuple[Begun, ...]:
    spent = await bank.operations.spent_since(person_id, bank.clock() - WINDOW, within)
    return spent[pot]


async def check_not_blocked(
    transaction: Transaction, bank: Bank, person_id: str, tool: Tool, *, undo: bool = False
) -> None:
    """Raise `Stale` when the tool was blocked: what waited for it, waits in vain. With `undo` only a block
    that its own answer undoes is none."""
    held = await bank.tools.held(person_id, transaction)
    if any(one.blocked and not (undo and one.undoable) for one in held if one.tool is tool):
        raise Stale("held_tools")


async def cancel_operation(transaction: Transaction, bank: Bank, owned: OwnedOperation | None) -> None:
    """End an open operation with what it belongs to, and take its request from the app; raises `Stale`."""
    if owned is None:
        return
    after = cancel(owned.operation)
    if isinstance(after, Operation):
        await bank.operations.save(transaction, owned.operation, after)
    if owned.operation.tool is Tool.PUSH:
        request = await bank.app_requests.of_operation(owned.operation.id, transaction)
        gone = withdraw(request, bank.clock()) if request else None
        if isinstance(gone, PushRequest):
            await bank.app_requests.end(transaction, gone)
