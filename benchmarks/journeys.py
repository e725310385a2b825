"""The journeys that are measured, as lists of steps.

(a) returning citizen: the bank's session is present, the consent is remembered.
(b) returning entry: the whole way, password page included.
(c) first entry: the whole way, consent and code included.
(d) token endpoint alone: codes are prepared in unmeasured batches.
(b) and (c) go through a provider's own pages, so a target brings them itself (`Target.whole_entries`).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import count

from benchmarks.browser import Browser
from benchmarks.relying import Received, RelyingSide
from benchmarks.target import JourneyError
from benchmarks.wire import Wire

RETURNING_CITIZEN = "returning-citizen"
RETURNING_ENTRY = "returning-entry"
FIRST_ENTRY = "first-entry"
TOKEN_ALONE = "token-alone"
ALL = (RETURNING_CITIZEN, RETURNING_ENTRY, FIRST_ENTRY, TOKEN_ALONE)

_VERIFY_EVERY = 50
_tickets = count()


class Player:
    """One citizen after another, on one connection; many players make the load."""

    def __init__(self, side: RelyingSide, logins: Sequence[str]) -> None:
        self.side = side
        self.wire = Wire(side.target.address)
        self._logins = logins
        self._browsers = [Browser(side.target.issuer, self.wire) for _ in logins]
        self._turn = 0

    async def sign_everyone_in(self) -> None:
        """Give every browser its session at the provider, and every person a remembered consent.

        Whoever has both already is let through; a provider that forgets idle people gets them back.
        """
        for browser, login in zip(self._browsers, self._logins, strict=True):
            asked = await self.side.push(self.wire, self.side.take())
            page = await browser.visit(self.side.authorization_url(asked))
            came_back = page.url
            if page.answer is not None:
                came_back = await self.side.target.sign_in(browser, page, login)
            self.side.received(came_back, asked)

    async def fetch_code(self) -> Received:
        """The next person's code, as far as the browser brings it."""
        asked = await self.side.push(self.wire, self.side.take())
        self._turn = (self._turn + 1) % len(self._browsers)
        return await self.side.authorize(self._browsers[self._turn], asked)

    async def returning_citizen(self) -> None:
        """Journey (a)."""
        prepared = self.side.take()
        asked = await self.side.push(self.wire, prepared)
        self._turn = (self._turn + 1) % len(self._browsers)
        received = await self.side.authorize(self._browsers[self._turn], asked)
        tokens = await self.side.redeem(self.wire, received, prepared)
        userinfo = await self.side.read_userinfo(self.wire, tokens["access_token"])
        if next(_tickets) % _VERIFY_EVERY == 0:
            self.side.verify(tokens, userinfo, asked)

    async def whole_entry(self, journey: str) -> None:
        """Journey (b) or (c), in a browser that knows nothing yet."""
        self._turn = (self._turn + 1) % len(self._logins)
        play = self.side.target.whole_entries[journey]
        await play(self.side.target, Browser(self.side.target.issuer, self.wire), self._logins[self._turn])


def measured_part(player: Player, journey: str) -> Callable[[], Awaitable[None]]:
    """What one player repeats during a round of journey (a), (b) or (c)."""
    if journey == RETURNING_CITIZEN:
        return player.returning_citizen
    return lambda: player.whole_entry(journey)


def available(side: RelyingSide, journey: str) -> bool:
    """Whether this target can play this journey."""
    return journey in (RETURNING_CITIZEN, TOKEN_ALONE) or journey in side.target.whole_entries


async def prepared_codes(players: Sequence[Player], each: int) -> list[list[Received]]:
    """Codes for one batch of journey (d), fetched without being measured."""

    async def some(player: Player) -> list[Received]:
        return [await player.fetch_code() for _ in range(each)]

    return list(await asyncio.gather(*(some(player) for player in players)))


async def redeem_all(player: Player, codes: Sequence[Received]) -> list[float]:
    """Journey (d): redeem one after the other; how long each took, in seconds."""
    took = []
    for received in codes:
        prepared = player.side.take()
        began = time.perf_counter()
        tokens = await player.side.redeem(player.wire, received, prepared)
        took.append(time.perf_counter() - began)
        if "id_token" not in tokens:
            raise JourneyError("no ID Token among the tokens")
    return took
