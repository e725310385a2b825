"""The authorisation tools of one customer, put together: which is the current one, and which can be used now.

Shared by the release, which asks for one of them, and by the pages on which customers change them. The rules are
`rules/authorising/tools.py`; a phone number's own troubles are `provider/rules/eligibility.py`.
"""

from dataclasses import dataclass

import msgspec

from poreka.provider.rules.eligibility import EligibilityPolicy, tool_fits
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.rules.authorising.code_card import CodeCard
from poreka.rules.authorising.push_request import MayOpen, Opening, may_open
from poreka.rules.authorising.tools import Held, Readiness, Tool, readiness
from poreka.store.database import Transaction

NOTHING_ASKED = MayOpen()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTools:
    """A customer's tools; `opening` says whether the app may be asked now."""

    current: Tool = Tool.SMS
    held: tuple[Held, ...] = ()
    cards: tuple[CodeCard, ...] = ()
    opening: Opening = NOTHING_ASKED

    def readiness(self, tool: Tool, now: int) -> Readiness:
        """Whether a tool can be used, as far as it depends on the tool."""
        return readiness(tool, self.held, self.cards, now)

    def usable_from(self, tool: Tool) -> int:
        """The moment from which a tool opens something; 0 where it never waited."""
        return next((one.usable_from for one in self.held if one.tool is tool), 0)


async def tools_of(bank: Bank, person_id: str, within: Transaction | None = None) -> CustomerTools:
    """What the customer has now."""
    current = await bank.tools.current(person_id, within)
    offered = tools_offered(bank)
    if offered == (Tool.SMS,) and current is Tool.SMS:
        return CustomerTools(held=tuple(await bank.tools.held(person_id, within)))
    held = tuple(await bank.tools.held(person_id, within))
    opening: Opening = NOTHING_ASKED
    if any(one.tool is Tool.PUSH for one in held):
        recent = await bank.app_requests.recent(person_id, within)
        opening = may_open(recent, bank.clock(), bank.settings.push.limits)
    cards = tuple(await bank.tools.cards(person_id, within))
    return CustomerTools(current=current, held=held, cards=cards, opening=opening)


def tools_offered(bank: Bank) -> tuple[Tool, ...]:
    """What this bank's customers may authorise with."""
    return tuple(Tool(name) for name in bank.settings.tools)


def tools_ready(bank: Bank, customer: Customer, tools: CustomerTools) -> tuple[Tool, ...]:
    """The tools that this customer could authorise an operation with at this moment."""
    asked_now = isinstance(tools.opening, MayOpen)
    return tuple(
        tool
        for tool in tools_offered(bank)
        if readiness_of(bank, customer, tools, tool) is Readiness.READY and (tool is not Tool.PUSH or asked_now)
    )


def tools_of_choice(bank: Bank, customer: Customer, tools: CustomerTools) -> tuple[Tool, ...]:
    """What answers for an act that can make somebody else the owner: the tool that the person chose, and no other.

    Only where that one opens nothing (blocked, or gone) another does, once its pause is over (docs/adr/0032). An app
    that does not answer, or is not asked for a while, is no reason: who has the password could bring that about.
    """
    if readiness_of(bank, customer, tools, tools.current) is Readiness.READY:
        return (tools.current,)
    return tuple(tool for tool in tools_offered(bank) if readiness_of(bank, customer, tools, tool) is Readiness.READY)


def readiness_of(bank: Bank, customer: Customer, tools: CustomerTools, tool: Tool) -> Readiness:
    """Whether a tool opens something; a phone number that gets no codes now is no tool. A pause changes nothing."""
    now, policy = bank.clock(), policy_of(bank)
    held = tools.readiness(tool, now)
    record = msgspec.structs.replace(customer.record, tool=tool, readiness=held)
    return Readiness.MISSING if held is Readiness.READY and not tool_fits(record, policy, now) else held


def policy_of(bank: Bank) -> EligibilityPolicy:
    """What this bank checks before it vouches."""
    vouching = bank.settings.vouching
    return EligibilityPolicy(checked=vouching.eligibility, sim_hold_days=vouching.sim_pause_days)
