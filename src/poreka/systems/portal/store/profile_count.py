"""How many profiles there are, remembered for a minute: counting rows is too dear for the busiest page.

Each portal has one of its own, built with it; each of its processes counts for itself.
"""

from poreka.systems.portal.store.profiles import Profiles

KEPT_SECONDS = 60


class ProfileCount:
    """The number last counted by this process, with the moment."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self._kept: tuple[int, int] | None = None

    async def at(self, now: int) -> int:
        """The number of open profiles, at most a minute old."""
        kept = self._kept
        if kept is None or not 0 <= now - kept[0] < KEPT_SECONDS:
            kept = self._kept = (now, await self._profiles.count())
        return kept[1]
