"""How many connections a process holds at most, and which it closes when one more comes.

A process without such a limit runs out of file descriptors: then newcomers are reset while idle connections are kept.
So `most_connections` lies below that and leaves a quarter of the descriptors to the database, files and other systems.
`to_close` names the connection that has been idle longest first, then those whose request has not come for a second;
a connection whose request is under way is never closed for another.
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
    """The connections to close to make room: a sixteenth of `most`, so that not each newcomer searches them all."""
    idle = (
        connection
        for connection in connections
        if not connection.under_way
        and not connection.transport.is_closing()
        and (connection.kept or now - connection.quiet_since >= SILENT_SECONDS)
    )
    return heapq.nsmallest(max(1, most // 16), idle, key=lambda idle_one: (not idle_one.kept, idle_one.quiet_since))


@dataclass(slots=True)
class ConnectionLimit:
    """The limit of one process; it counts what it closed and turned away since the last line in the log."""

    most: int = field(default_factory=most_connections)
    _quiet_until: float = 0.0  # nothing is logged before
    _closed: int = 0
    _turned_away: int = 0

    def make_room(self, others: Iterable[Connection], now: float) -> bool:
        """Close idle connections among `others`; False when none is idle, and the newcomer is to be turned away."""
        closing = to_close(others, self.most, now)
        for connection in closing:
            connection.transport.abort()  # nothing is under way: no farewell is waited for
        self._note(len(closing), now)
        return bool(closing)

    def _note(self, closed: int, now: float) -> None:
        """Count, and once a minute at most log what was counted."""
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
