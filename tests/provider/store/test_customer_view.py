"""What a view in somebody else's database may get wrong: told at the start, or refused row by row."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.provider.store.customer_directory import DirectoryUnavailable, RecordRefused
from poreka.provider.store.customer_view import CustomerView, ViewUnfit
from poreka.store.database import DatabaseUnavailable
from poreka.store.read_only import ReadOnly, open_read_only
from tests.provider.store.test_customer_directories import ANNA, COLUMNS, their_database
from tests.support.engines import Engine, opened


@pytest_asyncio.fixture
async def theirs(engine: Engine) -> str:
    """The address of the bank's own database."""
    address = engine.empty()
    await their_database(address)
    return address


async def reading(address: str) -> ReadOnly:
    url = address if address.startswith("postgresql:") else f"sqlite:{address}"
    return await open_read_only(url, Path("/"), 5)


@pytest_asyncio.fixture
async def database(theirs: str) -> AsyncIterator[ReadOnly]:
    found = await reading(theirs)
    yield found
    await found.close()


async def change(address: str, sql: str) -> None:
    other = await opened(address)
    await other.script(sql)
    await other.close()


def view(database: ReadOnly, name: str = "shown", **columns: str) -> CustomerView:
    return CustomerView(database, name, COLUMNS | columns, 5)


@pytest.mark.parametrize(
    ("name", "columns", "said"),
    [
        ("shown", {"phone": "telephone"}, "customers.columns.phone: shown has no column telephone"),
        ("shown", {"phone": "MOBILE"}, "customers.columns.phone: shown has no column MOBILE"),
        ("hidden", {}, "customers.view: there is no hidden in the database"),
        ("crm.hidden", {}, "customers.view: there is no crm.hidden in the database"),
        ("shown", {"number": "by_transfer"}, "customers.columns.number: by_transfer is boolean"),
    ],
)
async def test_what_is_not_there_is_named_at_the_start(
    database: ReadOnly, name: str, columns: dict[str, str], said: str
) -> None:
    with pytest.raises(ViewUnfit, match=said):
        await view(database, name, **columns).check()


async def test_columns_that_are_not_needed_are_not_read(database: ReadOnly, theirs: str) -> None:
    without = view(database, opened_by_transfer="", sim_replaced_at="", email="", identifier="", identifier_kind="")
    await without.check()
    anna = await without.by_id("anna")
    assert anna is not None
    assert (anna.email, anna.sim_replaced_at, anna.opened_by_transfer) == (None, None, False)
    found = await without.to_sign_in(ANNA.number)
    assert found is not None
    assert found[1].identifier == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("role = 'boss'", "account_role"),
        ("given = NULL", "first_name"),
        ("given = ''", "first_name"),
        (
            """family = 'x' || 'line' || '
'""",
            "cannot be shown",
        ),
        ("seen = NULL", "identity_verified"),
        ("secret = 'plain text'", "password_hash"),
        ("secret = NULL", "password_hash"),
        ("kind = 'animal'", "identifier"),
        ("chosen = '123456789012345678901'", "identifier"),
        ("\"KeyOf\" = '../etc'", "id"),
    ],
)
async def test_a_row_that_cannot_be_believed_is_refused_without_its_values(
    database: ReadOnly, theirs: str, changed: str, said: str
) -> None:
    await change(theirs, f"UPDATE people SET {changed} WHERE login = '{ANNA.number}'")
    with pytest.raises(RecordRefused, match=said) as refused:
        await view(database).to_sign_in(ANNA.number)
    assert "boss" not in str(refused.value)
    assert "plain" not in str(refused.value)


async def test_a_number_of_two_customers_is_nobodys(database: ReadOnly, theirs: str) -> None:
    await change(theirs, "UPDATE people SET login = '1'")
    with pytest.raises(RecordRefused, match="two customers with one number"):
        await view(database).to_sign_in("1")


async def test_a_telephone_number_that_is_none_is_no_telephone(database: ReadOnly, theirs: str) -> None:
    await change(theirs, "UPDATE people SET mobile = 'ask his wife'")
    anna = await view(database).by_id("anna")
    assert anna is not None
    assert anna.phone is None


async def test_what_stands_in_a_number_is_never_sql(database: ReadOnly) -> None:
    for number in ("' OR '1'='1", '"; DROP TABLE people; --', "21571404' --", "%", "x" * 10_000):
        assert await view(database).to_sign_in(number) is None


async def test_nothing_can_be_written(database: ReadOnly) -> None:
    with pytest.raises(DatabaseUnavailable):
        await database.all("UPDATE people SET role = 'none' RETURNING 1")
    assert await view(database).by_id("anna") is not None


async def test_a_view_that_goes_away_makes_the_directory_unavailable(database: ReadOnly, theirs: str) -> None:
    await change(theirs, "DROP VIEW shown")
    with pytest.raises(DirectoryUnavailable):
        await view(database).by_id("anna")
    with pytest.raises(DirectoryUnavailable):
        await view(database).some_password_hash()


async def test_a_column_that_goes_away_is_not_taken_for_a_text(database: ReadOnly, theirs: str) -> None:
    await change(theirs, "DROP VIEW shown; CREATE VIEW shown AS SELECT login, mobile FROM people;")
    with pytest.raises(DirectoryUnavailable):
        await view(database).to_sign_in(ANNA.number)


async def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    for url in ("sqlite:gone.db", f"postgresql:///gone?host={tmp_path}"):
        with pytest.raises(DatabaseUnavailable):
            await open_read_only(url, tmp_path, 1)
    assert not (tmp_path / "gone.db").exists()
