"""One suite for every customer directory: own tables and a view, each on both engines, and HTTP.

Whoever is asked, the answers are the same. The people are invented.
"""

import dataclasses
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import bcrypt
import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from poreka.hashing.passwords import Passwords
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.provider.customers.checked_here import checked_here
from poreka.provider.customers.over_http import CustomersOverHttp
from poreka.provider.rules.eligibility import AccountRole
from poreka.provider.store.customer_directory import Checked, ChosenIdentifier, CustomerDirectory, Typed
from poreka.provider.store.customer_view import CustomerView
from poreka.provider.store.customers import Customers, NewCustomer
from poreka.provider.store.guarded_directory import GuardedDirectory
from poreka.rules.people.pesel import PeselFault
from poreka.store.database import Database, Insert, Value
from poreka.store.fresh import Fresh
from poreka.store.read_only import open_read_only
from poreka.store.seal import Seal
from tests.support.customer_system import TOKEN, CustomerSystem, Known, running
from tests.support.engines import NOW, Engine, migrated, opened

ANNA_PASSWORD, JAN_PASSWORD = "zielona-kładka-7", "cichy-brzeg-jan-10"
ANNA = NewCustomer(
    id="anna", number="21571404", identifier_kind="document", identifier="XYZ778899", first_name="Anna",
    surname="Nowak-Zielińska", pesel="79090344729", phone="+48600201018", email="anna@poczta.example",
    account_role=AccountRole.CO_OWNER, sim_replaced_at=NOW,
    password_hash=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(ANNA_PASSWORD),
)  # fmt: skip
JAN = NewCustomer(
    id="jan", number="21570133", identifier_kind="pesel", identifier="83041741039", first_name="Jan",
    surname="Kowalski", pesel="8304174103", phone=None, identity_verified=False, sms_active=False,
    opened_by_transfer=True, password_hash=bcrypt.hashpw(JAN_PASSWORD.encode(), bcrypt.gensalt(4)).decode(),
)  # fmt: skip
COLUMNS = {
    "id": "KeyOf", "number": "login", "password_hash": "secret", "first_name": "given", "surname": "family",
    "identity_verified": "seen", "account_role": "role", "sms_active": "texts", "phone": "mobile", "pesel": "pesel",
    "email": "mail", "identifier_kind": "kind", "identifier": "chosen", "opened_by_transfer": "by_transfer",
    "sim_replaced_at": "sim",
}  # fmt: skip


def kept(new: NewCustomer) -> dict[str, Value]:
    """The customer as a row of a bank's own making."""
    fields = {name: getattr(new, name) for name in COLUMNS} | {"account_role": new.account_role.value}
    return {f'"{COLUMNS[name]}"': value for name, value in fields.items()}


async def their_database(address: str) -> None:
    """A table, and the view of it that Poręka reads."""
    kinds = {"seen": "BOOLEAN", "texts": "BOOLEAN", "by_transfer": "BOOLEAN", "sim": "BIGINT"}
    columns = ", ".join(f'"{name}" {kinds.get(name, "TEXT")}' for name in COLUMNS.values())
    database = await opened(address)
    sim = "to_timestamp(sim) AS sim" if database.engine == "postgresql" else "sim"
    shown = ", ".join(sim if name == "sim" else f'"{name}"' for name in COLUMNS.values())
    await database.script(f"CREATE TABLE people ({columns}); CREATE VIEW shown AS SELECT {shown} FROM people;")
    await database.insert(*(Insert("people", kept(one)) for one in (ANNA, JAN)))
    await database.close()


def told(new: NewCustomer, password: str) -> Known:
    """The customer as their own system tells of them over HTTP."""
    names = ("id", "number", "first_name", "surname", "pesel", "phone", "email", "identity_verified", "sms_active")
    document = {name: getattr(new, name) for name in names} | {"account_role": new.account_role.value}
    if new.sim_replaced_at is not None:
        document["sim_replaced_at"] = "2027-01-15T09:00:00+01:00"
    return Known(
        {**document, "opened_by_transfer": new.opened_by_transfer}, password, new.identifier, new.identifier_kind
    )


@asynccontextmanager
async def over_http(system: CustomerSystem, seconds: float = 5) -> AsyncIterator[CustomersOverHttp]:
    async def no_pause() -> None:
        return

    channel = BackChannel(Reach(allow_http=True, private_hosts=frozenset({"127.0.0.1"})), largest_answer=64 * 1024)
    headers = {"authorization": f"Bearer {TOKEN}"}
    directory = CustomersOverHttp(channel, f"{system.origin}/v1/", headers, seconds=seconds, pause=no_pause)
    try:
        yield directory
    finally:
        await directory.close()


@pytest.fixture
def system() -> Iterator[CustomerSystem]:
    with running(CustomerSystem([told(ANNA, ANNA_PASSWORD), told(JAN, JAN_PASSWORD)])) as served:
        yield served


@asynccontextmanager
async def own_directory(database: Database) -> AsyncIterator[CustomerDirectory]:
    own = Customers(database, Seal({1: b"one system's secret, 32 bytes long"}), Fresh())
    await database.insert(*(own.adding(one) for one in (ANNA, JAN)))
    yield await checked_here(own, Passwords(1))


@asynccontextmanager
async def view_directory(engine: Engine, folder: Path) -> AsyncIterator[CustomerDirectory]:
    address = engine.empty()
    await their_database(address)
    url = address if address.startswith("postgresql:") else f"sqlite:{address}"
    view = CustomerView(await open_read_only(url, folder, 5), "shown", COLUMNS, 5)
    await view.check()
    yield await checked_here(view, Passwords(1))
    await view.close()


KINDS = ["own-sqlite", "view-sqlite", "http", "guarded-http"]
KINDS += [pytest.param(f"{kind}-postgresql", marks=pytest.mark.postgres) for kind in ("own", "view")]  # type: ignore[misc]


@pytest_asyncio.fixture(params=KINDS)
async def directory(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[CustomerDirectory]:
    kind = request.param
    async with AsyncExitStack() as stack:
        if kind.endswith("http"):
            served = await stack.enter_async_context(over_http(request.getfixturevalue("system")))
            yield GuardedDirectory(served) if kind.startswith("guarded") else served
            return
        name = kind.partition("-")[2]
        engine = Engine(name, tmp_path, request.getfixturevalue("postgres_server") if name == "postgresql" else None)
        stack.callback(engine.drop)
        if kind.startswith("own"):
            database = await stack.enter_async_context(migrated(engine.empty()))
            yield await stack.enter_async_context(own_directory(database))
        else:
            yield await stack.enter_async_context(view_directory(engine, tmp_path))


async def test_a_customer_is_told_as_they_are(directory: CustomerDirectory) -> None:
    anna, jan = await directory.by_id("anna"), await directory.by_id("jan")
    assert anna is not None
    assert jan is not None
    assert (anna.number, anna.first_name, anna.surname) == ("21571404", "Anna", "Nowak-Zielińska")
    assert anna.valid_pesel is not None
    assert anna.valid_pesel.digits == ANNA.pesel
    assert (anna.phone, anna.email) == ("+48600201018", "anna@poczta.example")
    assert (anna.account_role, anna.sms_active, anna.identity_verified) == (AccountRole.CO_OWNER, True, True)
    assert (anna.opened_by_transfer, anna.sim_replaced_at) == (False, NOW)
    assert (jan.pesel, jan.phone, jan.email, jan.sim_replaced_at) == (PeselFault.LENGTH, None, None, None)
    assert (jan.account_role, jan.sms_active, jan.identity_verified) == (AccountRole.OWNER, False, False)
    assert jan.opened_by_transfer is True
    assert str(ANNA.pesel) not in repr(anna)


async def test_nobody_is_found_under_nobodys_id_or_number(directory: CustomerDirectory) -> None:
    assert await directory.by_id("nobody") is None
    assert await directory.identifier_of("10000000") is None
    assert await directory.check("10000000", Typed(password="x")) == Checked(customer_id=None, customer=None)


async def test_two_characters_are_asked_of_what_the_customer_chose(directory: CustomerDirectory) -> None:
    assert await directory.identifier_of(ANNA.number) == ChosenIdentifier(customer_id="anna", kind="document", length=9)
    assert await directory.identifier_of(JAN.number) == ChosenIdentifier(customer_id="jan", kind="pesel", length=11)


@pytest.mark.parametrize(("new", "password"), [(ANNA, ANNA_PASSWORD), (JAN, JAN_PASSWORD)], ids=["argon2", "bcrypt"])
async def test_who_types_everything_rightly_is_the_customer(
    directory: CustomerDirectory, new: NewCustomer, password: str
) -> None:
    everything = Typed(password=password, places=(2, 9), characters=new.identifier[1] + new.identifier[8].lower())
    customer = await directory.by_id(new.id)
    for typed in (everything, Typed(password=password)):
        assert await directory.check(new.number, typed) == Checked(customer_id=new.id, customer=customer)
    for wrong in ({"password": password + "x"}, {"characters": "??"}, {"password": ""}, {"password": "ą" * 200}):
        checked = await directory.check(new.number, dataclasses.replace(everything, **wrong))
        assert checked == Checked(customer_id=new.id, customer=None)


async def test_what_was_typed_is_never_printed() -> None:
    assert "tajne" not in repr(Typed(password="tajne", places=(1, 2, 3, 4, 5), characters="tajne"))


@pytest.mark.parametrize("characters", ["", "Y", "Y99"])
async def test_no_place_goes_without_its_character(characters: str) -> None:
    with pytest.raises(ValueError, match="one character for each place"):
        Typed(password="x", places=(2, 9), characters=characters)
