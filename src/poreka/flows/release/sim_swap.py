"""Before a code goes by SMS: was the SIM card replaced lately? And another tool in place of SMS codes (P10, P3).

The operator is asked outside of any transaction, when a code is to be sent and each time it is to be sent again;
what it said is recorded together with what follows from it. A new card stops the codes of this release, and the
person may go on with another tool they have: for this release, their own choice of a tool stays as it was.
The rule: `rules/sim_swap.py`.
"""

from typing import NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SimChecked
from poreka.audit.record import Recorder
from poreka.flows.release.consent_text import bank_settings
from poreka.flows.release.operation import cancel_operation, issue_operation, save_state
from poreka.flows.release.standing import Standing, load
from poreka.journeys.release import ReleaseState, code_needed
from poreka.rules.authorisation_tools import Tool
from poreka.rules.code_card import current_card
from poreka.rules.eligibility import SMS_REASONS, Reason
from poreka.rules.sim_swap import IfUntold, Kept, Replaced, SimCard, Untold, Withheld, withheld
from poreka.store.database import Stale, Transaction
from poreka.web.frame import read_form, redirect
from poreka.web.systems import Bank


class Word(NamedTuple):
    """What the operator said, and whether a code may go by SMS; nothing is to be recorded where nobody was asked."""

    withheld: Withheld | None = None
    event: SimChecked | None = None


async def operator_word(bank: Bank, standing: Standing, tool: Tool | None = None) -> Word:
    """Ask, if a code is about to go by SMS: by `tool`, or else by the tool that the customer would use now."""
    customer, settings = standing.signed_in().customer, bank.settings
    if bank.sim_swap is None or (tool or standing.means.tool) is not Tool.SMS or customer.phone is None:
        return Word()
    correlator = bank.fresh.id()
    card = await bank.sim_swap.ask(customer.phone, bank_settings(bank).sim_pause_days, correlator)
    found = withheld(card, IfUntold(settings.sim_swap.if_unknown))
    event = SimChecked(
        person_id=customer.id,
        client_id=standing.client.client_id,
        answer=_answer(card),
        why=card.why if isinstance(card, Untold) else "",
        code_sent=found is None,
        correlator=correlator,
    )
    return Word(found, event)


def _answer(card: SimCard) -> str:
    match card:
        case Kept():
            return "kept"
        case Replaced():
            return "replaced"
        case Untold():
            return "unknown"


async def issue_unless_withheld(
    transaction: Transaction, record: Recorder, bank: Bank, standing: Standing, state: ReleaseState, word: Word
) -> ReleaseState:
    """A new operation, or a state that says why there is none."""
    if word.event is not None:
        await record(word.event)
    if word.withheld is not None:
        return stopped(state, word.withheld)
    return await issue_operation(transaction, record, bank, standing, msgspec.structs.replace(state, withheld=None))


def stopped(state: ReleaseState, why: Withheld) -> ReleaseState:
    """No code by SMS in this release: an operation that waited for one is no part of it any more."""
    return msgspec.structs.replace(state, withheld=why, operation_id=None, operation=None)


async def tools_offered(bank: Bank, standing: Standing) -> tuple[Tool, ...]:
    """What a person whom only SMS codes stand in the way of can go on with: their other tools, and SMS once more
    where the operator just did not tell."""
    refused = frozenset(standing.release.state.refused)
    if not refused or not refused <= SMS_REASONS:
        return ()
    customer_id = standing.signed_in().customer.id
    offered = (Tool(name) for name in bank_settings(bank).tools)
    ready = [tool for tool in offered if tool is not Tool.SMS and await _ready(bank, customer_id, tool)]
    return (*ready, *((Tool.SMS,) if refused == {Reason.SIM_UNKNOWN} else ()))


async def _ready(bank: Bank, customer_id: str, tool: Tool) -> bool:
    """Whether the customer can authorise with a tool now."""
    match tool:
        case Tool.SMS:
            return True
        case Tool.CARD:
            return current_card(await bank.tools.cards(customer_id)) is not None


async def use_instead(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/tool: go on with another tool, or ask the operator again."""
    fields = await read_form(request, bank, "tool")
    standing = await load(request, bank)
    page = redirect(request, bank, f"/release/{standing.journey.id}")
    tool = next((one for one in await tools_offered(bank, standing) if one.value == fields["tool"]), None)
    if tool is None:
        return page  # a stale tab: it shows what is next

    state = msgspec.structs.replace(
        standing.release.state,
        instead=None if tool is Tool.SMS else tool,
        refused=(),
        withheld=None,
        operation_id=None,
        operation=None,
    )
    begins = (state.consented or state.consent_remembered) and code_needed(state)
    word = await operator_word(bank, standing, tool) if begins else Word()

    try:
        async with bank.audit.transaction() as (transaction, record):
            await cancel_operation(transaction, bank, standing)
            if begins:
                state = await issue_unless_withheld(transaction, record, bank, standing, state, word)
            await save_state(transaction, bank, standing, state)
    except Stale:
        return page
    bank.wake_delivery()
    return page
