"""How many connections a process holds at most, and which it closes when one more comes.

Without a limit of its own a process meets that of its file descriptors: it is given no connection any more, and
whoever comes is reset while idle ones are kept. So the limit lies below: a quarter of the descriptors stays for the
database, files and other systems. The connection that has been idle longest goes first, then one whose request has not
come for a second; one whose request is under way is never closed for another.
"""

import asyncio
import heapq
import resource
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import structlog

log = structlog.get_logger()

LEFT_FOR_OTHERS = 64  # descriptors at least
FEWEST, MOST = 16, 50_000
SILENT_SECONDS = 1.0  # after which a connection whose request has not come may be closed for another
WARN_SECONDS = 60.0
TURNED_AWAY = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncache-control: no-store\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class Connection(Protocol):
    """A connection, as this limit sees it."""

    transport: asyncio.Transport
    quiet_since: float  # the loop's time

    @property
    def under_way(self) -> bool:
        """Whether a request of it is being answered, or an answer is still being sent."""
        ...

    @property
    def kept(self) -> bool:
        """Whether it stays open after a request, and the next one has not begun."""
        ...


def most_connections() -> int:
    """How many connections this process may hold."""
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if descriptors == resource.RLIM_INFINITY:
        return MOST
    return min(MOST, max(FEWEST, descriptors - max(LEFT_FOR_OTHERS, descriptors // 4)))


def to_close(connections: Iterable[Connection], most: int, now: float) -> list[Connection]:
    """Which ones go to make room: several at once, so that not each newcomer has all of them looked through."""
    idle = (
        one
        for one in connections
        if not one.under_way
        and not one.transport.is_closing()
        and (one.kept or now - one.quiet_since >= SILENT_SECONDS)
    )
    return heapq.nsmallest(max(1, most // 16), idle, key=lambda one: (not one.kept, one.quiet_since))


@dataclass(slots=True)
class ConnectionLimit:
    """The limit of one process, and what it did since it last said so."""

    most: int = field(default_factory=most_connections)
    _quiet_until: float = 0.0
    _closed: int = 0
    _turned_away: int = 0

    def make_room(self, others: Iterable[Connection], now: float) -> bool:
        """Close idle ones among the others, of which there are too many; False when none is idle."""
        closing = to_close(others, self.most, now)
        for connection in closing:
            connection.transport.abort()  # nothing is under way: no farewell is waited for
        self._note(len(closing), now)
        return bool(closing)

    def _note(self, closed: int, now: float) -> None:
        """Say it once a minute at most, with what was counted since."""
        self._closed += closed
        self._turned_away += not closed
        if now >= self._quiet_until:
            log.warning(
                "connections are at their limit: raise the number of file descriptors (LimitNOFILE)",
                limit=self.most,
                idle_closed=self._closed,
                turned_away=self._turned_away,
            )
            self._quiet_until, self._closed, self._turned_away = now + WARN_SECONDS, 0, 0
