"""Writing to the audit log, in the same transaction as what is recorded.

`AuditLog.save` is the ordinary way: rows and an event become durable together or not at all.
`AuditLog.transaction` is for flows that must also update. A lane is held from the moment its
next hash is computed until the transaction has ended, so that a chain never forks.
It holds no rules; the catalogue is `events.py`, the arithmetic `chain.py`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from poreka.audit import chain
from poreka.audit.events import Event, details_of, name_of
from poreka.store.database import AlreadyThere, Database, DatabaseUnavailable, Insert, Transaction, Value
from poreka.store.deadline import seconds_left

LANES = 8
WAIT_FOR_LANE_SECONDS = 5.0


@dataclass(slots=True)
class _OpenLane:
    name: str
    number: int = 0
    hash: bytes = chain.BEGINNING
    certain: bool = True  # whether number and hash are what the database holds


class Recorder:
    """Records events inside one transaction."""

    def __init__(self, transaction: Transaction, lane: _OpenLane, key: bytes, now: int) -> None:
        self._transaction, self._lane, self._key, self._now = transaction, lane, key, now

    async def __call__(self, event: Event) -> None:
        """Record `event`; it becomes durable with the transaction."""
        await self._transaction.insert(_append(self._lane, self._key, event, self._now))


class AuditLog:
    """The log of one system, as one process writes it."""

    def __init__(self, database: Database, key: bytes, clock: Callable[[], int], fresh_id: Callable[[], str]) -> None:
        self._database, self._key, self._clock, self._fresh_id = database, key, clock, fresh_id
        self._idle: list[_OpenLane] = []
        self._opening = asyncio.Lock()
        self._places = asyncio.Semaphore(LANES)

    async def save(self, *rows: Insert, event: Event) -> None:
        """Add the rows and record the event, all or nothing; raises `AlreadyThere`."""
        await self.save_all(rows, (event,))

    async def save_all(self, rows: tuple[Insert, ...], events: tuple[Event, ...]) -> None:
        """As `save`, for several events."""
        async with self._lane() as lane:
            number, digest, now = lane.number, lane.hash, self._clock()
            try:
                await self._database.insert(*rows, *(_append(lane, self._key, event, now) for event in events))
            except AlreadyThere:
                _rewind(lane, number, digest)
                raise
            lane.certain = True

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[tuple[Transaction, Recorder]]:
        """A read-write transaction and the recorder that writes into it."""
        async with self._lane() as lane:
            number, digest = lane.number, lane.hash
            async with self._database.transaction() as transaction:
                try:
                    yield transaction, Recorder(transaction, lane, self._key, self._clock())
                except BaseException:
                    _rewind(lane, number, digest)
                    raise
            lane.certain = True

    @asynccontextmanager
    async def _lane(self) -> AsyncIterator[_OpenLane]:
        async with self._place():
            lane = self._idle.pop() if self._idle else await self._open_lane()
            try:
                yield lane
            finally:
                # When a commit failed it is not certain what was written: such a lane is never continued.
                if lane.certain:
                    self._idle.append(lane)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(seconds_left(WAIT_FOR_LANE_SECONDS)):
                await self._places.acquire()
        except TimeoutError as error:
            raise DatabaseUnavailable("no lane of the audit log came free in time") from error
        try:
            yield
        finally:
            self._places.release()

    async def _open_lane(self) -> _OpenLane:
        async with self._opening:
            while True:
                last = await self._database.one("SELECT number, hash FROM audit_lanes ORDER BY number DESC LIMIT 1")
                number, previous = (last["number"] + 1, last["hash"]) if last else (1, chain.BEGINNING)
                name, now = self._fresh_id(), self._clock()
                digest = chain.lane_hash(self._key, previous, number, name, now)
                row = {"number": number, "lane": name, "opened_at": now, "hash": digest}
                try:
                    await self._database.insert(Insert("audit_lanes", row))
                except AlreadyThere:
                    continue  # another process opened a lane meanwhile
                return _OpenLane(name)


def _append(lane: _OpenLane, key: bytes, event: Event, now: int) -> Insert:
    name, details, number = name_of(event), details_of(event), lane.number + 1
    digest = chain.entry_hash(key, lane.hash, lane.name, number, now, name, event.person_id, details)
    lane.number, lane.hash, lane.certain = number, digest, False
    row: dict[str, Value] = {
        "lane": lane.name,
        "number": number,
        "at": now,
        "event": name,
        "person_id": event.person_id,
        "details": details,
        "hash": digest,
    }
    return Insert("audit_entries", row)


def _rewind(lane: _OpenLane, number: int, digest: bytes) -> None:
    """Nothing was written: the lane stands where it stood."""
    lane.number, lane.hash, lane.certain = number, digest, True
