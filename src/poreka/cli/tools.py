"""`poreka tool`: what the hotline and the branch do for a customer who changes the authorisation tool or lost it.

Whoever calls was identified in the bank's own way before. Each change is audited like everything else, and its owner
is told of it by SMS and e-mail. A tool that is added here, or comes back after it was blocked, opens nothing before
`bank.tool_wait_hours` are over: no other tool said so. What waits because a password alone reported the other one lost
(docs/adr/0032) waits no more once it is chosen here. Owners of trusted profiles are served by their user names; cards
and apps are no tools of theirs to be sent or noted.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from poreka.audit.record import AuditLog, Recorder
from poreka.cli.opened import with_system
from poreka.delivery.letters import card_letter
from poreka.kinds import KINDS
from poreka.outgoing.back_channel import Reach
from poreka.provider.authorising.tool_notices import ToolNotices
from poreka.provider.customers.open import open_directory
from poreka.provider.settings.vouching import Vouching, VouchingSettings
from poreka.provider.store.authorisation_tools import AuthorisationTools
from poreka.provider.store.customer_directory import Customer
from poreka.provider.store.customers import Customers
from poreka.provider.store.push_requests import PushRequests
from poreka.provider.tool_events import (
    AuthorisationToolAdded,
    AuthorisationToolBlocked,
    AuthorisationToolChosen,
    CodeCardsBlocked,
    CodeCardSent,
)
from poreka.rules.authorising.code_card import CodeCard
from poreka.rules.authorising.tools import Held, Readiness, Tool, added, readiness, waits_no_more
from poreka.rules.warsaw_time import warsaw_moment
from poreka.running.failed import Failed
from poreka.running.foundation import Foundation, FoundationOf, of_kind
from poreka.running.running import own_texts, shared_passwords
from poreka.store.database import Transaction
from poreka.store.operations import Operations
from poreka.store.outbox import Outbox
from poreka.systems.trusted_profile.settings import TrustedProfileSettings
from poreka.systems.trusted_profile.store.trusted_profiles import TrustedProfiles

Name = Literal["sms", "card", "push"]
HELPED = tuple(kind.name for kind in KINDS if kind.customers_tools)


@dataclass(frozen=True, slots=True)
class Desk:
    """One customer at the hotline, and what is needed to help."""

    base: FoundationOf[VouchingSettings]
    bank: Vouching
    customer: Customer
    tools: AuthorisationTools

    async def stands(self, tool: Tool) -> Readiness:
        """How a tool of the customer stands now."""
        held, cards = await self.tools.held(self.customer.id), await self.tools.cards(self.customer.id)
        return readiness(tool, held, cards, self.base.clock())

    async def add(self, transaction: Transaction, record: Recorder, tool: Tool) -> None:
        """The customer has this tool from now on, on nobody's word but ours; says from when it opens something."""
        person, now = self.customer.id, self.base.clock()
        held = added(tool, now, self.bank.tool_wait_hours, by_another=False)
        await self.tools.hold(transaction, person, held)
        await self.tell(transaction, "added", tool)
        await record(AuthorisationToolAdded(person_id=person, tool=tool.value, usable_from=held.usable_from))
        if held.usable_from > now:
            print(f"{tool.value}  opens nothing before  {warsaw_moment(held.usable_from):%Y-%m-%d %H:%M}")

    async def tell(self, transaction: Transaction, what: str, tool: Tool) -> None:
        """Write the notices to the customer."""
        base = self.base
        told = ToolNotices(base.settings, own_texts(base.settings)["pl"], outbox_of(base))
        await transaction.insert(*told.about(self.customer, what, tool, base.clock()))


def choose_tool(file: Path, number: str, tool: Name, /) -> None:
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

    async def choose(opened: Foundation) -> None:
        base = of_kind(opened, VouchingSettings)
        desk, chosen = await _desk(base, file, number, tool), Tool(tool)
        stands = await desk.stands(chosen)
        if stands is Readiness.MISSING and isinstance(base.settings, TrustedProfileSettings):
            raise Failed(f"{number} has no phone; its owner connects one in the profile")
        if stands is Readiness.MISSING:
            have = "card with codes left" if chosen is Tool.CARD else "app"
            command = "card" if chosen is Tool.CARD else "app"
            raise Failed(f"{number} has no {have}; run: poreka tool {command} {file} {number}")
        async with _audit(base).transaction() as (transaction, record):
            if stands is Readiness.BLOCKED:
                await desk.add(transaction, record, chosen)
            elif stands is Readiness.WAITS:
                for held in waits_no_more(chosen, await desk.tools.held(desk.customer.id, transaction), base.clock()):
                    await desk.tools.hold(transaction, desk.customer.id, held)
            await desk.tools.choose(transaction, desk.customer.id, chosen)
            await desk.tell(transaction, "changed", chosen)
            await record(AuthorisationToolChosen(person_id=desk.customer.id, tool=tool))
        print(f"{number}  authorises with  {tool}")

    with_system(file, choose, *HELPED)


def send_card(file: Path, number: str, /) -> None:
    """Send a customer a new code card: its letter goes into the outbox, and from there to the printer.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login; the id, where the customers are in another system.
    """

    async def send(opened: Foundation) -> None:
        base = of_kind(opened, VouchingSettings)
        desk, now = await _desk(base, file, number, "card"), base.clock()
        had_one = await desk.stands(Tool.CARD) in (Readiness.READY, Readiness.WAITS)
        card = CodeCard(id=base.fresh.id(), serial=base.fresh.digits(8))
        letter = card_letter(outbox_of(base), base.keys.codes, card, desk.customer.number, base.fresh.id(), now)
        async with _audit(base).transaction() as (transaction, record):
            await transaction.insert(desk.tools.adding(desk.customer.id, card, now), letter)
            await record(CodeCardSent(person_id=desk.customer.id, serial=card.serial))
            if not had_one:
                await desk.add(transaction, record, Tool.CARD)
        print(f"{number}  card {card.serial}  is on its way to the printer")

    with_system(file, send, *HELPED)


def add_app(file: Path, number: str, /) -> None:
    """Note that a customer has the bank's app and may authorise with it.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login; the id, where the customers are in another system.
    """

    async def add(opened: Foundation) -> None:
        base = of_kind(opened, VouchingSettings)
        if isinstance(base.settings, TrustedProfileSettings):
            raise Failed("an owner connects a phone in the profile, and the phone itself says so; nothing to add here")
        desk = await _desk(base, file, number, "push")
        async with _audit(base).transaction() as (transaction, record):
            await desk.add(transaction, record, Tool.PUSH)
        print(f"{number}  has the app")

    with_system(file, add, *HELPED)


def block_tool(file: Path, number: str, tool: Name = "card", /) -> None:
    """Block a tool of a customer: lost, or in somebody else's hands. What waits for it ends with it.

    Parameters
    ----------
    file
        The bank's settings file.
    number
        The customer's number or login; the id, where the customers are in another system.
    tool
        What to block.
    """

    async def block(opened: Foundation) -> None:
        base = of_kind(opened, VouchingSettings)
        desk, lost = await _desk(base, file, number, None), Tool(tool)
        person, cards = desk.customer.id, 0
        async with _audit(base).transaction() as (transaction, record):
            await desk.tools.hold(transaction, person, Held(tool=lost, blocked=True))
            await Operations(base.database).cancel_open(transaction, person, lost)
            if lost is Tool.PUSH:
                await PushRequests(base.database).withdraw_open(transaction, person, base.clock())
            if lost is Tool.CARD:
                cards = await desk.tools.block(transaction, person)
                await record(CodeCardsBlocked(person_id=person, cards=cards))
            await desk.tell(transaction, "blocked", lost)
            await record(AuthorisationToolBlocked(person_id=person, tool=tool, by="operator"))
        print(f"{number}  {f'cards blocked: {cards}' if lost is Tool.CARD else f'blocked: {tool}'}")

    with_system(file, block, *HELPED)


async def _desk(base: FoundationOf[VouchingSettings], file: Path, number: str, tool: Name | None) -> Desk:
    """The customer; where the customers are in another system, the id is given instead. Raises `Failed`."""
    vouching = base.settings.vouching
    if tool is not None and tool not in vouching.tools:
        raise Failed(f"bank.tools of {file} does not offer {tool}")
    customer = await _customer(base, number)
    if customer is None:
        raise Failed("there is no customer with this number")
    return Desk(base, vouching, customer, AuthorisationTools(base.database))


async def _customer(base: FoundationOf[VouchingSettings], number: str) -> Customer | None:
    if isinstance(base.settings, TrustedProfileSettings):
        profiles = TrustedProfiles(base.database, base.seal, base.fresh, base.clock)
        owned = await profiles.named(number)
        return await profiles.by_id(owned.id) if owned else None
    if base.settings.customers.source == "own":
        found = await Customers(base.database, base.seal, base.fresh).to_sign_in(number)
        return found[0] if found else None
    demo = base.settings.system.demo
    reach = Reach(allow_http=demo, localhost_names=demo, private_hosts=frozenset(base.settings.system.private_hosts))
    known = await open_directory(base, shared_passwords(), reach)
    try:
        return await known.directory.by_id(number)
    finally:
        for close in known.closing:
            await close()


def outbox_of(base: Foundation) -> Outbox:
    """Where the command's messages wait for the system's worker."""
    return Outbox(base.database, base.seal, base.fresh)


def _audit(base: Foundation) -> AuditLog:
    return AuditLog(base.database, base.audit_key, base.clock, base.fresh.id)
