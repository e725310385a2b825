import pytest

from poreka.provider.store.right_answers import RightAnswers
from poreka.store.database import Database, Insert, Value
from poreka.store.migrate import SchemaNotCurrent, migrations_of, missing, upgrade
from tests.support.engines import NOW, PARTS, Engine, opened


@pytest.fixture
def address(engine: Engine) -> str:
    """A database without any table."""
    return engine.empty()


async def test_the_first_time_applies_all_the_second_nothing(address: str) -> None:
    database = await opened(address)
    first = await upgrade(database, PARTS, NOW)
    assert [m.number for m in first if m.part == "shared"] == [m.number for m in migrations_of("shared", "sqlite")]
    assert {m.part for m in first} == set(PARTS)
    assert await upgrade(database, PARTS, NOW) == []
    assert await missing(database, PARTS) == []
    await database.close()


async def test_a_set_can_be_added_later(address: str) -> None:
    database = await opened(address)
    await upgrade(database, ("shared",), NOW)
    assert {m.part for m in await missing(database, ("shared", "bank"))} == {"bank"}
    assert {m.part for m in await upgrade(database, ("shared", "bank"), NOW)} == {"bank"}
    await database.close()


async def test_a_newer_database_is_refused(database: Database) -> None:
    row: dict[str, Value] = {"part": "shared", "number": 9999, "name": "future", "applied_at": NOW}
    await database.insert(Insert("migrations", row))
    with pytest.raises(SchemaNotCurrent, match="newer than this software: it has shared 9999"):
        await upgrade(database, PARTS, NOW)


async def test_each_engine_has_the_same_numbers() -> None:
    for part in PARTS:
        numbers = [[m.number for m in migrations_of(part, engine)] for engine in ("sqlite", "postgresql")]
        assert numbers[0] == numbers[1] == list(range(1, len(numbers[0]) + 1))


async def test_a_migration_that_fails_leaves_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = await opened(address)
    good = migrations_of("demo", database.engine)[0]
    bad = type(good)(good.part, good.number, good.name, good.sql + "\nCREATE TABLE messages (id TEXT);")
    monkeypatch.setattr("poreka.store.migrate.migrations_of", lambda part, engine: [bad])
    with pytest.raises(Exception, match="already exists"):
        await upgrade(database, ("demo",), NOW)
    monkeypatch.undo()
    assert await upgrade(database, ("demo",), NOW) == migrations_of("demo", database.engine)
    await database.close()


async def test_counts_of_right_answers_move_out_of_the_customers(address: str) -> None:
    database = await opened(address)
    await upgrade(database, ("shared",), NOW)
    first = migrations_of("bank", database.engine)[0]
    await database.script(first.sql)
    applied: dict[str, Value] = {"part": "bank", "number": 1, "name": first.name, "applied_at": NOW}
    texts = ("customer_number", "password_hash", "identifier_kind", "first_name", "surname", "account_role", "details")
    flags = ("identity_verified", "sms_active", "opened_by_transfer")
    rows: list[dict[str, Value]] = [
        {
            "id": key,
            "identifier": b"",
            "right_answers": answers,
            **dict.fromkeys(texts, key),
            **dict.fromkeys(flags, True),
        }
        for key, answers in (("p1", 7), ("p2", 0))
    ]
    await database.insert(Insert("migrations", applied), *(Insert("customers", row) for row in rows))
    await upgrade(database, ("shared", "bank"), NOW)
    answers = RightAnswers(database)
    assert (await answers.of("p1"), await answers.of("p2")) == (7, 0)
    assert len(await database.all("SELECT id FROM customers")) == 2
    await database.close()


@pytest.mark.parametrize("statement", ["UPDATE {} SET hash = hash", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["audit_entries", "audit_lanes"])
async def test_the_audit_log_is_append_only(database: Database, table: str, statement: str) -> None:
    entry: dict[str, Value] = {
        "lane": "l",
        "number": 1,
        "at": NOW,
        "event": "E",
        "details": "{}",
        "hash": b"1",
    }
    lane: dict[str, Value] = {"lane": "l", "number": 1, "opened_at": NOW, "hash": b"1"}
    await database.insert(Insert("audit_entries", entry), Insert("audit_lanes", lane))
    with pytest.raises(Exception, match="append-only"):
        await database.run(statement.format(table))
    columns = ", ".join(entry if table == "audit_entries" else lane)
    behind = {
        "postgresql": f"TRUNCATE {table}",
        "sqlite": f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}",
    }
    with pytest.raises(Exception, match="append-only"):
        await database.run(behind[database.engine])
    assert len(await database.all(f"SELECT * FROM {table}")) == 1


@pytest.mark.parametrize(
    ("part", "table"),
    [("bank", "customers"), ("trusted_profile", "trusted_profiles"), ("portal", "profiles"), ("demo", "sim_cards")],
)
async def test_phones_get_their_countrys_code(address: str, part: str, table: str) -> None:
    database = await opened(address)
    [to_e164] = [one for one in migrations_of(part, database.engine) if one.name == "phones_in_e164"]
    await database.script(f"CREATE TABLE {table} (phone TEXT)")
    for phone in ("600201011", "+48600201011", "+380501234567", "", None):
        await database.insert(Insert(table, {"phone": phone}))
    for _ in ("the first time", "once more"):
        await database.script(to_e164.sql)
        rows = await database.all(f"SELECT phone FROM {table} ORDER BY phone")
        found = [row["phone"] for row in rows]
        assert sorted(found, key=str) == ["", "+380501234567", "+48600201011", "+48600201011", None]
    await database.close()
