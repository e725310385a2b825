import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.levels import Level
from poreka.rules.people.person import Fact, PersonFacts
from poreka.systems.portal.rules.admission import (
    AcceptTerms,
    Admission,
    Against,
    Differs,
    Enter,
    ProfileClosed,
    Register,
    StepUp,
    Upgrade,
    admit,
    admit_by_password,
    may_end,
)
from poreka.systems.portal.rules.profile import PortalProfile, ProfileState, says_something
from tests.rules.synthetic import JAN, OTHER_PESEL

MARRIED = msgspec.structs.replace(JAN, surname="Nowak")
SHOUTED = msgspec.structs.replace(JAN, first_name="JAN", surname="KOWALSKI")


people = st.sampled_from([JAN, SHOUTED, MARRIED, msgspec.structs.replace(JAN, pesel=OTHER_PESEL)])
profiles = st.none() | st.builds(
    PortalProfile,
    facts=people,
    state=st.sampled_from(ProfileState),
    terms_version=st.sampled_from(["4", "5"]),
    trusted_at=st.sampled_from([None, 1000]),
)


def profile(state: ProfileState, facts: PersonFacts = JAN, terms: str = "5") -> PortalProfile:
    proven = None if state is ProfileState.UNTRUSTED else 1000
    return PortalProfile(facts=facts, state=state, terms_version=terms, trusted_at=proven)


def decide(
    known: PortalProfile | None,
    *,
    released: PersonFacts = JAN,
    level: Level = Level.SUBSTANTIAL,
    register: PersonFacts | None = SHOUTED,
) -> Admission:
    return admit(released, level=level, profile=known, register_entry=register, terms_version="5")


def test_first_entry_registers_whether_the_register_knows_the_person_or_not() -> None:
    assert decide(None) == Register()
    assert decide(None, register=None) == Register()


def test_a_trusted_profile_enters_even_with_one_factor() -> None:
    assert decide(profile(ProfileState.TRUSTED), level=Level.LOW) == Enter()


def test_an_untrusted_profile_with_equal_data_is_upgraded() -> None:
    assert decide(profile(ProfileState.UNTRUSTED, facts=SHOUTED)) == Upgrade()


def test_making_or_trusting_a_profile_needs_two_factors() -> None:
    assert decide(None, level=Level.LOW) == StepUp(Level.SUBSTANTIAL)
    assert decide(profile(ProfileState.UNTRUSTED), level=Level.LOW) == StepUp(Level.SUBSTANTIAL)


def test_changed_regulations_come_first() -> None:
    assert decide(profile(ProfileState.TRUSTED, terms="4")) == AcceptTerms(Enter())
    assert decide(profile(ProfileState.UNTRUSTED, terms="4")) == AcceptTerms(Upgrade())


@pytest.mark.parametrize("state", [ProfileState.UNTRUSTED, ProfileState.TRUSTED])
def test_other_data_than_the_profile_has_are_refused(state: ProfileState) -> None:
    former = profile(state, facts=MARRIED)
    assert decide(former) == Differs((Fact.SURNAME,), Against.PROFILE)
    assert decide(former, level=Level.LOW) == Differs((Fact.SURNAME,), Against.PROFILE)
    linked = profile(state, facts=msgspec.structs.replace(JAN, pesel=OTHER_PESEL))
    assert decide(linked) == Differs((Fact.PESEL,), Against.PROFILE)


@pytest.mark.parametrize("known", [None, profile(ProfileState.TRUSTED), profile(ProfileState.UNTRUSTED)])
def test_other_names_in_the_register_are_refused(known: PortalProfile | None) -> None:
    assert decide(known, register=MARRIED) == Differs((Fact.SURNAME,), Against.REGISTER)


def test_a_closed_profile_stays_closed() -> None:
    assert decide(profile(ProfileState.CLOSED)) == ProfileClosed()
    assert decide(profile(ProfileState.CLOSED, facts=MARRIED)) == ProfileClosed()


def test_a_profile_that_ended_unproven_says_nothing_of_the_person() -> None:
    ended = msgspec.structs.replace(profile(ProfileState.CLOSED, facts=MARRIED), trusted_at=None)
    assert decide(ended) == Register()


def test_who_meets_data_that_nobody_proved_may_end_them() -> None:
    squatted = profile(ProfileState.UNTRUSTED, facts=MARRIED)
    assert may_end(JAN, squatted, None)
    assert may_end(JAN, squatted, SHOUTED)
    assert not may_end(JAN, squatted, MARRIED), "the register says that the profile is right"
    assert not may_end(JAN, None, SHOUTED)


@given(people, profiles, st.none() | people)
def test_only_unproven_profiles_with_the_persons_own_pesel_can_be_ended(
    released: PersonFacts, known: PortalProfile | None, register: PersonFacts | None
) -> None:
    if may_end(released, known, register):
        assert known is not None
        assert known.state is ProfileState.UNTRUSTED
        assert known.facts.pesel == released.pesel
        decided = admit(released, level=Level.HIGH, profile=known, register_entry=register, terms_version="5")
        assert isinstance(decided, Differs), "what is offered goes with a refusal, and replaces none"


def test_the_portal_s_own_password() -> None:
    assert admit_by_password(profile(ProfileState.UNTRUSTED), "5") == Enter()
    assert admit_by_password(profile(ProfileState.TRUSTED, terms="4"), "5") == AcceptTerms(Enter())
    assert admit_by_password(profile(ProfileState.CLOSED), "5") == ProfileClosed()


@given(people, st.sampled_from(Level), profiles, st.none() | people)
def test_nobody_gets_on_with_data_that_differ_and_no_value_leaks(
    released: PersonFacts, level: Level, known: PortalProfile | None, register: PersonFacts | None
) -> None:
    decided = decide(known, released=released, level=level, register=register)
    if isinstance(decided, Enter | Upgrade | Register | AcceptTerms | StepUp):
        for record in (register, known and says_something(known) and known.facts):
            assert not record or record in ([JAN, SHOUTED] if released in (JAN, SHOUTED) else [released])
    assert "Kowalski" not in repr(decided)
    assert "Nowak" not in repr(decided)
