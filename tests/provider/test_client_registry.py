"""The registered clients as a process knows them: kept for seconds, their keys for minutes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from poreka.oidc.keys import public_part
from poreka.provider import client_registry
from poreka.provider.client_registry import ClientRegistry
from poreka.store.deadline import TooBusy, deadline, seconds_left
from tests.support.in_process import BankInProcess
from tests.support.relying_client import new_key

URI = "http://pue.localhost:8000/jwks"


@dataclass
class Fetch:
    """A `jwks_uri` that answers what a test put there."""

    jwks: Mapping[str, Any] | None
    fetched: list[str] = field(default_factory=list)

    async def __call__(self, uri: str) -> Mapping[str, Any] | None:
        self.fetched.append(uri)
        return self.jwks


@dataclass
class Time:
    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    moved = Time()
    monkeypatch.setattr(client_registry, "time", moved)
    return moved


def keys(*made: Any) -> dict[str, Any]:
    return {"keys": [public_part({**key.private_jwk, "kid": key.kid}) for key in made]}


async def test_a_registration_is_kept_for_seconds(bank: BankInProcess, time: Time) -> None:
    registry = ClientRegistry(bank.bank.clients, Fetch(None))
    found = await registry.find("sandbox-fapi")
    assert found is not None
    assert await registry.find("sandbox-fapi") is found
    await bank.bank.clients.remove(bank.bank.database, "sandbox-fapi")
    assert await registry.find("sandbox-fapi") is found
    time.now += 5
    assert await registry.find("sandbox-fapi") is None


async def test_keys_are_kept_for_minutes_and_fetched_again_for_an_unknown_one(bank: BankInProcess, time: Time) -> None:
    old, new = new_key(), new_key()
    fetch = Fetch(keys(old))
    registry = ClientRegistry(bank.bank.clients, fetch)
    found = await registry.find("pue")
    assert found is not None
    assert [key.kid for key in found.keys.keys] == [old.kid]
    time.now += 100
    await registry.find("pue")
    assert fetch.fetched == [URI]
    fetch.jwks = keys(old, new)
    again = await registry.find_with_new_keys("pue")
    assert again is not None
    assert len(again.keys.keys) == 2
    time.now += 300
    await registry.find("pue")
    assert len(fetch.fetched) == 3


async def test_naming_unknown_keys_does_not_make_us_call_a_client_at_will(bank: BankInProcess, time: Time) -> None:
    fetch = Fetch(keys(new_key()))
    registry = ClientRegistry(bank.bank.clients, fetch)
    for _ in range(50):
        await registry.find_with_new_keys("pue")
    assert len(fetch.fetched) == 1


async def test_however_many_name_an_unknown_key_at_once_it_is_looked_for_once(bank: BankInProcess) -> None:
    """An endless answer takes ten seconds: nobody may make us hold as many connections as they send requests."""
    fetched, begun, go_on = [], asyncio.Event(), asyncio.Event()

    async def fetch(uri: str) -> Mapping[str, Any]:
        fetched.append(uri)
        begun.set()
        await go_on.wait()
        return keys(new_key())

    registry = ClientRegistry(bank.bank.clients, fetch)
    asked = [asyncio.create_task(registry.find_with_new_keys("pue")) for _ in range(20)]
    await begun.wait()
    asked[0].cancel()
    go_on.set()
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert fetched == [URI]
    assert sum(getattr(one, "keys", None) is not None for one in found) == 19


async def test_a_client_that_cannot_be_reached_keeps_the_keys_known_so_far(bank: BankInProcess, time: Time) -> None:
    fetch = Fetch(keys(new_key()))
    registry = ClientRegistry(bank.bank.clients, fetch)
    await registry.find("pue")
    fetch.jwks = None
    time.now += 400
    found = await registry.find("pue")
    assert found is not None
    assert len(found.keys.keys) == 1


@pytest.mark.parametrize("jwks", [None, {}, {"keys": 1}, {"keys": [1, None, {}, {"kty": "oct", "k": "AA"}]}])
async def test_keys_that_cannot_be_used_are_none_and_tried_again_soon(
    bank: BankInProcess, time: Time, jwks: Mapping[str, Any] | None
) -> None:
    fetch = Fetch(jwks)
    registry = ClientRegistry(bank.bank.clients, fetch)
    found = await registry.find("pue")
    assert found is not None
    assert found.keys.keys == ()
    time.now += 5
    await registry.find("pue")
    assert len(fetch.fetched) == 2


async def test_names_of_nobody_do_not_fill_the_memory(bank_on_each: BankInProcess) -> None:
    registry = ClientRegistry(bank_on_each.bank.clients, Fetch(None))
    for number in range(1100):
        assert await registry.find(f"nobody-{number}\0") is None
    assert len(registry._kept) <= 1000
    for name in ("", "x" * 256, "ł", "\0", "a\nb"):
        assert await registry.find(name) is None


async def test_who_has_no_time_left_waits_for_no_keys_and_takes_them_from_nobody(bank: BankInProcess) -> None:
    key, gate = new_key(), asyncio.Event()
    left: list[float] = []

    async def slow(_: str) -> Mapping[str, Any]:
        left.append(seconds_left(3600))
        await gate.wait()
        return keys(key)

    registry = ClientRegistry(bank.bank.clients, slow)
    with pytest.raises(TooBusy), deadline(0.05):
        await registry.find("pue")
    waiting = asyncio.create_task(registry.find("pue"))
    gate.set()
    found = await waiting
    assert found is not None
    assert [one.kid for one in found.keys.keys] == [key.kid]
    assert left == [3600]  # one fetch for all, and its time is not that of whoever asked first
