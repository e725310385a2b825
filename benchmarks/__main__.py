"""`python -m benchmarks`: start the contenders, play alternating rounds, print and save the figures."""

import argparse
import json
import os
import platform
import random
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import uvloop
from rich.console import Console

from benchmarks import journeys
from benchmarks.journeys import Player, available
from benchmarks.load import Round, closed_round, open_round, token_round
from benchmarks.ours import Crowd, poreka_on_postgresql, poreka_on_sqlite
from benchmarks.peers import peer_in_memory, peer_on_postgresql
from benchmarks.relying import RelyingSide, discover
from benchmarks.report import Summary, as_json, summary, table
from benchmarks.target import Contender, Target

CORE_OF_DRIVER = 1
FULL_CORE = 0.9
PLAYERS_AT_HALF_LOAD = 32
CONTENDERS: dict[str, Contender] = {
    "poreka-postgresql": poreka_on_postgresql,
    "poreka-sqlite": poreka_on_sqlite,
    "peer-memory": peer_in_memory,
    "peer-postgresql": peer_on_postgresql,
}
SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
GROWTH: dict[str, Contender] = {
    f"poreka-{engine}-{size}": partial(start, crowd=Crowd(people=count))
    for engine, start in (("sqlite", poreka_on_sqlite), ("postgresql", poreka_on_postgresql))
    for size, count in SIZES.items()
}
"""Our own provider with more and more customers: does a journey cost more when there are more of them?"""
out = Console(width=None if sys.stdout.isatty() else 160)


def options() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure sign-in journeys.")
    parser.add_argument(
        "--contenders", default=",".join(CONTENDERS), help=f"comma-separated; besides: {', '.join(GROWTH)}"
    )
    parser.add_argument("--journeys", default=",".join(journeys.ALL), help="comma-separated; default: all")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of one round")
    parser.add_argument("--warm-up", type=float, default=3.0, help="seconds per contender, not measured")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--citizens", type=int, default=32, help="people taking turns at each contender")
    parser.add_argument("--half-load", action="store_true", help="also an open stream at half the peak rate")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


class Contest:
    """The started contenders, with their players signed in."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self._asked = asked
        self._players: list[list[Player]] = []

    async def enter(self, target: Target) -> None:
        """Discover the provider and sign everyone in; no two players share a citizen's browser."""
        side = await discover(target)
        logins = target.logins[: max(self._asked.citizens, self._asked.concurrency)]
        crowd = max(self._asked.concurrency, min(PLAYERS_AT_HALF_LOAD, len(logins)))
        players = [Player(side, logins[slot::crowd]) for slot in range(crowd)]
        for player in players:
            await player.sign_everyone_in()
        self._players.append(players)

    async def measure(self, journey: str) -> list[Summary]:
        """Alternating rounds of one journey over all contenders that can play it."""
        playing = [players for players in self._players if available(players[0].side, journey)]
        for players in self._players:
            if players not in playing:
                out.print(f"{journey}: not available for {players[0].side.target.name}")
        rounds: list[list[Round]] = [[] for _ in playing]
        for number in range(-1, self._asked.rounds if playing else -1):
            for players, kept in zip(playing, rounds, strict=True):
                seconds = self._asked.seconds if number >= 0 else self._asked.warm_up
                measured = await self._round(players[: self._asked.concurrency], journey, seconds)
                if number >= 0:
                    kept.append(measured)
        return [
            summary(players[0].side.target.name, journey, kept) for players, kept in zip(playing, rounds, strict=True)
        ]

    async def measure_half_load(self, peaks: Sequence[Summary]) -> list[Summary]:
        """Journey (a) as an open stream at half of each contender's own peak."""
        found = []
        for players, peak in zip(self._players, peaks, strict=True):
            rate = peak.per_second / 2
            for player in players:
                await player.sign_everyone_in()
            players[0].side.prepare(int(rate * self._asked.seconds * 2))
            seconds = self._asked.seconds * 2
            measured = await open_round(players, peak.journey, rate, seconds, random.Random(1))
            found.append(summary(peak.target, f"{peak.journey} at half load", [measured]))
        return found

    async def _round(self, players: Sequence[Player], journey: str, seconds: float) -> Round:
        side: RelyingSide = players[0].side
        side.prepare(0)
        for player in players:
            await player.sign_everyone_in()
        if journey == journeys.TOKEN_ALONE:
            return await token_round(players, seconds)
        side.prepare(int(600 * seconds))
        return await closed_round(players, journey, seconds)


async def contest(asked: argparse.Namespace, targets: Sequence[Target]) -> list[Summary]:
    """Everything that was asked for, printed as it comes."""
    running = Contest(asked)
    for target in targets:
        out.print(f"{target.name}: {target.software}")
        await running.enter(target)
    everything: list[Summary] = []
    for journey in asked.journeys.split(","):
        found = await running.measure(journey)
        everything += found
        if found:
            out.print(table(journey, found))
        if any(one.core_used < FULL_CORE for one in found):
            out.print("The servers' core was shared with others: go by the CPU columns, not by the rates.")
        if asked.half_load and journey == journeys.RETURNING_CITIZEN:
            found = await running.measure_half_load(found)
            everything += found
            out.print(table(found[0].journey, found))
    return everything


def main() -> None:
    """Start, measure, stop."""
    asked = options()
    chosen = [(CONTENDERS | GROWTH)[name] for name in asked.contenders.split(",")]
    os.sched_setaffinity(0, {CORE_OF_DRIVER % (os.cpu_count() or 1)})
    with ExitStack() as started:
        targets = []
        for contender in chosen:
            folder = Path(started.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
            targets.append(started.enter_context(contender(folder)))
        found = uvloop.run(contest(asked, targets))
        software = {target.name: target.software for target in targets}
    if asked.json:
        machine = {"python": platform.python_version(), "kernel": platform.release(), "cores": os.cpu_count()}
        everything = {"machine": machine, "software": software, "figures": as_json(found)}
        asked.json.write_text(json.dumps(everything, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
