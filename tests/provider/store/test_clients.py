import msgspec
import pytest

from poreka.provider.store.clients import Clients
from poreka.store.database import AlreadyThere, Database
from tests.support import samples
from tests.support.engines import NOW


async def test_registering_replacing_removing(database: Database) -> None:
    clients, first = Clients(database), samples.client("a")
    await database.insert(clients.adding(first, NOW), clients.adding(samples.client("b"), NOW))
    assert await clients.by_id("a") == first
    assert [client.client_id for client in await clients.all()] == ["a", "b"]
    changed = msgspec.structs.replace(first, name={"pl": "Inny"}, scopes=frozenset({"openid", "identity"}))
    assert await clients.replace(database, changed)
    assert await clients.by_id("a") == changed
    assert not await clients.replace(database, samples.client("c"))
    assert await clients.remove(database, "a")
    assert not await clients.remove(database, "a")
    assert await clients.by_id("a") is None


async def test_a_second_registration_with_one_id_is_refused(database: Database) -> None:
    clients = Clients(database)
    await database.insert(clients.adding(samples.client(), NOW))
    with pytest.raises(AlreadyThere):
        await database.insert(clients.adding(samples.client(), NOW))
