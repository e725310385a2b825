"""Tampering in the database itself, its append-only triggers taken off, as a thief with all rights would."""

import re

import msgspec
import pytest

from poreka.audit.chain import ChainBroken, KeyDoesNotFit
from poreka.audit.entries import AuditEntries
from poreka.audit.events import SignedOut
from poreka.audit.record import AuditLog
from poreka.audit.verify import Verified, verify_log
from poreka.store.database import Database
from poreka.store.fresh import Fresh
from tests.support.engines import NOW

KEY = b"audit key"


class Tampered:
    """A log of three lanes with five entries each, and someone who may do anything to the tables."""

    def __init__(self, database: Database) -> None:
        self.database, self.log = database, AuditEntries(database)

    async def write(self, entries: int = 5, lanes: int = 3) -> None:
        for _ in range(lanes):
            audit, number = AuditLog(self.database, KEY, lambda: NOW, Fresh().id), 0
            for number in range(entries):
                await audit.save(event=SignedOut(person_id=f"p{number}", sid=f"s{number}", by="person"))

    async def without_triggers(self) -> None:
        if self.database.engine == "postgresql":
            for table in ("audit_entries", "audit_lanes"):
                await self.database.script(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            return
        for row in await self.database.all("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            await self.database.script(f"DROP TRIGGER {row['name']}")

    async def verify(self, earlier: Verified | None = None) -> Verified:
        return await verify_log(self.log, KEY, earlier=earlier, page=4)


@pytest.fixture
async def tampered(database: Database) -> Tampered:
    made = Tampered(database)
    await made.write()
    await made.without_triggers()
    return made


SECOND = "(SELECT lane FROM audit_lanes WHERE number = 2)"
CHANGES = {
    "changed details": (
        f"UPDATE audit_entries SET details = '{{}}' WHERE lane = {SECOND} AND number = 3",
        "was changed",
    ),
    "changed person": (
        f"UPDATE audit_entries SET person_id = 'x' WHERE lane = {SECOND} AND number = 5",
        "was changed",
    ),
    "changed time": (
        f"UPDATE audit_entries SET at = at + 1 WHERE lane = {SECOND} AND number = 1",
        "was changed",
    ),
    "removed": (f"DELETE FROM audit_entries WHERE lane = {SECOND} AND number = 3", "entry 3 .* is missing"),
    "removed first": (
        f"DELETE FROM audit_entries WHERE lane = {SECOND} AND number = 1",
        "entry 1 .* is missing",
    ),
    "cut out of the middle": (
        f"DELETE FROM audit_entries WHERE lane = {SECOND} AND number IN (2, 3, 4)",
        "entry 2 .* is missing",
    ),
    "moved up after a removal": (
        f"DELETE FROM audit_entries WHERE lane = {SECOND} AND number = 4;"
        f" UPDATE audit_entries SET number = 4 WHERE lane = {SECOND} AND number = 5",
        "entry 4 .* was changed",
    ),
    "reordered": (
        f"UPDATE audit_entries SET number = 100 WHERE lane = {SECOND} AND number = 2;"
        f" UPDATE audit_entries SET number = 2 WHERE lane = {SECOND} AND number = 3;"
        f" UPDATE audit_entries SET number = 3 WHERE lane = {SECOND} AND number = 100",
        "entry 2 .* was changed",
    ),
    "inserted at the end": (
        "INSERT INTO audit_entries (lane, number, at, event, person_id, details, hash)"
        " SELECT lane, 6, at, event, person_id, details, hash FROM audit_entries"
        f" WHERE lane = {SECOND} AND number = 5",
        "entry 6 .* was changed",
    ),
    "copied into another lane": (
        "INSERT INTO audit_entries (lane, number, at, event, person_id, details, hash)"
        " SELECT 'zz', number, at, event, person_id, details, hash FROM audit_entries"
        f" WHERE lane = {SECOND} AND number = 1",
        "was changed",
    ),
    "removed opening": ("DELETE FROM audit_lanes WHERE number = 2", "lane number 2 is missing"),
    "removed last opening": ("DELETE FROM audit_lanes WHERE number = 3", "never opened"),
    "changed opening": ("UPDATE audit_lanes SET opened_at = 1 WHERE number = 2", "lane number 2 was changed"),
    "a lane and its opening removed": (
        f"DELETE FROM audit_entries WHERE lane = {SECOND}; DELETE FROM audit_lanes WHERE number = 2",
        "lane number 2 is missing",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_tampering_is_found(tampered: Tampered, change: str) -> None:
    assert (await tampered.verify()).entries == 15
    statements, complaint = CHANGES[change]
    await tampered.database.script(statements + ";")
    with pytest.raises(ChainBroken, match=re.compile(complaint)):
        await tampered.verify()


HIDDEN = {
    "cut off at its end": (f"DELETE FROM audit_entries WHERE lane = {SECOND} AND number > 3", "was cut off"),
    "emptied": (f"DELETE FROM audit_entries WHERE lane = {SECOND}", "was cut off"),
    "last lanes removed with their openings": (
        "DELETE FROM audit_entries WHERE lane IN (SELECT lane FROM audit_lanes WHERE number >= 3);"
        " DELETE FROM audit_lanes WHERE number >= 3",
        "cut off|lane number 3, once verified, is gone",
    ),
    "everything removed": ("DELETE FROM audit_entries; DELETE FROM audit_lanes", "cut off|is gone"),
}


@pytest.mark.parametrize("change", HIDDEN)
async def test_what_was_cut_off_is_found_with_the_heads_of_an_earlier_time(tampered: Tampered, change: str) -> None:
    kept = msgspec.json.encode(await tampered.verify())
    await tampered.write(entries=2, lanes=1)
    earlier = msgspec.json.decode(kept, type=Verified)
    assert (await tampered.verify(earlier)).entries == 17
    statements, complaint = HIDDEN[change]
    await tampered.without_triggers()
    await tampered.database.script(statements + ";")
    with pytest.raises(ChainBroken, match=re.compile(complaint)):
        await tampered.verify(earlier)


async def test_an_empty_log_is_sound(database: Database) -> None:
    verified = await verify_log(AuditEntries(database), KEY)
    assert (verified.entries, verified.openings.number, verified.heads) == (0, 0, {})
    assert await verify_log(AuditEntries(database), KEY, earlier=verified) == verified


async def test_another_key_verifies_nothing(tampered: Tampered) -> None:
    with pytest.raises(KeyDoesNotFit):
        await verify_log(tampered.log, b"another key")


async def test_a_log_that_was_changed_in_one_place_is_not_told_as_another_key(tampered: Tampered) -> None:
    await tampered.database.script("UPDATE audit_entries SET details = '{}' WHERE number < 4;")
    with pytest.raises(ChainBroken):
        await tampered.verify()


async def test_showing_filters_and_sorts(database: Database) -> None:
    log, times = AuditEntries(database), iter(range(100, 120))
    audit = AuditLog(database, KEY, lambda: next(times), Fresh().id)  # the first time is the opening's
    for number in range(6):
        await audit.save(event=SignedOut(person_id=f"p{number % 2}", sid="s", by="person"))
    assert [entry.at for entry in await log.shown()] == [106, 105, 104, 103, 102, 101]
    assert [entry.at for entry in await log.shown(person_id="p1")] == [106, 104, 102]
    assert [entry.at for entry in await log.shown(since=102, until=105)] == [104, 103, 102]
    assert [entry.at for entry in await log.shown(limit=2)] == [106, 105]
    assert await log.shown(event="SignedIn") == []
    assert len(await log.shown(event="SignedOut", person_id="p0")) == 3
