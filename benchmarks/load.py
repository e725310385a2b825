"""How load is put on a provider: closed rounds, code batches, and an open stream at half the peak.

Closed: each player begins its next journey when the last one ended, so the rate found is the peak.
Open: citizens arrive by chance (Poisson) whether or not the provider keeps up, and waiting counts from the
moment of arrival.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.journeys import Player, measured_part, prepared_codes, redeem_all
from benchmarks.processes import cpu_seconds
from benchmarks.target import Target

_CODES_PER_BATCH = 96
"""Small enough that `oidc-provider`'s default memory store (1000 entries) forgets none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round measured."""

    journeys: int
    seconds: float
    latencies: list[float]
    server_cpu: float
    database_cpu: float
    driver_cpu: float


@dataclass(slots=True)
class _Meter:
    """CPU time and wall time from one point to another."""

    target: Target
    seconds: float = 0.0
    server: float = 0.0
    database: float = 0.0
    driver: float = 0.0

    def start(self) -> None:
        """Subtract where the clocks stand."""
        self._add(-1)

    def stop(self) -> None:
        """Add where the clocks stand."""
        self._add(1)

    def round(self, latencies: list[float]) -> Round:
        """The finished round."""
        return Round(
            journeys=len(latencies),
            seconds=self.seconds,
            latencies=latencies,
            server_cpu=self.server,
            database_cpu=self.database,
            driver_cpu=self.driver,
        )

    def _add(self, sign: int) -> None:
        self.seconds += sign * time.perf_counter()
        self.server += sign * sum(map(cpu_seconds, self.target.server_pids))
        self.database += sign * sum(map(cpu_seconds, self.target.database_pids))
        self.driver += sign * time.process_time()


async def closed_round(players: Sequence[Player], journey: str, seconds: float) -> Round:
    """All players, one journey after another, until the time is over."""
    latencies: list[float] = []
    meter = _Meter(players[0].side.target)

    async def play(player: Player) -> None:
        part = measured_part(player, journey)
        while time.perf_counter() < over:
            began = time.perf_counter()
            await part()
            latencies.append(time.perf_counter() - began)

    meter.start()
    over = time.perf_counter() + seconds
    await asyncio.gather(*(play(player) for player in players))
    meter.stop()
    return meter.round(latencies)


async def token_round(players: Sequence[Player], seconds: float) -> Round:
    """Batches of codes, fetched outside and redeemed inside the measurement, until enough was measured."""
    latencies: list[float] = []
    meter = _Meter(players[0].side.target)
    each = max(1, _CODES_PER_BATCH // len(players))
    while meter.seconds < seconds:
        batch = await prepared_codes(players, each)
        players[0].side.prepare(each * len(players))
        meter.start()
        took = await asyncio.gather(*(redeem_all(*pair) for pair in zip(players, batch, strict=True)))
        meter.stop()
        latencies += [one for some in took for one in some]
    return meter.round(latencies)


async def open_round(
    players: Sequence[Player], journey: str, per_second: float, seconds: float, chance: random.Random
) -> Round:
    """Citizens arrive by chance at this mean rate; latency counts from arrival."""
    idle: asyncio.Queue[Player] = asyncio.Queue()
    for player in players:
        idle.put_nowait(player)
    latencies: list[float] = []
    meter = _Meter(players[0].side.target)

    async def serve(arrived: float) -> None:
        player = await idle.get()
        try:
            await measured_part(player, journey)()
        finally:
            idle.put_nowait(player)
        latencies.append(time.perf_counter() - arrived)

    meter.start()
    arrival = time.perf_counter()
    over = arrival + seconds
    async with asyncio.TaskGroup() as citizens:
        while (arrival := arrival + chance.expovariate(per_second)) < over:
            await asyncio.sleep(max(0.0, arrival - time.perf_counter()))
            citizens.create_task(serve(arrival))
    meter.stop()
    return meter.round(latencies)
