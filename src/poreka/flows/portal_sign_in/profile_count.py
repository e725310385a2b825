"""How many profiles there are, remembered for a minute: counting rows is too dear for the busiest page.

Kept by the profiles' own database, so that two portals in one process (the tests) do not share a number.
"""

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from poreka.store.database import Database
from poreka.store.profiles import Profiles

KEPT_SECONDS = 60


@dataclass(slots=True)
class ProfileCount:
    """The number last counted for each portal of this process, with the moment."""

    _kept: WeakKeyDictionary[Database, tuple[int, int]] = field(default_factory=WeakKeyDictionary)

    async def of(self, profiles: Profiles, now: int) -> int:
        """The number of open profiles, at most a minute old."""
        kept = self._kept.get(profiles.database)
        if kept is not None and 0 <= now - kept[0] < KEPT_SECONDS:
            return kept[1]
        count = await profiles.count()
        self._kept[profiles.database] = (now, count)
        return count
