"""What is missing for a confirmation: never a full check but with photograph, data, and a call's reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.contracts.identity_check import LONGEST_CALL, CheckFault, Document, IdentityCheck, Way, faults_of


def check(way: Way = Way.OFFICE, *, photo: bool = True, data: bool = True, call: str = "") -> IdentityCheck:
    return IdentityCheck(way=way, document=Document.PASSPORT, photo_fits=photo, data_agree=data, call=call)


def test_a_full_check_has_no_faults() -> None:
    assert faults_of(check()) == ()
    assert faults_of(check(Way.VIDEO, call="NAGR-1")) == ()


def test_everything_that_is_missing_is_told_at_once() -> None:
    assert faults_of(check(Way.VIDEO, photo=False, data=False)) == tuple(CheckFault)


@pytest.mark.parametrize("call", ["", "  ", "x" * (LONGEST_CALL + 1), "a\nb"])
def test_a_video_call_has_a_reference_that_can_be_written_down(call: str) -> None:
    assert faults_of(check(Way.VIDEO, call=call)) == (CheckFault.CALL,)


def test_a_visit_has_none() -> None:
    assert faults_of(check(call="NAGR-1")) == (CheckFault.CALL,)


@given(st.booleans(), st.booleans(), st.sampled_from(Way), st.text(max_size=80))
def test_nothing_is_confirmed_without_both_comparisons(photo: bool, data: bool, way: Way, call: str) -> None:
    if not faults_of(check(way, photo=photo, data=data, call=call)):
        assert photo
        assert data
        assert bool(call) is (way is Way.VIDEO)
