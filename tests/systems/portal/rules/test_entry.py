import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.levels import Level
from poreka.rules.people.person import Fact
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
)
from poreka.systems.portal.rules.entry import STEPS, EntryEnded, EntryState, stands_at, with_admission

NOW = 1_760_000_000
STARTED = EntryState(issuer="https://millenet.example", expires_at=NOW + 1800)
SIGNED_IN = msgspec.structs.replace(STARTED, level=Level.SUBSTANTIAL)


def where(entry: EntryState, now: int = NOW) -> str | EntryEnded:
    stands = stands_at(entry, now)
    return stands if isinstance(stands, EntryEnded) else stands.name


def finish(entry: EntryState) -> None:
    """From the profile step to the end is the same for all."""
    assert where(entry) == "profile"
    entry = msgspec.structs.replace(entry, profile_id="p-1")
    assert where(entry) == "session"
    assert where(msgspec.structs.replace(entry, session_opened=True)) is EntryEnded.ENTERED


def test_signing_in_comes_first_then_the_facts() -> None:
    assert where(STARTED) == "sign_in"
    assert where(SIGNED_IN) == "facts"


def test_a_first_entry_fills_in_the_form() -> None:
    entry = with_admission(SIGNED_IN, Register())
    assert where(entry) == "form"
    finish(msgspec.structs.replace(entry, form_received=True))


def test_a_known_profile_goes_straight_in() -> None:
    finish(with_admission(SIGNED_IN, Enter()))


def test_an_untrusted_profile_is_upgraded_on_the_way() -> None:
    entry = with_admission(SIGNED_IN, Upgrade())
    assert entry.upgrade
    finish(entry)


@pytest.mark.parametrize(("then", "upgrade"), [(Enter(), False), (Upgrade(), True)])
def test_new_regulations_are_accepted_first(then: Enter | Upgrade, upgrade: bool) -> None:
    entry = with_admission(SIGNED_IN, AcceptTerms(then))
    assert entry.upgrade is upgrade
    assert where(entry) == "terms"
    assert where(msgspec.structs.replace(entry, declined=True)) is EntryEnded.DECLINED
    finish(msgspec.structs.replace(entry, terms_accepted=True))


def test_a_sign_in_too_weak_asks_the_provider_again() -> None:
    weak = msgspec.structs.replace(STARTED, level=Level.LOW)
    entry = with_admission(weak, StepUp(Level.SUBSTANTIAL))
    assert (entry.wanted, entry.level) == (Level.SUBSTANTIAL, None)
    assert where(entry) == "sign_in"
    assert where(msgspec.structs.replace(entry, level=Level.LOW)) == "sign_in"
    assert where(msgspec.structs.replace(entry, level=Level.SUBSTANTIAL)) == "facts"


@pytest.mark.parametrize(
    ("admission", "ended"),
    [
        (Differs((Fact.SURNAME,), Against.PROFILE), EntryEnded.REFUSED),
        (ProfileClosed(), EntryEnded.CLOSED),
    ],
)
def test_refusals_end_it(admission: Admission, ended: EntryEnded) -> None:
    assert where(with_admission(SIGNED_IN, admission)) is ended


def test_a_refusal_names_the_facts_and_the_record() -> None:
    entry = with_admission(SIGNED_IN, Differs((Fact.SURNAME,), Against.REGISTER))
    assert (entry.differing, entry.against) == ((Fact.SURNAME,), Against.REGISTER)


def test_time_runs_out_but_not_after_entering() -> None:
    assert where(STARTED, NOW + 1800) is EntryEnded.EXPIRED
    assert where(msgspec.structs.replace(STARTED, session_opened=True), NOW + 9999) is EntryEnded.ENTERED


def test_each_recorded_field_belongs_to_exactly_one_step() -> None:
    recorded = [field for step in STEPS for field in step.records]
    assert len(recorded) == len(set(recorded))
    assert set(recorded) | {"issuer", "expires_at", "wanted", "declined"} == set(EntryState.__struct_fields__)


admissions = st.sampled_from(
    [
        Register(),
        Enter(),
        Upgrade(),
        AcceptTerms(Enter()),
        AcceptTerms(Upgrade()),
        StepUp(Level.SUBSTANTIAL),
        Differs((Fact.PESEL,), Against.PROFILE),
        ProfileClosed(),
    ]
)


@given(admissions, admissions, st.booleans(), st.booleans())
def test_a_new_decision_wipes_out_the_one_before(first: Admission, second: Admission, form: bool, terms: bool) -> None:
    entry = msgspec.structs.replace(with_admission(SIGNED_IN, first), form_received=form, terms_accepted=terms)
    fresh = msgspec.structs.replace(SIGNED_IN, wanted=entry.wanted, level=entry.level)
    assert with_admission(entry, second) == with_admission(fresh, second)


@given(admissions)
def test_a_state_survives_its_storage(admission: Admission) -> None:
    entry = with_admission(SIGNED_IN, admission)
    assert msgspec.json.decode(msgspec.json.encode(entry), type=EntryState) == entry
