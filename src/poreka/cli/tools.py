"""`poreka tool`: what the hotline and the branch do for a customer who changes the authorisation tool or lost it.

Whoever calls was identified in the bank's own way before. Each change is audited like everything else.
"""

from pathlib import Path
from typing import Literal

from poreka.audit.events import AuthorisationToolChosen, CodeCardsBlocked, CodeCardSent
from poreka.audit.record import AuditLog
from poreka.cli.faults import Failed
from poreka.cli.opened import with_system
from poreka.delivery.letters import card_letter
from poreka.rules.authorisation_tools import Tool
from poreka.rules.code_card import CodeCard, current_card
from poreka.store.authorisation_tools import AuthorisationTools
from poreka.store.customers import Customer, Customers
from poreka.store.outbox import Outbox
from poreka.wiring.foundation import Foundation


def choose_tool(file: Path, number: str, tool: Literal["sms", "card"], /) -> None:
    """Let a customer authorise with another tool from now on.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login.
    tool
        What to authorise with.
    """

    async def choose(base: Foundation) -> None:
        customer, tools, chosen = await _customer(base, number), AuthorisationTools(base.database), Tool(tool)
        if base.settings.bank is None or tool not in base.settings.bank.tools:
            raise Failed(f"bank.tools of {file} does not offer {tool}")
        if chosen is Tool.CARD and current_card(await tools.cards(customer.id)) is None:
            raise Failed(f"{number} has no card with codes left; run: poreka tool card {file} {number}")
        async with _audit(base).transaction() as (transaction, record):
            await tools.choose(transaction, customer.id, chosen)
            await record(AuthorisationToolChosen(person_id=customer.id, tool=tool))
        print(f"{number}  authorises with  {tool}")

    with_system(file, choose, "bank")


def send_card(file: Path, number: str, /) -> None:
    """Send a customer a new code card: its letter goes into the outbox, and from there to the printer.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login.
    """

    async def send(base: Foundation) -> None:
        customer, tools, now = await _customer(base, number), AuthorisationTools(base.database), base.clock()
        outbox = Outbox(base.database, base.seal, base.fresh)
        card = CodeCard(id=base.fresh.id(), serial=base.fresh.digits(8))
        letter = card_letter(outbox, base.keys.codes, card, customer.number, base.fresh.id(), now)
        async with _audit(base).transaction() as (transaction, record):
            await transaction.insert(tools.adding(customer.id, card, now), letter)
            await record(CodeCardSent(person_id=customer.id, serial=card.serial))
        print(f"{number}  card {card.serial}  is on its way to the printer")

    with_system(file, send, "bank")


def block_cards(file: Path, number: str, /) -> None:
    """Block all code cards of a customer: lost, or seen by others.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login.
    """

    async def block(base: Foundation) -> None:
        customer, tools = await _customer(base, number), AuthorisationTools(base.database)
        async with _audit(base).transaction() as (transaction, record):
            blocked = await tools.block(transaction, customer.id)
            await record(CodeCardsBlocked(person_id=customer.id, cards=blocked))
        print(f"{number}  cards blocked: {blocked}")

    with_system(file, block, "bank")


async def _customer(base: Foundation, number: str) -> Customer:
    customer = await Customers(base.database, base.seal, base.fresh).by_number(number)
    if customer is None:
        raise Failed("there is no customer with this number")
    return customer


def _audit(base: Foundation) -> AuditLog:
    return AuditLog(base.database, base.audit_key, base.clock, base.fresh.id)
