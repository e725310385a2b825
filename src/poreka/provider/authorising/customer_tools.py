"""The authorisation tools of one customer, put together: which is the current one, and which can be used now.

The release uses them to ask for an answer, the pages of `changing_tools` and `passkeys` to change them. Which tool is
blocked, waits or is missing is decided by `rules/authorising/tools.py`; whether codes may go to the phone number by
`provider/rules/eligibility.py`. `readiness_of` puts the two together.
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
    """A customer's tools; `current` is the one they chose, `opening` says whether the app may be asked now."""

    current: Tool = Tool.SMS
    held: tuple[Held, ...] = ()
    cards: tuple[CodeCard, ...] = ()
    opening: Opening = NOTHING_ASKED

    def readiness(self, tool: Tool, now: int) -> Readiness:
        """Whether a tool can be used, leaving aside whether the phone number gets codes (`readiness_of` adds that)."""
        return readiness(tool, self.held, self.cards, now)

    def usable_from(self, tool: Tool) -> int:
        """The moment from which a tool's answers count; 0 where it never had to wait."""
        return next((held.usable_from for held in self.held if held.tool is tool), 0)


async def tools_of(bank: Bank, person_id: str, within: Transaction | None = None) -> CustomerTools:
    """Load the customer's tools; where SMS is the only tool, cards and push requests are not read."""
    current = await bank.tools.current(person_id, within)
    offered = tools_offered(bank)
    if offered == (Tool.SMS,) and current is Tool.SMS:
        return CustomerTools(held=tuple(await bank.tools.held(person_id, within)))
    held = tuple(await bank.tools.held(person_id, within))
    opening: Opening = NOTHING_ASKED
    if any(entry.tool is Tool.PUSH for entry in held):
        recent = await bank.app_requests.recent(person_id, within)
        opening = may_open(recent, bank.clock(), bank.settings.push.limits)
    cards = tuple(await bank.tools.cards(person_id, within))
    return CustomerTools(current=current, held=held, cards=cards, opening=opening)


def tools_offered(bank: Bank) -> tuple[Tool, ...]:
    """What this bank's customers may authorise with."""
    return tuple(Tool(name) for name in bank.settings.tools)


def tools_ready(bank: Bank, customer: Customer, tools: CustomerTools) -> tuple[Tool, ...]:
    """The tools that this customer could authorise an operation with at this moment."""
    app_may_be_asked = isinstance(tools.opening, MayOpen)
    return tuple(
        tool
        for tool in tools_offered(bank)
        if readiness_of(bank, customer, tools, tool) is Readiness.READY and (tool is not Tool.PUSH or app_may_be_asked)
    )


def tools_of_choice(bank: Bank, customer: Customer, tools: CustomerTools) -> tuple[Tool, ...]:
    """The tools that may authorise a change which could hand the account to somebody else (docs/adr/0032).

    That is the current tool alone while it is ready. Where it is blocked, missing or waits, it is every other tool that
    is ready. An app that does not answer, or that `opening` does not let us ask just now, is still ready: otherwise
    somebody with the password could make the app fall silent and go on with a weaker tool.
    """
    if readiness_of(bank, customer, tools, tools.current) is Readiness.READY:
        return (tools.current,)
    return tuple(tool for tool in tools_offered(bank) if readiness_of(bank, customer, tools, tool) is Readiness.READY)


def readiness_of(bank: Bank, customer: Customer, tools: CustomerTools, tool: Tool) -> Readiness:
    """Whether a tool can be used now: SMS counts as missing where the phone number gets no codes.

    `opening`, the pause after unanswered push requests, is not looked at here (`tools_ready` does).
    """
    now, policy = bank.clock(), policy_of(bank)
    alone = tools.readiness(tool, now)
    record = msgspec.structs.replace(customer.record, tool=tool, readiness=alone)
    return Readiness.MISSING if alone is Readiness.READY and not tool_fits(record, policy, now) else alone


def policy_of(bank: Bank) -> EligibilityPolicy:
    """What this bank checks before it vouches."""
    vouching = bank.settings.vouching
    return EligibilityPolicy(checked=vouching.eligibility, sim_hold_days=vouching.sim_pause_days)
