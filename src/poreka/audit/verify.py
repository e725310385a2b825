"""Verifying the whole audit log as it stands in the database, a page at a time.

The chain finds what was changed, removed, inserted or moved. What it cannot see by itself is a lane
cut off at its end, so each verification returns the *heads*: keep them elsewhere and give them to the
next one, which then proves that nothing of what stood before is gone. The arithmetic is `chain.py`.
"""

import hmac

import msgspec

from poreka.audit.chain import NO_HEAD, ChainBroken, Head, KeyDoesNotFit, Lane, Walk, fits_anything, verify_lanes
from poreka.audit.entries import PAGE, AuditEntries


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A sound log: its size and its heads. As JSON, to be kept where the database's owner cannot write."""

    entries: int
    openings: Head
    heads: dict[str, Head]


async def verify_log(log: AuditEntries, key: bytes, *, earlier: Verified | None = None, page: int = PAGE) -> Verified:
    """Check all lanes and entries; raises `ChainBroken`. With `earlier`, also that nothing has gone since.

    Raises `KeyDoesNotFit` where nothing fits the key. Whoever can only write to the database could feign that by
    changing everything; so it is no "whole" either, and the next run with the right key tells.
    """
    walk, looked = Walk(key, earlier.heads if earlier else {}), False
    async for entries in log.in_chain_order(page):
        if not looked and not fits_anything(key, await log.lanes(), entries):
            raise KeyDoesNotFit(f"none of the first {len(entries)} entries was made with it")
        looked = True
        for entry in entries:
            walk.step(entry)
    lanes = await log.lanes()  # after the entries: a lane opened meanwhile then has no entries yet
    walk.end(verify_lanes(key, lanes))
    return Verified(entries=walk.count, openings=_openings(lanes, earlier), heads=walk.heads)


def _openings(lanes: list[Lane], earlier: Verified | None) -> Head:
    known = earlier.openings if earlier else NO_HEAD
    gone = len(lanes) < known.number
    if known.number and (gone or not hmac.compare_digest(lanes[known.number - 1].hash, known.hash)):
        raise ChainBroken(f"the opening of lane number {known.number}, once verified, is gone")
    return Head(lanes[-1].number, lanes[-1].hash) if lanes else NO_HEAD
