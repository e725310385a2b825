"""The hash chain of the audit log: pure arithmetic over entries, keyed so that no one who can
only write to the database can forge it.

The log is made of *lanes*. A lane is one chain, written by one process, so that writers never
wait for one another; the lanes' openings form a chain of their own, so that no lane can vanish.
It does not read or write anything. Read next: `record.py` (writing), `docs/adr/0004`.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

BEGINNING = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded event: the `number`-th of its lane, counted from 1; `details` is JSON text."""

    lane: str
    number: int
    at: int
    event: str
    person_id: str | None
    details: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class Lane:
    """The opening of a lane: the `number`-th in the log, counted from 1."""

    number: int
    lane: str
    opened_at: int
    hash: bytes


class Head(msgspec.Struct, frozen=True):
    """The last entry of a lane, or the last opening: its number, and the hash that covers all before."""

    number: int
    hash: bytes


NO_HEAD = Head(0, BEGINNING)


class ChainBroken(Exception):
    """The log was changed after it was written; the message names the first bad place."""


class KeyDoesNotFit(Exception):
    """Nothing of the log was made with this key: another secrets file, as far as anyone can tell."""


def entry_hash(
    key: bytes,
    previous: bytes,
    lane: str,
    number: int,
    at: int,
    event: str,
    person_id: str | None,
    details: str,
) -> bytes:
    """HMAC-SHA-256 over the previous hash and everything the entry says."""
    said = msgspec.json.encode([lane, number, at, event, person_id, details])
    return hmac.digest(key, previous + said, "sha256")


def lane_hash(key: bytes, previous: bytes, number: int, lane: str, opened_at: int) -> bytes:
    """HMAC-SHA-256 over the previous opening and this one."""
    return hmac.digest(key, previous + msgspec.json.encode([number, lane, opened_at]), "sha256")


def verify_lanes(key: bytes, lanes: Iterable[Lane]) -> set[str]:
    """Check the chain of openings, in order; returns the lanes' names or raises `ChainBroken`."""
    previous, names = BEGINNING, set()
    for expected, lane in enumerate(lanes, start=1):
        if lane.number != expected:
            raise ChainBroken(f"the opening of lane number {expected} is missing")
        expected_hash = lane_hash(key, previous, lane.number, lane.lane, lane.opened_at)
        if not hmac.compare_digest(lane.hash, expected_hash):
            raise ChainBroken(f"the opening of lane number {expected} was changed")
        previous = lane.hash
        names.add(lane.lane)
    return names


class Walk:
    """Checks entries one after another, ordered by lane and number, and keeps the head of each lane.

    The chain cannot see by itself that a lane was cut off at its end: `known` heads, from an earlier
    walk, are what shows it.
    """

    def __init__(self, key: bytes, known: Mapping[str, Head]) -> None:
        self._key, self._known = key, known
        self.heads: dict[str, Head] = {}
        self.count = 0

    def step(self, entry: Entry) -> None:
        """Check the next entry; raises `ChainBroken`."""
        head = self.heads.get(entry.lane, NO_HEAD)
        place = f"entry {entry.number} of lane {entry.lane}"
        if entry.number != head.number + 1:
            raise ChainBroken(f"entry {head.number + 1} of lane {entry.lane} is missing")
        if not hmac.compare_digest(entry.hash, _hash_of(self._key, head.hash, entry)):
            raise ChainBroken(f"{place} was changed")
        known = self._known.get(entry.lane, NO_HEAD)
        if entry.number == known.number and not hmac.compare_digest(entry.hash, known.hash):
            raise ChainBroken(f"{place} is not the one that was verified before")
        self.heads[entry.lane] = Head(entry.number, entry.hash)
        self.count += 1

    def end(self, lanes: set[str]) -> None:
        """Check that every lane was opened and every known head was passed; raises `ChainBroken`."""
        for lane in self.heads:
            if lane not in lanes:
                raise ChainBroken(f"entries stand in a lane that was never opened: {lane}")
        for lane, known in self._known.items():
            if self.heads.get(lane, NO_HEAD).number < known.number:
                raise ChainBroken(f"lane {lane} was cut off: entry {known.number}, once verified, is gone")


def fits_anything(key: bytes, lanes: Sequence[Lane], entries: Sequence[Entry]) -> bool:
    """Whether any opening or any of these entries, in the order of the chain, was made with this key.

    Each is compared with the hash that stands before it, so that one that was changed does not speak against the key.
    """
    before = BEGINNING
    for opening in lanes:
        expected = lane_hash(key, before, opening.number, opening.lane, opening.opened_at)
        if hmac.compare_digest(opening.hash, expected):
            return True
        before = opening.hash
    heads: dict[str, bytes] = {}
    for entry in entries:
        if hmac.compare_digest(entry.hash, _hash_of(key, heads.get(entry.lane, BEGINNING), entry)):
            return True
        heads[entry.lane] = entry.hash
    return False


def _hash_of(key: bytes, previous: bytes, entry: Entry) -> bytes:
    return entry_hash(key, previous, entry.lane, entry.number, entry.at, entry.event, entry.person_id, entry.details)
