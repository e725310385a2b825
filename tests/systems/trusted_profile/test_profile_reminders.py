"""Reminders of a trusted profile's end: each once, whatever number of workers looks, on both engines."""

import asyncio
from dataclasses import replace

from poreka.audit.record import AuditLog
from poreka.store.database import Database
from poreka.store.fresh import Fresh
from poreka.store.outbox import Outbox
from poreka.store.seal import Seal
from poreka.systems.trusted_profile.reminders import Reminding
from poreka.systems.trusted_profile.rules.profile import TrustedProfile, extend, last_day, vouched
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile, TrustedProfiles
from tests.store.conftest import address, database, engine, fresh, seal
from tests.support import samples
from tests.support.engines import NOW

__all__ = ["address", "database", "engine", "fresh", "seal"]
DAY = 24 * 3600


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


def reminding(database: Database, seal: Seal, fresh: Fresh, clock: Clock) -> Reminding:
    return Reminding(
        profiles=TrustedProfiles(database, seal, fresh, clock),
        outbox=Outbox(database, seal, fresh),
        audit=AuditLog(database, b"k" * 32, clock, fresh.id),
        clock=clock,
        fresh_id=fresh.id,
        words=lambda owned, until: f"{owned.user_name} {until}",
    )


def profile(number: int) -> OwnedProfile:
    return OwnedProfile(
        id=f"z{number}",
        profile=vouched(samples.facts(number), "https://bank.example", NOW),
        user_name=f"zaneta{number}",
        password_hash="-",
        phone="600201011",
        email=f"zaneta{number}@poczta.example",
    )


async def sent(database: Database) -> int:
    row = await database.one("SELECT count(*) AS n FROM outbox")
    return int(row["n"]) if row else 0


async def test_day_after_day_four_go_out(database: Database, seal: Seal, fresh: Fresh) -> None:
    clock = Clock()
    remind = reminding(database, seal, fresh, clock)
    made = profile(1)
    await database.insert(remind.profiles.adding(made))
    assert await remind.round() == 0
    out = []
    for days in range(100, -2, -1):
        clock.now = made.profile.until - days * DAY - 3600
        if await remind.round():
            out.append((last_day(made.profile).toordinal() - (clock.now + 7200) // DAY) - 719163)
    assert len(out) == 4
    assert await sent(database) == 4


async def test_many_workers_send_each_once(database: Database, seal: Seal, fresh: Fresh) -> None:
    clock = Clock()
    workers = [reminding(database, seal, fresh, clock) for _ in range(4)]
    people = [profile(number) for number in range(1, 8)]
    await database.insert(*(workers[0].profiles.adding(one) for one in people))
    clock.now = people[0].profile.until - 30 * DAY
    for _ in range(3):
        await asyncio.gather(*(worker.round() for worker in workers))
    assert await sent(database) == len(people)
    assert await workers[0].profiles.to_remind(10) == []


async def test_an_extended_profile_is_left_alone(database: Database, seal: Seal, fresh: Fresh) -> None:
    clock, made = Clock(), profile(1)
    remind = reminding(database, seal, fresh, clock)
    await database.insert(remind.profiles.adding(made))
    clock.now = made.profile.until - 60 * DAY
    assert await remind.round() == 1
    owned = await remind.profiles.load("z1")
    assert owned is not None
    after = extend(owned.profile, clock.now)
    assert isinstance(after, TrustedProfile)
    await remind.profiles.save(database, owned, replace(owned, profile=after))
    clock.now = made.profile.until - DAY
    assert await remind.round() == 0
