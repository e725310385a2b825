"""The bank's app becomes a tool of a customer: the row, notices to every address, the entry in the audit log.

Who may do it is decided before: `connect.py` and `answers.py`.
"""

from poreka.audit.record import Recorder
from poreka.provider.authorising.tool_notices import ToolNotices
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.provider.tool_events import AuthorisationToolAdded
from poreka.rules.authorising.tools import Tool, added
from poreka.store.database import Stale, Transaction


async def hold_app(
    transaction: Transaction, record: Recorder, bank: Bank, customer: Customer, *, by_another: bool
) -> None:
    """From now on the customer has the app; without another tool's word it opens nothing for a day.

    Raises `Stale` where something is known of it meanwhile: a block of the hotline's is not gone round like this.
    """
    if any(one.tool is Tool.PUSH for one in await bank.tools.held(customer.id, transaction)):
        raise Stale("held_tools")
    wait, now = bank.settings.vouching.tool_wait_hours, bank.clock()
    held = added(Tool.PUSH, now, wait, by_another=by_another)
    await bank.tools.hold(transaction, customer.id, held)
    told = ToolNotices(bank.settings, bank.texts["pl"], bank.outbox)
    await transaction.insert(*told.about(customer, "added", Tool.PUSH, now))
    await record(AuthorisationToolAdded(person_id=customer.id, tool=Tool.PUSH.value, usable_from=held.usable_from))
