"""What a relying party remembers: pending sign-ins, federated identities and sessions."""

import asyncio

import pytest

from poreka.oidc.relying_party.authorization import PendingSignIn
from poreka.relying.store.federated_identities import FederatedIdentities
from poreka.relying.store.federated_sessions import FederatedSession, FederatedSessions
from poreka.relying.store.pending_sign_ins import PendingSignIns
from poreka.store.database import AlreadyThere, Database
from poreka.store.fresh import Fresh, secret_hash
from poreka.store.seal import Seal
from tests.support.engines import NOW

ISSUER = "https://bank.example"
BROWSER = b"b" * 32
PENDING = PendingSignIn(
    issuer=ISSUER,
    client_id="portal",
    state_hash=secret_hash("state").hex(),
    nonce_hash=secret_hash("nonce").hex(),
    code_verifier="verifier",
    dpop_key={"kty": "EC", "d": "private"},
    minimum_acr=None,
    max_age=None,
    created_at=NOW,
    expires_at=NOW + 1800,
    target="/panel",
)


async def test_a_pending_sign_in_is_taken_once_by_its_browser(database: Database, seal: Seal, fresh: Fresh) -> None:
    pending = PendingSignIns(database, seal, fresh)
    await database.insert(pending.adding(PENDING, BROWSER))
    assert await pending.take("state", b"o" * 32, NOW) is None
    assert await pending.take("other", BROWSER, NOW) is None
    assert await pending.take("state", BROWSER, NOW + 1800) is None
    taken = await asyncio.gather(*(pending.take("state", BROWSER, NOW) for _ in range(10)))
    assert [one for one in taken if one is not None] == [PENDING]


async def test_a_subject_belongs_to_one_person_for_good(database: Database) -> None:
    identities = FederatedIdentities(database)
    assert await identities.person_of(ISSUER, "sub") is None
    await identities.seen(database, ISSUER, "sub", "p1", NOW)
    await identities.seen(database, "https://other.example", "sub", "p1", NOW + 1)
    await identities.seen(database, ISSUER, "sub", "p1", NOW + 2)
    with pytest.raises(AlreadyThere):
        await identities.seen(database, ISSUER, "sub", "p2", NOW + 3)
    assert await identities.person_of(ISSUER, "sub") == "p1"
    assert await identities.of_person("p1") == [(ISSUER, "sub"), ("https://other.example", "sub")]


async def test_a_logout_token_finds_the_sessions_it_means(database: Database, seal: Seal, fresh: Fresh) -> None:
    sessions = FederatedSessions(database, seal, fresh)
    made = [
        FederatedSession(
            session_sid=f"s{number}",
            issuer=issuer,
            subject=subject,
            provider_sid=sid,
            id_token="ey.header.payload",
        )
        for number, (issuer, subject, sid) in enumerate(
            [(ISSUER, "a", "x"), (ISSUER, "a", "y"), (ISSUER, "b", None), ("https://other.example", "a", "x")]
        )
    ]
    await database.insert(*(sessions.adding(one) for one in made))
    assert await sessions.of_session("s0") == made[0]
    assert await sessions.of_session("s9") is None
    assert await sessions.resting_on(ISSUER, provider_sid="x", subject=None) == ["s0"]
    assert sorted(await sessions.resting_on(ISSUER, provider_sid=None, subject="a")) == ["s0", "s1"]
    assert await sessions.resting_on(ISSUER, provider_sid="x", subject="b") == []
    assert await sessions.resting_on(ISSUER, provider_sid=None, subject=None) == []
    assert await sessions.remove(database, "s0")
    assert not await sessions.remove(database, "s0")
