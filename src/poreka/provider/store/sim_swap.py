"""Who can be asked whether a phone's SIM card was replaced lately, and the demonstration's table of SIM cards.

The real one is `provider/authorising/sim_swap_over_http.py`; what follows from the answer is
`provider/rules/sim_swap.py`. An operator that is away, slow or wrong is an answer too: `Untold`. Phone numbers are
never logged.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from poreka.provider.rules.sim_swap import SimCard, since_change
from poreka.store.database import AlreadyThere, Database, Insert

EVERY_DAY = 10_000


class SimSwap(Protocol):
    """Whoever knows when a SIM card was replaced."""

    async def ask(self, phone: str, days: int, correlator: str) -> SimCard:
        """Whether the card of this phone is newer than so many days; `correlator` names the question in both logs."""
        ...


@dataclass(frozen=True, slots=True)
class DemoSimCards:
    """The demonstration's operator: it knows when each SIM card that was replaced was."""

    database: Database
    clock: Callable[[], int]

    async def ask(self, phone: str, days: int, correlator: str) -> SimCard:  # noqa: ARG002 - the interface's
        """As the table has it; a phone that is not in it has its first card."""
        row = await self.database.one("SELECT replaced_at FROM sim_cards WHERE phone = $1", phone)
        changed_at = int(row["replaced_at"]) if row else None
        return since_change(changed_at, EVERY_DAY, days=days, now=self.clock())

    async def replaced(self, phone: str, at: int) -> None:
        """Note that a card was replaced; the first note counts."""
        with suppress(AlreadyThere):
            await self.database.insert(Insert("sim_cards", {"phone": phone, "replaced_at": at}))
