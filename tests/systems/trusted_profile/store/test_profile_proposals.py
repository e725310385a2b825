"""Proposals and decided applications: one open proposal of a profile, each decided once, everything about it sealed."""

import asyncio
from collections.abc import Callable

import pytest

from poreka.contracts.desk import NewFacts
from poreka.contracts.desk_words import Act, ProposalState, Reason
from poreka.contracts.identity_check import Document, IdentityCheck, Way
from poreka.store.database import AlreadyThere, Database, Stale
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.trusted_profile.rules.profile import applied
from poreka.systems.trusted_profile.rules.proposal import Clerk, Proposal, approve, propose, reject
from poreka.systems.trusted_profile.store.profile_applications import (
    CaseDecision,
    ProfileApplication,
    ProfileApplications,
)
from poreka.systems.trusted_profile.store.profile_proposals import Content, Decision, KeptProposal, ProfileProposals
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile, TrustedProfiles
from tests.support import samples
from tests.support.engines import NOW, Engine

DAY = 24 * 3600
OWNER, OTHER = b"o" * 32, b"n" * 32
FIRST, SECOND = Clerk(id="clerk/1", person=b"1" * 32), Clerk(id="clerk/2", person=b"2" * 32)
FACTS = NewFacts(first_name="Żaneta", surname="Nowa-Śliwa", pesel=samples.pesel(2).digits)
At = Callable[[int], ProfileProposals]


@pytest.fixture
def at(database: Database, seal: Seal, fresh: Fresh) -> At:
    """The proposals as they are read at a time."""
    return lambda now: ProfileProposals(database, seal, fresh, lambda: now)


def kept(proposal_id: str = "p1", profile: str = "z1", now: int = NOW) -> KeptProposal:
    rule = propose(Act.CHANGE, frozenset({OWNER, OTHER}), FIRST, now, 7)
    assert isinstance(rule, Proposal)
    content = Content(clerk_name="Grażyna", reason=Reason.RULING, reference="USC 1", note="notatka", facts=FACTS)
    return KeptProposal(id=proposal_id, profile_id=profile, rule=rule, content=content)


def decided(by: Callable[..., object] = approve) -> Proposal:
    rule = by(kept().rule, SECOND, NOW + 5)
    assert isinstance(rule, Proposal)
    return rule


async def test_a_proposal_is_read_as_it_was_made(database: Database, at: At) -> None:
    await database.insert(at(NOW).adding(kept()))
    assert await at(NOW).load("p1") == kept()
    assert await at(NOW).open_of("z1") == kept()
    assert await at(NOW).open_of("z2") is None
    assert await at(NOW).load("p2") is None
    assert "notatka" not in repr(kept().content)


async def test_a_profile_has_one_open_proposal(database: Database, at: At) -> None:
    await database.insert(at(NOW).adding(kept()))
    with pytest.raises(AlreadyThere):
        await database.insert(at(NOW).adding(kept("p2")))
    await database.insert(at(NOW).adding(kept("p3", "z2")))
    assert [one.id for one in await at(NOW).waiting(10)] == ["p1", "p3"]
    assert len(await at(NOW).waiting(1)) == 1


async def test_what_lapsed_stands_in_nobodys_way(database: Database, at: At) -> None:
    await database.insert(at(NOW).adding(kept()))
    late = at(NOW + 7 * DAY)
    assert await late.waiting(10) == []
    assert await late.open_of("z1") is None
    found = await late.load("p1")
    assert found is not None
    assert found.rule.state is ProposalState.LAPSED
    assert await at(NOW).end_overdue(database) == 0
    assert await late.end_overdue(database) == 1
    await database.insert(late.adding(kept("p2", now=NOW + 7 * DAY)))


async def test_of_many_decisions_one_is_written_down(database: Database, at: At) -> None:
    await database.insert(at(NOW).adding(kept()))

    async def decide(number: int) -> None:
        async with database.transaction() as transaction:
            rule = decided(approve if number % 2 else reject)
            await at(NOW + 5).decide(transaction, kept(), rule, Decision(clerk_name="Robert", note="nie"))

    outcomes = await asyncio.gather(*(decide(number) for number in range(6)), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 5
    found = await at(NOW + 6).load("p1")
    assert found is not None
    assert found.rule.state in (ProposalState.APPROVED, ProposalState.REJECTED)
    assert (found.rule.decided_by, found.rule.decided_at) == (SECOND, NOW + 5)
    with pytest.raises(ValueError, match="somebody's"):
        await at(NOW).decide(database, kept(), kept().rule, Decision(clerk_name="Robert"))


async def test_an_application_is_decided_once_and_its_record_is_kept(
    database: Database, seal: Seal, fresh: Fresh
) -> None:
    applications = ProfileApplications(database, seal, fresh)
    profiles = TrustedProfiles(database, seal, fresh, lambda: NOW)
    rule = applied(samples.facts(), NOW, 14)
    owned = OwnedProfile(id="z1", profile=rule, user_name="z", password_hash="", phone="", email="z@z.example")
    await database.insert(
        profiles.adding(owned), applications.adding(ProfileApplication(profile_id="z1", number="4100200301"))
    )
    assert await profiles.waiting(10) == [owned]
    assert {key: one.number for key, one in (await applications.waiting()).items()} == {"z1": "4100200301"}
    assert await applications.decision("z1") is None
    assert await applications.decision("nobody") is None
    check = IdentityCheck(way=Way.VIDEO, document=Document.PASSPORT, photo_fits=True, data_agree=True, call="N-1")
    made = CaseDecision(by="clerk/1", clerk_name="Grażyna", check=check)
    await applications.decide(database, "z1", made, NOW)
    with pytest.raises(Stale):
        await applications.decide(database, "z1", made, NOW)
    assert await applications.decision("z1") == made
    assert await applications.waiting() == {}


async def test_nothing_of_it_can_be_read_in_the_database(engine: Engine, database: Database, at: At) -> None:
    if engine.name != "sqlite":
        pytest.skip("the files of PostgreSQL are its own")
    await database.insert(at(NOW).adding(kept()))
    at_rest = engine.bytes_at_rest()
    for secret in (FACTS.pesel, FACTS.surname, "notatka", "USC 1", "Grażyna"):
        assert secret.encode() not in at_rest
