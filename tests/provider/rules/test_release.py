import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.rules.eligibility import Eligible, Reason, Refused
from poreka.provider.rules.release import (
    STEPS,
    Ended,
    LeadsTo,
    ReleaseState,
    WayIn,
    code_needed,
    leads_to,
    level_used,
    stands_at,
    with_eligibility,
)
from poreka.rules.authorising.operation import OperationState
from poreka.rules.journey import go_back
from poreka.rules.levels import Factor, Level

NOW = 1_760_000_000
ASKED = ReleaseState(way_in=WayIn.PORTAL_FIRST, expires_at=NOW + 1800)
BOTH = (Factor.PASSWORD, Factor.SMS_CODE)
SIGNED_IN = {"customer": "c-1", "signed_in_at": NOW, "factors": (Factor.PASSWORD,)}


def state(**changes: object) -> ReleaseState:
    return msgspec.structs.replace(ASKED, **changes)


def where(release: ReleaseState, now: int = NOW) -> str | Ended:
    stands = stands_at(release, now)
    return stands if isinstance(stands, Ended) else stands.name


def test_the_first_time_goes_through_every_step() -> None:
    release = ASKED
    assert where(release) == "sign_in"
    release = msgspec.structs.replace(release, **SIGNED_IN)
    assert where(release) == "eligible"
    assert code_needed(release)
    release = with_eligibility(release, Eligible())
    assert where(release) == "informed_and_consented"
    release = msgspec.structs.replace(release, consented=True)
    assert where(release) == "operation_authorised"
    release = msgspec.structs.replace(release, operation_id="op-1", operation=OperationState.ISSUED)
    assert where(release) == "operation_authorised"
    release = msgspec.structs.replace(release, operation=OperationState.AUTHORISED, factors=BOTH)
    assert where(release) == "released"
    assert level_used(release) is Level.SUBSTANTIAL
    assert where(msgspec.structs.replace(release, released_at=NOW)) is Ended.RELEASED


def remembered(**changes: object) -> ReleaseState:
    return with_eligibility(state(**SIGNED_IN, **changes, consent_remembered=True), Eligible())


def test_later_entries_ask_nothing() -> None:
    assert not code_needed(remembered())
    assert where(remembered()) == "released"
    assert level_used(remembered()) is Level.LOW


def test_a_higher_level_needs_a_code_but_no_new_consent() -> None:
    stepping_up = remembered(wanted=Level.SUBSTANTIAL)
    assert code_needed(stepping_up)
    assert where(stepping_up) == "operation_authorised"
    assert where(msgspec.structs.replace(stepping_up, operation=OperationState.AUTHORISED, factors=BOTH)) == "released"


def test_a_session_opened_after_the_code_does_not_have_its_strength() -> None:
    authorised = remembered(wanted=Level.SUBSTANTIAL, operation=OperationState.AUTHORISED)
    assert where(authorised) is Ended.UNMET


def test_a_code_used_before_in_this_session_counts_for_the_level_but_not_for_a_consent() -> None:
    strong = {"factors": BOTH, "wanted": Level.SUBSTANTIAL}
    assert where(msgspec.structs.replace(remembered(), **strong)) == "released"
    anew = msgspec.structs.replace(remembered(), **strong, consent_remembered=False, consented=True)
    assert where(anew) == "operation_authorised"
    assert where(msgspec.structs.replace(anew, operation=OperationState.AUTHORISED)) == "released"


def test_a_sign_in_before_the_asked_moment_does_not_count() -> None:
    assert where(remembered(sign_in_since=NOW + 1)) == "sign_in"
    assert where(remembered(sign_in_since=NOW)) == "released"
    assert where(msgspec.structs.replace(remembered(), customer=None)) == "sign_in"
    assert where(msgspec.structs.replace(remembered(), factors=())) == "sign_in"


def test_where_a_new_sign_in_is_wished_for_only_one_made_for_this_release_counts() -> None:
    assert where(remembered(sign_in_anew=True)) == "sign_in"
    assert where(remembered(sign_in_anew=True, signed_in_for_this=True)) == "released"


@pytest.mark.parametrize(
    ("changes", "ended"),
    [
        ({"cancelled": True}, Ended.CANCELLED),
        ({"refused": (Reason.NO_PESEL,)}, Ended.REFUSED),
        ({"operation": OperationState.FAILED}, Ended.ABORTED),
        ({"operation": OperationState.CANCELLED}, Ended.CANCELLED),
        ({"expires_at": NOW}, Ended.EXPIRED),
        ({"wanted": Level.HIGH}, Ended.UNMET),
        (
            {"wanted": Level.HIGH, "attainable": Level.HIGH, "operation": OperationState.AUTHORISED},
            Ended.UNMET,
        ),
    ],
)
def test_ends(changes: dict[str, object], ended: Ended) -> None:
    assert where(state(**SIGNED_IN, **changes)) is ended


def test_a_refusal_is_written_down_with_its_reasons() -> None:
    release = with_eligibility(state(**SIGNED_IN), Refused((Reason.NO_PESEL,)))
    assert release.refused == (Reason.NO_PESEL,)
    assert where(release) is Ended.REFUSED


def test_a_level_beyond_this_bank_is_told_before_any_page() -> None:
    assert where(state(wanted=Level.HIGH)) is Ended.UNMET


def test_what_was_released_stays_released() -> None:
    assert where(state(released_at=NOW), NOW + 10_000) is Ended.RELEASED


def test_cancelling_leads_to_where_the_person_began_and_data_only_to_the_portal() -> None:
    bank_first, portal_first = state(way_in=WayIn.BANK_FIRST), state(way_in=WayIn.PORTAL_FIRST)
    for ended in Ended:
        assert leads_to(portal_first, ended) is LeadsTo.PORTAL
    assert leads_to(bank_first, Ended.CANCELLED) is LeadsTo.BANK_HOME
    assert leads_to(bank_first, Ended.REFUSED) is LeadsTo.BANK_HOME
    assert leads_to(bank_first, Ended.RELEASED) is LeadsTo.PORTAL


def test_each_recorded_field_belongs_to_exactly_one_step() -> None:
    recorded = [field for step in STEPS for field in step.records]
    of_the_request = {"way_in", "expires_at", "signing", "wanted", "attainable", "cancelled"}
    of_the_request |= {"sign_in_since", "sign_in_anew"}
    assert len(recorded) == len(set(recorded))
    assert set(recorded) | of_the_request == set(ReleaseState.__struct_fields__)


releases = st.builds(
    ReleaseState,
    way_in=st.sampled_from(WayIn),
    expires_at=st.sampled_from([NOW - 1, NOW + 1]),
    wanted=st.sampled_from(Level),
    attainable=st.sampled_from(Level),
    sign_in_since=st.sampled_from([0, NOW]),
    sign_in_anew=st.booleans(),
    signed_in_for_this=st.booleans(),
    cancelled=st.booleans(),
    customer=st.sampled_from([None, "c-1"]),
    signed_in_at=st.sampled_from([None, NOW - 1, NOW]),
    factors=st.lists(st.sampled_from(Factor), max_size=2).map(tuple),
    eligibility_checked=st.booleans(),
    refused=st.sampled_from([(), (Reason.NO_PESEL,)]),
    consent_remembered=st.booleans(),
    consented=st.booleans(),
    operation=st.none() | st.sampled_from(OperationState),
)


@given(releases)
def test_whatever_is_stored_nothing_goes_out_without_consent_code_and_level(release: ReleaseState) -> None:
    if where(release) == "released":
        assert release.customer
        assert release.signed_in_for_this or not release.sign_in_anew
        assert release.eligibility_checked
        assert not release.refused
        assert release.consent_remembered or (release.consented and release.operation is OperationState.AUTHORISED)
        assert (level_used(release) or 0) >= release.wanted


@given(releases, st.sampled_from([step.name for step in STEPS]))
def test_going_back_never_brings_the_release_nearer(release: ReleaseState, name: str) -> None:
    names = [step.name for step in STEPS]
    gone_back = go_back(STEPS, release, name)
    now_at = where(gone_back)
    if isinstance(now_at, str):
        before = where(release)
        asks_nothing = STEPS[names.index(name)].done(gone_back)  # of a consent that is remembered nobody is asked
        assert asks_nothing or names.index(now_at) <= names.index(name)
        if isinstance(before, str):
            assert names.index(now_at) <= names.index(before)


@given(releases)
def test_a_state_survives_its_storage(release: ReleaseState) -> None:
    assert msgspec.json.decode(msgspec.json.encode(release), type=ReleaseState) == release
