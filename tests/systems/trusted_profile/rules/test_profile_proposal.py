"""Four eyes: who proposed never decides, nobody acts for themselves, and an end is an end."""

from hypothesis import given
from hypothesis import strategies as st

from poreka.contracts.desk_words import Act, ProposalState
from poreka.systems.trusted_profile.rules.proposal import (
    DAY,
    ENDS,
    Clerk,
    NotForThisClerk,
    NotOpen,
    Proposal,
    approve,
    as_of,
    propose,
    reject,
)

NOW, DAYS = 1_800_000_000, 7
OWNER, NEW_OWNER = b"owner", b"new owner"
GRAZYNA, ROBERT = Clerk(id="clerk/1", person=b"grazyna"), Clerk(id="clerk/2", person=b"robert")
people = st.sampled_from([b"owner", b"new owner", b"grazyna", b"robert", b"somebody"])
clerks = st.builds(Clerk, id=st.sampled_from(["clerk/1", "clerk/2", "other/1"]), person=people)
moments = st.integers(NOW, NOW + 20 * DAY)


def proposal(act: Act = Act.INVALIDATION) -> Proposal:
    made = propose(act, frozenset({OWNER}), GRAZYNA, NOW, DAYS)
    assert isinstance(made, Proposal)
    return made


def test_another_clerk_decides() -> None:
    approved = approve(proposal(), ROBERT, NOW + 1)
    assert isinstance(approved, Proposal)
    assert (approved.state, approved.decided_by, approved.decided_at) == (ProposalState.APPROVED, ROBERT, NOW + 1)
    rejected = reject(proposal(), ROBERT, NOW + 1)
    assert isinstance(rejected, Proposal)
    assert rejected.state is ProposalState.REJECTED


def test_two_sign_ins_of_one_person_are_one_clerk() -> None:
    assert approve(proposal(), Clerk(id="other/9", person=GRAZYNA.person), NOW) is NotForThisClerk.SAME
    assert approve(proposal(), Clerk(id=GRAZYNA.id, person=b"x"), NOW) is NotForThisClerk.SAME


def test_it_lapses() -> None:
    made = proposal()
    assert approve(made, ROBERT, NOW + DAYS * DAY) == NotOpen(ProposalState.LAPSED)
    assert isinstance(approve(made, ROBERT, NOW + DAYS * DAY - 1), Proposal)
    assert as_of(made, made.until).decided_at == made.until


def test_what_ends_a_profile_is_an_invalidation_or_a_death() -> None:
    assert set(ENDS) == {Act.INVALIDATION, Act.DEATH}


@given(st.sampled_from(Act), st.frozensets(people, min_size=1, max_size=2), clerks)
def test_nobody_proposes_for_themselves(act: Act, concerns: frozenset[bytes], by: Clerk) -> None:
    made = propose(act, concerns, by, NOW, DAYS)
    assert (made is NotForThisClerk.OWN) == (by.person in concerns)


@given(st.frozensets(people, min_size=1, max_size=2), clerks, clerks, moments, st.booleans())
def test_whatever_is_decided_was_seen_by_four_eyes(
    concerns: frozenset[bytes], first: Clerk, second: Clerk, at: int, yes: bool
) -> None:
    made = propose(Act.CHANGE, concerns, first, NOW, DAYS)
    if not isinstance(made, Proposal):
        return
    decided = (approve if yes else reject)(made, second, at)
    if isinstance(decided, Proposal):
        assert first.person != second.person
        assert first.id != second.id
        assert {first.person, second.person}.isdisjoint(concerns)
        assert at < made.until
        assert decided.by == first


@given(st.lists(st.tuples(clerks, st.booleans()), max_size=6), moments)
def test_nothing_leads_out_of_an_end(steps: list[tuple[Clerk, bool]], at: int) -> None:
    stands = proposal()
    for clerk, yes in steps:
        before = as_of(stands, at).state
        after = (approve if yes else reject)(stands, clerk, at)
        if before is not ProposalState.OPEN:
            assert after == NotOpen(before)
        elif isinstance(after, Proposal):
            stands = after
