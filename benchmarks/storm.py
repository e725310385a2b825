"""`python -m benchmarks.storm`: three times as many people as can be served, who do not give up.

People of one service arrive with a password to type; whoever is told to come back does so, forms included. Meanwhile
people of another service, who are signed in, come and go. Printed are what share of those who could have been served
were, and what the others' sign-ins suffered. Loopback only, and it ends by itself. Servers and database are on one
core, the driver is on another.
"""

import argparse
import asyncio
import contextlib
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import uvloop

from benchmarks.browser import Browser, Page
from benchmarks.entries import at_bank, send_form
from benchmarks.journeys import Player
from benchmarks.ours import Crowd, poreka_on_postgresql, poreka_on_sqlite
from benchmarks.people_at_bank import Townsperson
from benchmarks.processes import family
from benchmarks.proofs import SigningKey
from benchmarks.relying import RelyingSide, discover
from benchmarks.target import JourneyError, RelyingParty, Target, ToldToWait
from benchmarks.wire import Wire

T = TypeVar("T")
CORE_OF_DRIVER = 1
OVERLOAD = 3
PLAYERS = 12  # at capacity
OTHERS, OTHERS_A_SECOND = 16, 5.0
GIVES_UP_AFTER = 60.0
FILLING = 5.0  # seconds at the beginning of the storm, in which the first ones are on their way: not counted
LOOKS_FOR = 8.0  # seconds that somebody looks at a page that does not come, before pressing the button again
ENGINES = {"sqlite": poreka_on_sqlite, "postgresql": poreka_on_postgresql}
OTHER = RelyingParty(
    client_id="other",
    redirect_uri="http://127.0.0.1:9/callback",
    key=SigningKey("other-1"),
    scope="openid identity",
)


@dataclass(slots=True)
class Seen:
    """What happened to people."""

    arrived: int = 0
    gave_up: int = 0
    told_to_wait: int = 0
    pressed_again: int = 0
    failed: list[str] = field(default_factory=list)


class Insistent:
    """One person of the crowd, who does what pages say, and presses again when nothing comes."""

    def __init__(self, side: RelyingSide, person: Townsperson, seen: Seen) -> None:
        self._side, self._person, self._seen = side, person, seen
        self._wire = Wire(side.target.address)
        self._browser = Browser(side.target.issuer, self._wire)

    async def enter(self) -> None:
        """From the service through the bank and back, with the facts read in the end."""
        prepared = self._side.take()
        asked = await self._program(lambda: self._side.push(self._wire, prepared))
        page = await self._page(lambda: self._browser.visit(self._side.authorization_url(asked)))
        page = await at_bank(self._browser, page, self._person, self._send)
        if page.answer is not None:
            raise JourneyError(f"another page: {page.answer.status} at {page.url}")
        received = self._side.received(page.url, asked)
        tokens = await self._program(lambda: self._side.redeem(self._wire, received, prepared))
        await self._program(lambda: self._side.read_userinfo(self._wire, tokens["access_token"]))

    def leave(self) -> None:
        """Close the browser."""
        self._wire.close()

    async def _send(self, browser: Browser, page: Page, ending: str, fields: dict[str, str]) -> Page:
        return await self._page(lambda: send_form(browser, page, ending, fields))

    async def _page(self, step: Callable[[], Awaitable[Page]]) -> Page:
        while True:
            try:
                async with asyncio.timeout(LOOKS_FOR):
                    page = await step()
            except (TimeoutError, ConnectionError):
                self._seen.pressed_again += 1
                self._wire.close()
                continue
            if page.answer is None or page.answer.status != 503:
                return page
            await self._wait(float(page.answer.header("retry-after")))

    async def _program(self, step: Callable[[], Awaitable[T]]) -> T:
        """The service's own requests: it tells its person when to come back, and tries again then."""
        while True:
            try:
                return await step()
            except ToldToWait as busy:
                await self._wait(busy.seconds)

    async def _wait(self, seconds: float) -> None:
        self._seen.told_to_wait += 1
        await asyncio.sleep(seconds)


async def capacity(side: RelyingSide, people: Sequence[Townsperson], seconds: float) -> float:
    """People a second when each next one comes as the last one left."""
    seen, waiting = Seen(), iter(people)

    async def play() -> None:
        while time.perf_counter() < over:
            await _one(Insistent(side, next(waiting), seen), seen)

    began = time.perf_counter()
    over = began + seconds
    await asyncio.gather(*(play() for _ in range(PLAYERS)))
    return seen.arrived / (time.perf_counter() - began)


async def storm(
    side: RelyingSide, people: Sequence[Townsperson], a_second: float, seconds: float
) -> tuple[Seen, float]:
    """What became of people who arrive at this rate by chance, and how many a second had arrived by the end."""
    seen, chance, waiting = Seen(), random.Random(8), iter(people)
    began = arrival = time.perf_counter()
    full = 0
    crowd: set[asyncio.Task[None]] = set()

    async def fill() -> None:
        nonlocal full
        await asyncio.sleep(FILLING)
        full = seen.arrived

    filling = asyncio.create_task(fill())
    while (arrival := arrival + chance.expovariate(a_second)) < began + seconds:
        await asyncio.sleep(max(0.0, arrival - time.perf_counter()))
        task = asyncio.create_task(_one(Insistent(side, next(waiting), seen), seen))
        crowd.add(task)
        task.add_done_callback(crowd.discard)
    rate = (seen.arrived - full) / (time.perf_counter() - began - FILLING)
    left = replace(seen, failed=list(seen.failed))
    for task in (filling, *crowd):
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    return left, rate


async def _one(person: Insistent, seen: Seen) -> None:
    try:
        async with asyncio.timeout(GIVES_UP_AFTER):
            await person.enter()
        seen.arrived += 1
    except TimeoutError:
        seen.gave_up += 1
    except (JourneyError, ConnectionError) as error:
        seen.failed.append(str(error)[:120])
    finally:
        person.leave()


async def others(players: Sequence[Player], seconds: float) -> list[float]:
    """How long sign-ins of people of the other service take, who are signed in and come by chance."""
    chance, took = random.Random(9), list[float]()
    idle: asyncio.Queue[Player] = asyncio.Queue()
    for player in players:
        idle.put_nowait(player)

    async def one() -> None:
        began = time.perf_counter()
        player = await idle.get()
        try:
            await player.returning_citizen()
            took.append(time.perf_counter() - began)
        except (JourneyError, ConnectionError):
            took.append(float("inf"))
        finally:
            idle.put_nowait(player)

    over = time.perf_counter() + seconds
    async with asyncio.TaskGroup() as citizens:
        while time.perf_counter() < over:
            await asyncio.sleep(chance.expovariate(OTHERS_A_SECOND))
            citizens.create_task(one())
    return took


async def measure(target: Target, people: Sequence[Townsperson], asked: argparse.Namespace) -> None:
    """All of it, printed as it comes."""
    side = await discover(target)
    other = await discover(replace(target, relying_party=OTHER))
    reserved, crowd = people[:OTHERS], list(people[OTHERS:])
    players = [Player(other, [one.number]) for one in reserved]
    for player in players:
        await player.sign_everyone_in()
    quiet = await others(players, asked.quiet)
    side.prepare(int(40 * asked.quiet))
    most = await capacity(side, crowd[: len(crowd) // 4], asked.quiet)
    print(f"capacity                         {most:8.1f} people a second")
    memory = _memory(target)
    side.prepare(int(most * OVERLOAD * asked.seconds))
    (seen, rate), hard = await asyncio.gather(
        storm(side, crowd[len(crowd) // 4 :], most * OVERLOAD, asked.seconds), others(players, asked.seconds)
    )
    print(f"at {OVERLOAD} times that                  {rate:8.1f} people a second: {rate / most:.0%} of capacity")
    print(f"told to wait {seen.told_to_wait}, pressed again {seen.pressed_again}, gave up {seen.gave_up}")
    for words in sorted(set(seen.failed))[:5]:
        print(f"failed: {words} ({seen.failed.count(words)} times)")
    for name, share in (("median", 0.5), ("95th percentile", 0.95)):
        before, during = _quantile(quiet, share), _quantile(hard, share)
        print(f"another service's people, {name}: {before * 1e3:.1f} ms, in the storm {during * 1e3:.1f} ms")
        print(f"  {during / before:.2f} times as long")
    print(f"memory of the servers            {memory:8.0f} MB before, {_memory(target):.0f} MB after")


def _quantile(took: Sequence[float], share: float) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * share))] if took else float("inf")


def _memory(target: Target) -> float:
    pages = 0
    for pid in (member for one in target.server_pids for member in family(one)):
        with contextlib.suppress(OSError):
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Start, measure, stop."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, default="postgresql")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=30.0, help="length of the storm, 60 at the most")
    parser.add_argument("--quiet", type=float, default=8.0, help="length of each quiet measurement")
    asked = parser.parse_args()
    asked.seconds = min(asked.seconds, 60.0)
    os.sched_setaffinity(0, {CORE_OF_DRIVER % (os.cpu_count() or 1)})
    crowd = Crowd(people=6_000, returning=6_000, workers=asked.workers, others=(OTHER,))
    with tempfile.TemporaryDirectory(prefix="storm-") as folder, ENGINES[asked.engine](Path(folder), crowd) as target:
        uvloop.run(measure(target, target.people, asked))


if __name__ == "__main__":
    main()
