"""Leave to send a code by SMS: the phone's operator is asked whether the SIM card is new (P10).

Asked outside of any transaction, each time a code is about to go, first or again; what the operator said is recorded
with what follows from it. A bank that asks nobody gives leave at once. The rule is `provider/rules/sim_swap.py`, who
answers `provider/store/sim_swap.py`.
"""

from typing import NamedTuple

from poreka.audit.events import SimChecked
from poreka.audit.record import Recorder
from poreka.provider.rules.sim_swap import IfUntold, Kept, Replaced, SimCard, Untold, Withheld, withheld
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.rules.authorising.tools import Tool


class SmsLeave(NamedTuple):
    """Whether a code may go by SMS now, and what is to be recorded about it; nothing where nobody was asked."""

    withheld: Withheld | None = None
    event: SimChecked | None = None

    async def note(self, record: Recorder) -> None:
        """Record the question, if one was asked."""
        if self.event is not None:
            await record(self.event)

    def check(self, bank: Bank, tool: Tool) -> None:
        """No code goes by SMS without a question, where one is to be asked."""
        unasked = bank.sim_swap is not None and self.event is None
        if tool is Tool.SMS and (unasked or self.withheld is not None):
            raise LookupError("a code by SMS without leave")


NOBODY_ASKED = SmsLeave()


async def leave_for_sms(bank: Bank, customer: Customer, tool: Tool, journey_id: str) -> SmsLeave:
    """Ask, if it is by SMS that a code is about to go."""
    if bank.sim_swap is None or tool is not Tool.SMS:
        return NOBODY_ASKED
    correlator = bank.fresh.id()
    card = await bank.sim_swap.ask(customer.phone or "", bank.settings.vouching.sim_pause_days, correlator)
    found = withheld(card, IfUntold(bank.settings.sim_swap.if_unknown))
    event = SimChecked(
        person_id=customer.id,
        journey_id=journey_id,
        answer=_answer(card),
        why=card.why if isinstance(card, Untold) else "",
        code_sent=found is None,
        correlator=correlator,
    )
    return SmsLeave(found, event)


def _answer(card: SimCard) -> str:
    match card:
        case Kept():
            return "kept"
        case Replaced():
            return "replaced"
        case Untold():
            return "unknown"
