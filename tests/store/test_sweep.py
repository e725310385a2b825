import datetime

from poreka.provider.store.consents import Consents
from poreka.provider.store.grants import revoking
from poreka.provider.store.pushed_requests import PushedRequests
from poreka.relying.store.federated_sessions import FederatedSession, FederatedSessions
from poreka.rules.warsaw_time import warsaw_day
from poreka.store.database import Database, Insert
from poreka.store.fresh import Fresh
from poreka.store.journeys import Journey, Journeys
from poreka.store.operations import Operations
from poreka.store.seal import Seal
from poreka.store.sessions import Sessions
from poreka.store.sweep import DAY, HOUR, SWEPT, sweep
from poreka.store.used_once import claiming
from tests.support import samples
from tests.support.engines import NOW, PARTS


async def test_what_expired_goes_in_batches_and_the_rest_stays(database: Database) -> None:
    await database.insert(*(claiming("old", str(number), NOW - HOUR - 1) for number in range(25)))
    await database.insert(claiming("fresh", "1", NOW), claiming("grace", "1", NOW - HOUR))
    assert await sweep(database, PARTS, NOW, batch=10) == {"used_once": 10}
    assert await sweep(database, PARTS, NOW, batch=10) == {"used_once": 10}
    assert await sweep(database, PARTS, NOW, batch=10) == {"used_once": 5}
    assert await sweep(database, PARTS, NOW, batch=10) == {}
    rows = await database.all("SELECT kind FROM used_once ORDER BY kind")
    assert [row["kind"] for row in rows] == ["fresh", "grace"]


async def test_an_ended_session_takes_along_what_it_rested_on(database: Database, seal: Seal, fresh: Fresh) -> None:
    sessions, federated = Sessions(database, seal, fresh), FederatedSessions(database, seal, fresh)
    for sid, started_at in (("old", NOW - 2 * DAY), ("new", NOW)):
        rests = FederatedSession(session_sid=sid, issuer="i", subject="s", provider_sid=None, id_token="t")
        await database.insert(
            sessions.opening(samples.session(sid, started_at=started_at), sid), federated.adding(rests)
        )
    assert await sweep(database, PARTS, NOW) == {"sessions": 1, "federated_sessions": 1}
    assert await sessions.by_cookie("new") is not None
    assert await federated.of_session("new") is not None


async def test_what_an_entry_under_way_rests_on_stays_as_long_as_it(
    database: Database, seal: Seal, fresh: Fresh
) -> None:
    journeys, federated = Journeys(database, seal, fresh), FederatedSessions(database, seal, fresh)
    for name, expires_at in (("over", NOW - 2 * HOUR), ("under-way", NOW + HOUR)):
        rests = FederatedSession(session_sid=name, issuer="i", subject="s", provider_sid=None, id_token="t")
        journey = Journey(id=name, kind="entry", browser_hash=b"b", state=b"{}", created_at=0, expires_at=expires_at)
        await database.insert(journeys.adding(journey), federated.adding(rests))
    assert await sweep(database, PARTS, NOW) == {"journeys": 1, "federated_sessions": 1}
    assert await federated.of_session("under-way") is not None


async def test_counts_of_past_days_are_forgotten(database: Database) -> None:
    operations, today = Operations(database), warsaw_day(NOW)
    for days in range(4):
        async with database.transaction() as transaction:
            await operations.last_number(transaction, "p1", today - datetime.timedelta(days=days))
    assert await sweep(database, PARTS, NOW) == {"operation_numbers": 2}
    async with database.transaction() as transaction:
        assert await operations.last_number(transaction, "p1", today) == 1


async def test_every_swept_table_exists_and_records_are_never_swept(database: Database) -> None:
    await database.insert(
        PushedRequests(database).adding(samples.pushed(expires_at=NOW - 1), "r"),
        revoking("g1", now=0, expires_at=0),
        Consents(database).adding(samples.consent(given_at=0)),
        Insert("audit_lanes", {"number": 1, "lane": "l", "opened_at": 0, "hash": b""}),
    )
    assert await sweep(database, PARTS, NOW) == {"pushed_requests": 1, "revoked_grants": 1}
    swept = {forgotten.table for part in SWEPT.values() for forgotten in part}
    assert swept.isdisjoint({"consents", "operations", "profiles", "terms_acceptances", "audit_entries"})
