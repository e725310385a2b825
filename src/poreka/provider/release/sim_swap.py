"""Another tool in place of SMS codes that a new SIM card, or the phone itself, stands in the way of (P10, P3).

What is taken instead counts for this release only: the customer's own choice of a tool stays as it was, and its
answer is asked for all the same. Whether the card is new is asked in `provider/authorising/sms_leave.py`.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.authorising.customer_tools import tools_ready
from poreka.provider.authorising.operations_under_way import PushNotNow
from poreka.provider.authorising.sms_leave import NOBODY_ASKED, leave_for_sms
from poreka.provider.release.operation import cancel_operation, issue_operation, save_state
from poreka.provider.release.standing import ReleaseStanding, load
from poreka.provider.rules.eligibility import SMS_REASONS, Reason
from poreka.provider.rules.release import code_needed
from poreka.provider.system import Bank
from poreka.rules.authorising.tools import Tool
from poreka.store.database import Stale
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect


def instead_of_sms(bank: Bank, standing: ReleaseStanding) -> tuple[Tool, ...]:
    """What a person whom only SMS codes stand in the way of can go on with: their other tools that are ready, and
    SMS once more where the operator just did not tell."""
    refused = frozenset(standing.release.state.refused)
    if not refused or not refused <= SMS_REASONS:
        return ()
    ready = tools_ready(bank, standing.signed_in().customer, standing.means.tools)
    others = tuple(tool for tool in ready if tool is not Tool.SMS)
    return (*others, Tool.SMS) if refused == {Reason.SIM_UNKNOWN} else others


async def use_instead(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/tool: go on with another tool, or ask the operator again."""
    fields = await read_form(request, bank, "tool")
    standing = await load(request, bank)
    page = redirect(request, bank, f"/release/{standing.journey.id}")
    tool = next((one for one in instead_of_sms(bank, standing) if one.value == fields["tool"]), None)
    if tool is None:
        return page  # a stale tab: it shows what is next

    state = msgspec.structs.replace(
        standing.release.state, instead=tool, refused=(), withheld=None, operation_id=None, operation=None
    )
    begins = (state.consented or state.consent_remembered) and code_needed(state) and not state.signing
    customer = standing.signed_in().customer
    leave = await leave_for_sms(bank, customer, tool, standing.journey.id) if begins else NOBODY_ASKED

    try:
        async with bank.audit.transaction() as (transaction, record):
            await cancel_operation(transaction, bank, standing)
            if begins:
                state = await issue_operation(transaction, record, bank, standing, state, tool, leave)
            await save_state(transaction, bank, standing, state)
    except (Stale, PushNotNow):
        return page
    bank.wake_delivery()
    return page
