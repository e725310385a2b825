"""The busiest reads are look-ups by key on both engines: they must not grow with the number of people."""

import re
from collections.abc import Awaitable, Callable

import pytest

from poreka.provider.store import returning
from poreka.provider.store.access_tokens import AccessTokens
from poreka.provider.store.authorization_codes import AuthorizationCodes
from poreka.provider.store.consents import Consents
from poreka.provider.store.customers import Customers
from poreka.provider.store.pushed_requests import PushedRequests
from poreka.provider.store.relying_sign_ins import RelyingSignIns
from poreka.provider.store.right_answers import RightAnswers
from poreka.store.database import Database, Insert, Row, Value
from poreka.store.fresh import Fresh
from poreka.store.journeys import Journeys
from poreka.store.operations import Operations
from poreka.store.outbox import Message, Outbox
from poreka.store.seal import Seal
from poreka.store.sessions import Sessions
from poreka.systems.portal.store.profiles import Profiles
from tests.support import samples
from tests.support.engines import NOW

MESSAGE = Message(
    id="m", channel="sms", recipient="600201011", body="x", about="a", created_at=NOW, due_at=NOW, expires_at=NOW
)


class Watched:
    """A database that keeps what it was asked."""

    def __init__(self, database: Database) -> None:
        self.engine, self._database = database.engine, database
        self.asked: list[tuple[str, tuple[Value, ...]]] = []

    async def one(self, sql: str, *args: Value) -> Row | None:
        self.asked.append((sql, args))
        return await self._database.one(sql, *args)

    async def all(self, sql: str, *args: Value) -> list[Row]:
        self.asked.append((sql, args))
        return await self._database.all(sql, *args)

    async def plan(self) -> str:
        [(sql, args)] = self.asked
        explain = "EXPLAIN " if self.engine == "postgresql" else "EXPLAIN QUERY PLAN "
        rows = await self._database.all(explain + sql, *args)
        return "\n".join(str(tuple(dict(row).values())) for row in rows)


def reads(watched: Database, seal: Seal, fresh: Fresh) -> dict[str, Callable[[], Awaitable[object]]]:
    sessions, customers = Sessions(watched, seal, fresh), Customers(watched, seal, fresh)
    entry = returning.Returning(watched, sessions, customers)
    elsewhere = returning.Returning(watched, sessions, None)
    return {
        "returning": lambda: entry.load(reference="r", client_id="portal", cookie="c", now=NOW),
        "session": lambda: sessions.by_cookie("c"),
        "customer": lambda: customers.by_id("p1"),
        "customer by number": lambda: customers.to_sign_in("1"),
        "right answers": lambda: RightAnswers(watched).of("p1"),
        "returning, customers elsewhere": lambda: elsewhere.load(
            reference="r", client_id="portal", cookie="c", now=NOW
        ),
        "release, customers elsewhere": lambda: elsewhere.release("x"),
        "pushed request": lambda: PushedRequests(watched).load("r", "portal", NOW),
        "consent": lambda: Consents(watched).in_force("p1", "portal"),
        "consents page": lambda: Consents(watched).all_of("p1"),
        "code": lambda: AuthorizationCodes(watched).load("x"),
        "token": lambda: AccessTokens(watched).load("x"),
        "journey": lambda: Journeys(watched, seal, fresh).load("j", b"", NOW),
        "operation": lambda: Operations(watched).load("o"),
        "profile": lambda: Profiles(watched, seal, fresh).by_pesel(samples.pesel()),
        "profile by login": lambda: Profiles(watched, seal, fresh).by_login("x"),
        "sign-ins": lambda: RelyingSignIns(watched).of_person_and_client("p1", "portal"),
        "delivery": lambda: Outbox(watched, seal, fresh).status_of("a"),
        "due": lambda: Outbox(watched, seal, fresh).claim_due(NOW),
        "leases": lambda: Outbox(watched, seal, fresh).leases(),
        "earlier messages": lambda: Outbox(watched, seal, fresh).earlier_to_recipient(MESSAGE, NOW),
        "reported message": lambda: Outbox(watched, seal, fresh).id_by_reference("gateway", "r"),
    }


async def test_no_busy_read_scans_a_table(database: Database, seal: Seal, fresh: Fresh) -> None:
    await fill(database)
    scanning = {}
    for name in reads(database, seal, fresh):
        watched = Watched(database)
        await reads(watched, seal, fresh)[name]()  # type: ignore[arg-type]  # as much of a database as they need
        assert len(watched.asked) == 1, name
        plan = await watched.plan()
        if re.search(r"Seq Scan|SCAN (?!entry|one|\(subquery|CONSTANT)", plan):
            scanning[name] = plan
    assert not scanning, "\n\n".join(f"{name}:\n{plan}" for name, plan in scanning.items())


async def fill(database: Database) -> None:
    """Enough rows that a planner prefers an index: some hundreds in each table."""
    if database.engine != "postgresql":
        return
    columns = await database.all(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
    )
    tables: dict[str, dict[str, str]] = {}
    for column in columns:
        tables.setdefault(column["table_name"], {})[column["column_name"]] = column["data_type"]
    for table, kinds in tables.items():
        if table not in ("migrations", "clock"):
            for first in (0, 400):
                await database.insert(*(Insert(table, _row(kinds, number)) for number in range(first, first + 400)))
    await database.script("ANALYZE")


def _row(kinds: dict[str, str], number: int) -> dict[str, Value]:
    made: dict[str, Value] = {}
    for name, kind in kinds.items():
        samples_by_kind: dict[str, Value] = {
            "text": f"{name}{number}", "bigint": number, "bytea": f"{name}{number}".encode(), "boolean": True
        }  # fmt: skip
        made[name] = samples_by_kind[kind]
    return made


@pytest.mark.parametrize("name", ["token", "returning"])
async def test_the_joined_reads_take_one_round_trip(database: Database, seal: Seal, fresh: Fresh, name: str) -> None:
    watched = Watched(database)
    await reads(watched, seal, fresh)[name]()  # type: ignore[arg-type]  # as much of a database as they need
    assert len(watched.asked) == 1
