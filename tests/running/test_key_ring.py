"""The key ring: published ahead, turned by plan, the same in every worker, and turned by hand."""

import asyncio

import pytest

from poreka.oidc import jose
from poreka.oidc.lasting.key_rotation import DAY, MakeKey
from poreka.running.key_ring import KeyRing, NoSigningKey
from poreka.store.signing_keys import SigningKeys
from tests.support.in_process import BankInProcess


def ring_of(bank: BankInProcess, *algorithms: str) -> KeyRing:
    """Another worker's ring on the same rows."""
    system = bank.bank
    store = SigningKeys(system.database, system.seal, system.fresh)
    return KeyRing(store, system.audit, bank.clock, algorithms or ("ES256",))


async def look(*rings: KeyRing) -> None:
    for ring in rings:
        ring._read_at = 0.0
    await asyncio.gather(*(ring.refresh() for ring in rings))


def kids(ring: KeyRing) -> set[str | None]:
    return {key.kid for key in ring.published.keys}


async def test_every_worker_signs_by_the_same_key(bank_on_each: BankInProcess) -> None:
    first, second = ring_of(bank_on_each), ring_of(bank_on_each)
    await look(first, second)
    assert first.signing("ES256").kid == second.signing("ES256").kid
    assert kids(first) == kids(second)


async def test_workers_that_begin_at_once_make_one_key(bank_on_each: BankInProcess) -> None:
    rings = [ring_of(bank_on_each, "EdDSA") for _ in range(4)]
    await look(*rings)
    await look(*rings)
    assert len({ring.signing("EdDSA").kid for ring in rings}) == 1
    rows = await bank_on_each.bank.database.all("SELECT kid FROM signing_keys WHERE algorithm = 'EdDSA'")
    assert len(rows) == 1


async def test_workers_that_turn_at_once_make_one_turn(bank_on_each: BankInProcess) -> None:
    rings = [ring_of(bank_on_each) for _ in range(3)]
    await look(*rings)
    before = rings[0].signing("ES256").kid
    bank_on_each.clock.advance(89 * DAY)
    await look(*rings)
    await look(*rings)
    assert [len(kids(ring)) for ring in rings] == [2, 2, 2]
    assert {ring.signing("ES256").kid for ring in rings} == {before}
    bank_on_each.clock.advance(DAY)
    await look(*rings)
    await look(*rings)
    [after] = {ring.signing("ES256").kid for ring in rings}
    assert after != before
    assert all(before in kids(ring) for ring in rings)
    bank_on_each.clock.advance(DAY)
    await look(*rings)
    await look(*rings)
    assert all(kids(ring) == {after} for ring in rings)


async def test_reading_again_is_cheap_within_a_minute(bank: BankInProcess) -> None:
    ring = ring_of(bank)
    await ring.refresh()
    before = ring.published
    await ring.refresh()
    assert ring.published is before


async def test_turning_by_hand_keeps_the_old_key_published(bank: BankInProcess) -> None:
    ring = ring_of(bank)
    await look(ring)
    before = ring.signing("ES256")
    token = jose.sign({"a": 1}, before)
    [made] = await ring.rotate_now()
    assert ring.signing("ES256").kid == made != before.kid
    assert jose.verify(token, ring.published, frozenset({"ES256"})) == {"a": 1}
    assert (await bank.events()).count("KeysRotated") >= 3


async def test_turning_by_hand_while_the_next_key_waits(bank: BankInProcess) -> None:
    ring = ring_of(bank)
    await look(ring)
    bank.clock.advance(89 * DAY)
    await look(ring)
    [made] = await ring.rotate_now()
    assert ring.signing("ES256").kid == made
    assert len(kids(ring)) == 3


async def test_an_algorithm_without_a_key_says_so(bank: BankInProcess) -> None:
    with pytest.raises(NoSigningKey):
        ring_of(bank).signing("ES256")
    with pytest.raises(NoSigningKey):
        await ring_of(bank).carry_out((MakeKey("HS256", "current"),))


async def test_private_keys_are_sealed_at_rest(bank: BankInProcess) -> None:
    row = await bank.bank.database.one("SELECT private_key FROM signing_keys")
    assert row is not None
    assert b'"d"' not in bytes(row["private_key"])


async def test_rsa_keys_are_imported_once(bank: BankInProcess) -> None:
    ring = ring_of(bank)
    await look(ring)
    before = ring.signing("ES256")
    await look(ring)
    assert ring.signing("ES256") is before
