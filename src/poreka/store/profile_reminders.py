"""Which reminders of a trusted profile's end went out: each once for each period of validity, whoever sends it.

When one is due is `rules/trusted_profile.py`'s to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from poreka.store.database import Database, Insert


@dataclass(frozen=True, slots=True)
class ProfileReminders:
    """The reminders of one system's profiles."""

    database: Database

    async def sent(self, profile_id: str, until: int) -> frozenset[int]:
        """The days before `until` of which the owner was reminded."""
        sql = "SELECT days FROM profile_reminders WHERE profile_id = $1 AND until = $2"
        return frozenset(row["days"] for row in await self.database.all(sql, profile_id, until))

    def noting(self, profile_id: str, until: int, days: Iterable[int]) -> tuple[Insert, ...]:
        """Rows of reminders that go out, or were passed by; `AlreadyThere` when another worker notes them."""
        return tuple(
            Insert("profile_reminders", {"profile_id": profile_id, "until": until, "days": one}) for one in sorted(days)
        )
