"""What an operator does about a person's authorisation tools, who is identified in the bank's own way before.

A tool that is added here, or comes back after it was blocked, opens nothing before `bank.tool_wait_hours` are over: no
other tool said so. What waits because a password alone reported the other one lost (docs/adr/0032) waits no more once
it is chosen here. The owner is told of each change. Codes of a card are seen by whoever opens its letter only.
"""

from dataclasses import dataclass
from enum import Enum

from poreka.audit.record import Recorder
from poreka.delivery.letters import card_letter
from poreka.provider.authorising.tool_notices import ToolNotices
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.provider.tool_events import (
    AuthorisationToolAdded,
    AuthorisationToolBlocked,
    AuthorisationToolChosen,
    CodeCardsBlocked,
    CodeCardSent,
)
from poreka.rules.authorising.code_card import CodeCard
from poreka.rules.authorising.tools import Held, Readiness, Tool, added, readiness, waits_no_more
from poreka.store.database import Transaction


class ToolRefused(Enum):
    """Why nothing was changed."""

    NOT_OFFERED = "the bank's settings do not offer this tool"
    NOBODY = "there is no customer with this number"
    MISSING = "the customer has no card with codes left, or no app"
    OWNER_CONNECTS = "only the owner connects an app, in the profile"


@dataclass(frozen=True, slots=True)
class ChosenTool:
    """What a customer authorises with from now on; `back` is how it is held where it was blocked before."""

    back: Held | None


@dataclass(frozen=True, slots=True)
class SentCard:
    """A card that is on its way; `first` is how cards are held from now on where the customer had none."""

    serial: str
    first: Held | None


async def choose_tool_by_operator(bank: Bank, number: str, tool: Tool) -> ChosenTool | ToolRefused:
    """Let a customer authorise with another tool from now on."""
    customer = await _customer(bank, number, tool)
    if isinstance(customer, ToolRefused):
        return customer
    stands, person, back = await _stands(bank, customer, tool), customer.id, None
    if stands is Readiness.MISSING:
        return ToolRefused.OWNER_CONNECTS if bank.owners_connect_apps else ToolRefused.MISSING
    async with bank.audit.transaction() as (transaction, record):
        if stands is Readiness.BLOCKED:
            back = await _add(bank, transaction, record, customer, tool)
        elif stands is Readiness.WAITS:
            for held in waits_no_more(tool, await bank.tools.held(person, transaction), bank.clock()):
                await bank.tools.hold(transaction, person, held)
        await bank.tools.choose(transaction, person, tool)
        await _tell(bank, transaction, customer, "changed", tool)
        await record(AuthorisationToolChosen(person_id=person, tool=tool.value))
    return ChosenTool(back)


async def send_card_by_operator(bank: Bank, number: str) -> SentCard | ToolRefused:
    """Send a customer a new code card: its letter goes into the outbox, and from there to the printer."""
    customer = await _customer(bank, number, Tool.CARD)
    if isinstance(customer, ToolRefused):
        return customer
    had_one = await _stands(bank, customer, Tool.CARD) in (Readiness.READY, Readiness.WAITS)
    now, card = bank.clock(), CodeCard(id=bank.fresh.id(), serial=bank.fresh.digits(8))
    letter = card_letter(bank.outbox, bank.keys.codes, card, customer.number, bank.fresh.id(), now)
    async with bank.audit.transaction() as (transaction, record):
        await transaction.insert(bank.tools.adding(customer.id, card, now), letter)
        await record(CodeCardSent(person_id=customer.id, serial=card.serial))
        first = None if had_one else await _add(bank, transaction, record, customer, Tool.CARD)
    return SentCard(card.serial, first)


async def add_app_by_operator(bank: Bank, number: str) -> Held | ToolRefused:
    """Note that a customer has the bank's app and may authorise with it; how it is held from now on."""
    if bank.owners_connect_apps:
        return ToolRefused.OWNER_CONNECTS
    customer = await _customer(bank, number, Tool.PUSH)
    if isinstance(customer, ToolRefused):
        return customer
    async with bank.audit.transaction() as (transaction, record):
        return await _add(bank, transaction, record, customer, Tool.PUSH)


async def block_tool_by_operator(bank: Bank, number: str, tool: Tool) -> int | ToolRefused:
    """Block a tool of a customer, offered or not, with what waits for it; returns how many cards were blocked."""
    customer, cards = await _customer(bank, number, None), 0
    if isinstance(customer, ToolRefused):
        return customer
    person = customer.id
    async with bank.audit.transaction() as (transaction, record):
        await bank.tools.hold(transaction, person, Held(tool=tool, blocked=True))
        await bank.operations.cancel_open(transaction, person, tool)
        if tool is Tool.PUSH:
            await bank.app_requests.withdraw_open(transaction, person, bank.clock())
        if tool is Tool.CARD:
            cards = await bank.tools.block(transaction, person)
            await record(CodeCardsBlocked(person_id=person, cards=cards))
        await _tell(bank, transaction, customer, "blocked", tool)
        await record(AuthorisationToolBlocked(person_id=person, tool=tool.value, by="operator"))
    return cards


async def _customer(bank: Bank, number: str, tool: Tool | None) -> Customer | ToolRefused:
    if tool is not None and tool.value not in bank.settings.vouching.tools:
        return ToolRefused.NOT_OFFERED
    person = await bank.person_named(number)
    return (await bank.customers.by_id(person) if person else None) or ToolRefused.NOBODY


async def _stands(bank: Bank, customer: Customer, tool: Tool) -> Readiness:
    held, cards = await bank.tools.held(customer.id), await bank.tools.cards(customer.id)
    return readiness(tool, held, cards, bank.clock())


async def _add(bank: Bank, transaction: Transaction, record: Recorder, customer: Customer, tool: Tool) -> Held:
    """The customer has this tool from now on, on nobody's word but the operator's."""
    held = added(tool, bank.clock(), bank.settings.vouching.tool_wait_hours, by_another=False)
    await bank.tools.hold(transaction, customer.id, held)
    await _tell(bank, transaction, customer, "added", tool)
    await record(AuthorisationToolAdded(person_id=customer.id, tool=tool.value, usable_from=held.usable_from))
    return held


async def _tell(bank: Bank, transaction: Transaction, customer: Customer, what: str, tool: Tool) -> None:
    notices = ToolNotices(bank.settings, bank.texts["pl"], bank.outbox)
    await transaction.insert(*notices.about(customer, what, tool, bank.clock()))
