"""Lending connections: bounded, first come first served, and nobody waits for a server that is away."""

import asyncio
from collections.abc import Callable

import pytest

from poreka.store.postgres.connections import REST, Connections, NoConnection


class Lent:
    """As much of a connection as lending looks at."""

    def __init__(self) -> None:
        self.closed = self.inside = False

    def is_closed(self) -> bool:
        return self.closed

    def is_in_transaction(self) -> bool:
        return self.inside

    def terminate(self) -> None:
        self.closed = True

    async def close(self) -> None:
        self.closed = True


class Server:
    """Gives connections; `fault` is raised instead while there is one, and `gate` holds the answer back."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def connect(self) -> Lent:
        self.asked += 1
        await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        return Lent()


class Full(Exception):
    """The server takes no more."""


def lending(server: Server, most: int, now: Callable[[], float] = lambda: 0.0, patience: float = 60) -> Connections:
    return Connections(server.connect, most, full=lambda error: isinstance(error, Full), patience=patience, now=now)


async def waits(task: "asyncio.Task[object]") -> bool:
    for _ in range(5):
        await asyncio.sleep(0)
    return not task.done()


async def test_no_more_are_opened_than_were_allowed_and_who_waits_longest_is_next() -> None:
    server = Server()
    connections = lending(server, 2)
    first, second = await connections.lend(), await connections.lend()
    third, fourth = asyncio.create_task(connections.lend()), asyncio.create_task(connections.lend())
    assert await waits(third)
    assert await waits(fourth)
    connections.take_back(first)
    assert await third is first
    connections.take_back(second)
    assert await fourth is second
    assert server.asked == 2


async def test_who_waits_is_told_when_none_comes_back_in_time() -> None:
    connections = lending(Server(), 1, patience=0.0)
    await connections.lend()
    with pytest.raises(NoConnection, match="in time"):
        await connections.lend()


async def test_a_lost_connection_makes_room_for_who_waits() -> None:
    server = Server()
    connections = lending(server, 1)
    lost: Lent = await connections.lend()
    waiting = asyncio.create_task(connections.lend())
    assert await waits(waiting)
    lost.closed = True
    connections.take_back(lost)
    assert not (await waiting).closed
    assert server.asked == 2


async def test_the_first_failure_tells_everyone_who_waits() -> None:
    server = Server()
    connections = lending(server, 1)
    lost: Lent = await connections.lend()
    waiting = [asyncio.create_task(connections.lend()) for _ in range(50)]
    assert await waits(waiting[-1])
    server.fault = OSError("away")
    connections.leave(lost)
    connections.take_back(lost)
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert sum(isinstance(one, OSError) for one in told) == 1
    assert sum(isinstance(one, NoConnection) for one in told) == 49
    assert server.asked == 2


async def test_while_the_server_is_away_one_caller_at_a_time_tries_and_the_others_are_told_at_once() -> None:
    server, time = Server(), [0.0]
    connections = lending(server, 10, now=lambda: time[0])
    server.fault = OSError("away")
    with pytest.raises(OSError, match="away"):
        await connections.lend()
    with pytest.raises(NoConnection):
        await connections.lend()
    assert server.asked == 1
    time[0] += REST
    server.gate.clear()
    trying = asyncio.create_task(connections.lend())
    assert await waits(trying)
    with pytest.raises(NoConnection):
        await connections.lend()
    server.fault = None
    server.gate.set()
    assert not (await trying).closed
    assert not (await connections.lend()).closed
    assert server.asked == 3


async def test_who_tries_and_leaves_makes_way_for_the_next() -> None:
    server, time = Server(), [0.0]
    connections = lending(server, 1, now=lambda: time[0])
    server.gate.clear()
    trying = asyncio.create_task(connections.lend())
    assert await waits(trying)
    waiting = asyncio.create_task(connections.lend())
    assert await waits(waiting)
    trying.cancel()
    server.gate.set()
    assert not (await waiting).closed


async def test_who_left_while_a_connection_was_handed_over_passes_it_on() -> None:
    connections = lending(Server(), 1)
    lent = await connections.lend()
    leaving, staying = asyncio.create_task(connections.lend()), asyncio.create_task(connections.lend())
    assert await waits(leaving)
    assert await waits(staying)
    connections.take_back(lent)
    leaving.cancel()
    assert await staying is lent


async def test_of_a_server_that_takes_no_more_those_it_gave_before_are_waited_for() -> None:
    server = Server()
    connections = lending(server, 10)
    lent = await connections.lend()
    server.fault = Full()
    second = asyncio.create_task(connections.lend())
    assert await waits(second)
    connections.take_back(lent)
    assert await second is lent


async def test_a_server_that_gives_none_at_all_is_no_reason_to_wait() -> None:
    server = Server()
    server.fault = Full()
    with pytest.raises(Full):
        await lending(server, 10).lend()


async def test_leaving_a_server_leaves_its_idle_connections_too() -> None:
    server = Server()
    connections = lending(server, 2)
    first, second = await connections.lend(), await connections.lend()
    connections.take_back(first)
    connections.leave(second)
    connections.take_back(second)
    assert first.closed
    assert second.closed
    assert await connections.lend() not in (first, second)
    assert await connections.lend() is not None
    assert server.asked == 4
