"""Counters of acts that are limited (`rules/limits/limits.py`), by keyed hashes of what they count for.

A counter is a row without an item. What one item (a name, an operation) was counted for stands in a row beside it, so
that an item can be counted once, and given back exactly. Every change is one guarded statement: of many that come at
once no more are allowed than the limit says. A row whose window has ended counts as nothing until `sweep` removes it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from poreka.rules.limits.limits import Limit, Limits, window_end
from poreka.store.database import Database, Transaction

COUNTER = b""  # the item of a counter itself
ANY = 2**62  # more than anything is counted


@dataclass(frozen=True, slots=True)
class LimitCounts:
    """The counters of one system; `under_way` are tries of this process that have no verdict yet."""

    database: Database
    limits: Limits
    under_way: Counter[bytes] = field(default_factory=Counter)

    async def used(self, counter: bytes, now: int) -> int:
        """What a counter says in the present window."""
        sql = "SELECT used FROM limit_counts WHERE counter = $1 AND item = $2 AND ends_at > $3"
        row = await self.database.one(sql, counter, COUNTER, now)
        return int(row["used"]) if row else 0

    async def add(self, transaction: Transaction, counter: bytes, item: bytes, limit: Limit, now: int) -> bool:
        """Count one more for an item; False, and nothing is counted, where there were as many as may be."""
        if not await _more(transaction, counter, COUNTER, limit, now, most=limit.most):
            return False
        await _more(transaction, counter, item, limit, now)
        return True

    async def add_once(self, transaction: Transaction, counter: bytes, item: bytes, limit: Limit, now: int) -> None:
        """Count an item that happened, unless it was counted in this window."""
        if await _more(transaction, counter, item, limit, now, most=1):
            await _more(transaction, counter, COUNTER, limit, now)

    async def give_back(
        self, transaction: Transaction, item: bytes, now: int, counters: Iterable[bytes] | None = None
    ) -> None:
        """Take back what was counted for an item in the present window, everywhere or on these counters."""
        if counters is None:
            sql = "SELECT counter FROM limit_counts WHERE item = $1 AND ends_at > $2"
            counters = sorted([bytes(row["counter"]) for row in await transaction.all(sql, item, now)])
        for counter in counters:
            row = await transaction.one(
                "DELETE FROM limit_counts WHERE counter = $1 AND item = $2 AND ends_at > $3 RETURNING used",
                counter,
                item,
                now,
            )
            if row:
                await transaction.run(
                    "UPDATE limit_counts SET used = used - $3 WHERE counter = $1 AND item = $2 AND used >= $3",
                    counter,
                    COUNTER,
                    int(row["used"]),
                )


async def _more(
    transaction: Transaction, counter: bytes, item: bytes, limit: Limit, now: int, *, most: int | None = None
) -> bool:
    """One more in a row, in the window of `now`; False where it had `most` already."""
    changed = await transaction.run(
        "INSERT INTO limit_counts (counter, item, used, ends_at) VALUES ($1, $2, 1, $3)"
        " ON CONFLICT (counter, item) DO UPDATE SET ends_at = $3,"
        " used = CASE WHEN limit_counts.ends_at > $4 THEN limit_counts.used + 1 ELSE 1 END"
        " WHERE limit_counts.ends_at <= $4 OR limit_counts.used < $5",
        counter,
        item,
        window_end(limit, now),
        now,
        ANY if most is None else most,
    )
    return changed > 0
