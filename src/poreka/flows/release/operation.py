"""The authorisation operation of a release: issued with its message, cancelled with what it was for (P3).

Everything here happens inside the transaction of what the operation belongs to. The rules are
`rules/operation.py`, the text of the message `rules/operation_message.py`; trying codes is `code.py`.
"""

import msgspec

from poreka.audit.events import CodeCardSent, OperationIssued
from poreka.audit.record import Recorder
from poreka.delivery.letters import card_letter
from poreka.flows.release.standing import Release, Standing
from poreka.journeys.release import ReleaseState
from poreka.rules.authorisation_tools import Tool
from poreka.rules.code_allowance import WINDOW, CodeAllowance, is_spent
from poreka.rules.code_card import CodeCard, card_code, current_card, new_card_needed
from poreka.rules.operation import CardQuestion, Operation, OperationLimits, OperationState, cancel, issue
from poreka.rules.operation_code import Code, code_from, code_hash
from poreka.rules.operation_message import sms_text
from poreka.rules.warsaw_time import warsaw_day
from poreka.store.customer_directory import Customer
from poreka.store.database import Insert, Stale, Transaction
from poreka.store.operations import OwnedOperation
from poreka.store.outbox import Message
from poreka.web.systems import Bank

LIMITS = OperationLimits()


async def issue_operation(
    transaction: Transaction, record: Recorder, bank: Bank, standing: Standing, state: ReleaseState
) -> ReleaseState:
    """A new operation and the message with its code, in the transaction of what it is for (P3)."""
    customer, now = standing.signed_in().customer, bank.clock()
    operation_id = bank.fresh.id()
    card, code = await _code_of(transaction, bank, customer.id, state.instead)
    last_today = await bank.operations.last_number(transaction, customer.id, warsaw_day(now))
    await check_allowance(transaction, bank, customer.id)
    operation = issue(
        operation_id=operation_id,
        last_today=last_today,
        purpose=f"Logowanie do {standing.client.name['pl']}",
        code_hash=code_hash(bank.keys.codes, operation_id, code),
        now=now,
        limits=LIMITS,
        card=card,
    )
    owned = OwnedOperation(person_id=customer.id, journey_id=standing.journey.id, operation=operation)
    message = () if card else (code_message(bank, standing, operation, code),)
    await transaction.insert(bank.operations.adding(owned), *message)
    await record(OperationIssued(person_id=customer.id, operation_id=operation_id, tool=operation.tool.value))
    return msgspec.structs.replace(state, operation_id=operation_id, operation=OperationState.ISSUED)


async def _code_of(
    transaction: Transaction, bank: Bank, person_id: str, instead: Tool | None
) -> tuple[CardQuestion | None, Code]:
    """Where the one code of a new operation comes from: the customer's card, or a message (P3)."""
    if (instead or await bank.tools.current(person_id, transaction)) is Tool.SMS:
        return None, code_from(int(bank.fresh.digits(6)))
    card = current_card(await bank.tools.cards(person_id, transaction))
    if card is None:
        raise Stale("code_cards")  # used up or blocked since the release was read
    question = CardQuestion(card_id=card.id, number=card.next_code)
    return question, card_code(bank.keys.codes, card.id, card.next_code)


async def use_card(
    transaction: Transaction, record: Recorder, bank: Bank, customer: Customer, used: CardQuestion
) -> None:
    """The code was right: it never counts again, and a new card is sent before the last codes run out (P3)."""
    await bank.tools.use(transaction, used.card_id, used.number)
    if new_card_needed(await bank.tools.cards(customer.id, transaction)):
        card, now = CodeCard(id=bank.fresh.id(), serial=bank.fresh.digits(8)), bank.clock()
        letter = card_letter(bank.outbox, bank.keys.codes, card, customer.number, bank.fresh.id(), now)
        await transaction.insert(bank.tools.adding(customer.id, card, now), letter)
        await record(CodeCardSent(person_id=customer.id, serial=card.serial))


async def check_allowance(transaction: Transaction, bank: Bank, person_id: str) -> None:
    """Raise `Stale` when the day's codes were used up since the release was read (`rules/code_allowance.py`).

    Many releases of one person that are answered at the same moment come through here one after another.
    """
    await bank.operations.one_at_a_time(transaction, person_id)
    spent = await bank.operations.spent_since(person_id, bank.clock() - WINDOW, transaction)
    if is_spent(spent, CodeAllowance()):
        raise Stale("operations")


def code_message(bank: Bank, standing: Standing, operation: Operation, code: Code) -> Insert:
    """The message with the code, for the outbox."""
    now = bank.clock()
    message = Message(
        id=bank.fresh.id(),
        channel="sms",
        recipient=standing.signed_in().customer.phone or "",
        body=sms_text(operation, code, now),
        about=f"operation:{operation.id}:{operation.resends}",
        created_at=now,
        due_at=now,
        expires_at=operation.expires_at,
    )
    return bank.outbox.adding(message)


async def cancel_operation(transaction: Transaction, bank: Bank, standing: Standing) -> None:
    """End an open operation with the release it belongs to; raises `Stale`."""
    if standing.operation is None:
        return
    before = standing.operation.operation
    after = cancel(before)
    if isinstance(after, Operation):
        await bank.operations.save(transaction, before, after)


async def save_state(transaction: Transaction, bank: Bank, standing: Standing, state: ReleaseState) -> None:
    """Put the new state in place of the one that was read; raises `Stale`."""
    release: Release = msgspec.structs.replace(standing.release, state=state)
    await bank.journeys.save(transaction, standing.journey, msgspec.json.encode(release))
