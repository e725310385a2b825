"""`poreka tool`: what the hotline and the branch do for a customer who changes the authorisation tool or lost it.

Whoever calls was identified in the bank's own way before. Each change is audited like everything else.
"""

from pathlib import Path
from typing import Literal

from poreka.audit.record import AuditLog
from poreka.audit.tool_events import AuthorisationToolChosen, CodeCardsBlocked, CodeCardSent
from poreka.cli.faults import Failed
from poreka.cli.opened import with_system
from poreka.delivery.letters import card_letter
from poreka.rules.authorisation_tools import Tool
from poreka.rules.code_card import CodeCard, current_card
from poreka.store.authorisation_tools import AuthorisationTools
from poreka.store.customers import Customers
from poreka.store.outbox import Outbox
from poreka.wiring.foundation import Foundation


def choose_tool(file: Path, number: str, tool: Literal["sms", "card"], /) -> None:
    """Let a customer authorise with another tool from now on.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login; the id, where the customers are in another system.
    tool
        What to authorise with.
    """

    async def choose(base: Foundation) -> None:
        customer_id, tools, chosen = await _id_of(base, number), AuthorisationTools(base.database), Tool(tool)
        _check_offered(base, file, tool)
        if chosen is Tool.CARD and current_card(await tools.cards(customer_id)) is None:
            raise Failed(f"{number} has no card with codes left; run: poreka tool card {file} {number}")
        async with _audit(base).transaction() as (transaction, record):
            await tools.choose(transaction, customer_id, chosen)
            await record(AuthorisationToolChosen(person_id=customer_id, tool=tool))
        print(f"{number}  authorises with  {tool}")

    with_system(file, choose, "bank")


def send_card(file: Path, number: str, /) -> None:
    """Send a customer a new code card: its letter goes into the outbox, and from there to the printer.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login; the id, where the customers are in another system.
    """

    async def send(base: Foundation) -> None:
        customer_id, tools, now = await _id_of(base, number), AuthorisationTools(base.database), base.clock()
        _check_offered(base, file, "card")
        outbox = Outbox(base.database, base.seal, base.fresh)
        card = CodeCard(id=base.fresh.id(), serial=base.fresh.digits(8))
        letter = card_letter(outbox, base.keys.codes, card, number, base.fresh.id(), now)
        async with _audit(base).transaction() as (transaction, record):
            await transaction.insert(tools.adding(customer_id, card, now), letter)
            await record(CodeCardSent(person_id=customer_id, serial=card.serial))
        print(f"{number}  card {card.serial}  is on its way to the printer")

    with_system(file, send, "bank")


def block_cards(file: Path, number: str, /) -> None:
    """Block all code cards of a customer: lost, or seen by others.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login; the id, where the customers are in another system.
    """

    async def block(base: Foundation) -> None:
        customer_id, tools = await _id_of(base, number), AuthorisationTools(base.database)
        async with _audit(base).transaction() as (transaction, record):
            blocked = await tools.block(transaction, customer_id)
            await record(CodeCardsBlocked(person_id=customer_id, cards=blocked))
        print(f"{number}  cards blocked: {blocked}")

    with_system(file, block, "bank")


async def _id_of(base: Foundation, number: str) -> str:
    """The id of a customer; where the customers are in another system, the id itself is given instead."""
    if base.settings.customers.source != "own":
        return number
    found = await Customers(base.database, base.seal, base.fresh).to_sign_in(number)
    if found is None:
        raise Failed("there is no customer with this number")
    return found[0].id


def _check_offered(base: Foundation, file: Path, tool: str) -> None:
    if base.settings.bank is None or tool not in base.settings.bank.tools:
        raise Failed(f"bank.tools of {file} does not offer {tool}")


def _audit(base: Foundation) -> AuditLog:
    return AuditLog(base.database, base.audit_key, base.clock, base.fresh.id)
