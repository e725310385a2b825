"""An operator registers, replaces and removes clients and gives them new secrets, without the command line."""

import hashlib

import msgspec
import pytest

from poreka.oidc.clients.client import Client
from poreka.provider.client_roll import ClientHasNoSecret, ClientRoll, NoSuchClient, RegistrationUnfit
from poreka.store.database import AlreadyThere
from tests.support.in_process import BankInProcess

DAY = 24 * 60 * 60
LIBRARY = Client(
    client_id="library",
    name={"pl": "Biblioteka", "en": "Library"},
    redirect_uris=("https://library.example/callback",),
    scopes=frozenset({"openid"}),
    profile="openid",
    token_endpoint_auth_method="client_secret_basic",
)


@pytest.fixture
def roll(bank: BankInProcess) -> ClientRoll:
    """As a served provider has it."""
    return ClientRoll(bank.bank.clients, bank.bank.audit, bank.clock, plain_http=False)


def hashed(secret: str | None) -> str:
    return hashlib.sha256((secret or "").encode()).hexdigest()


async def test_a_client_is_registered_with_a_secret_of_which_only_the_hash_is_kept(
    bank: BankInProcess, roll: ClientRoll
) -> None:
    registered = await roll.add(LIBRARY)
    assert registered.secret is not None
    assert registered.secret not in repr(registered)
    assert registered.client.secret_hash == hashed(registered.secret)
    assert await bank.bank.clients.by_id("library") == registered.client
    assert registered.client in await roll.every()
    assert (await bank.events())[-1] == "ClientAdded"


async def test_a_client_is_replaced_only_when_asked_and_keeps_its_secret(bank: BankInProcess, roll: ClientRoll) -> None:
    first = await roll.add(LIBRARY)
    moved = msgspec.structs.replace(LIBRARY, redirect_uris=("https://library.example/new",))
    with pytest.raises(AlreadyThere):
        await roll.add(moved)
    assert await bank.bank.clients.by_id("library") == first.client
    second = await roll.add(moved, replace=True)
    assert second.secret is None
    assert second.client.secret_hash == first.client.secret_hash
    assert await bank.bank.clients.by_id("library") == second.client


async def test_a_registration_at_fault_is_refused_and_nothing_is_kept(bank: BankInProcess, roll: ClientRoll) -> None:
    before = await bank.events()
    plain = msgspec.structs.replace(LIBRARY, redirect_uris=("http://library.example/callback",))
    with pytest.raises(RegistrationUnfit, match="not acceptable"):
        await roll.add(plain)
    assert await bank.bank.clients.by_id("library") is None
    assert await bank.events() == before


async def test_a_new_secret_counts_at_once_and_the_present_one_for_some_days(
    bank: BankInProcess, roll: ClientRoll
) -> None:
    first = await roll.add(LIBRARY)
    made = await roll.rotate_secret("library", days=7)
    client = await bank.bank.clients.by_id("library")
    assert client is not None
    assert (client.secret_hash, client.former_secret_hash) == (hashed(made.secret), first.client.secret_hash)
    assert client.former_secret_until == made.former_until == bank.clock() + 7 * DAY
    assert made.secret not in repr(made)
    assert (await bank.events())[-1] == "ClientSecretRotated"


async def test_who_has_no_secret_or_is_not_there_gets_none(bank: BankInProcess, roll: ClientRoll) -> None:
    before = await bank.events()
    with pytest.raises(NoSuchClient):
        await roll.rotate_secret("nobody", days=7)
    with pytest.raises(ClientHasNoSecret, match="private_key_jwt"):
        await roll.rotate_secret("sandbox-fapi", days=7)
    with pytest.raises(NoSuchClient):
        await roll.remove("nobody")
    assert await bank.events() == before


async def test_a_removed_client_is_not_there(bank: BankInProcess, roll: ClientRoll) -> None:
    await roll.add(LIBRARY)
    await roll.remove("library")
    assert "library" not in [one.client_id for one in await roll.every()]
    assert (await bank.events())[-1] == "ClientRemoved"
