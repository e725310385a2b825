"""What another machine's time says of ours."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.jwt_claims import SKEW
from poreka.rules.clocks import CLOCKS_DIFFER_BY, WORTH_TELLING, difference, read_date

MOMENTS = st.floats(1_700_000_000, 1_900_000_000)


def test_what_the_standards_allow_is_what_we_allow() -> None:
    assert CLOCKS_DIFFER_BY == SKEW
    assert WORTH_TELLING < CLOCKS_DIFFER_BY, "an operator reads of it before anybody is refused"


@given(MOMENTS, st.floats(0, 10), st.floats(0, 1), st.integers(-100_000, 100_000))
def test_a_difference_is_never_told_larger_than_it_is(sent: float, took: float, part: float, ahead: int) -> None:
    """A peer whose clock is so far ahead answers at some time between question and answer."""
    found = difference(int(sent + took * part + ahead), sent, sent + took)
    assert found * (1 if ahead >= 0 else -1) >= 0 or found == 0
    assert abs(found) <= abs(ahead)
    assert abs(found) >= abs(ahead) - took - 2


@given(st.integers(0, 4_000_000_000))
def test_a_date_is_read_as_it_was_written(moment: int) -> None:
    assert read_date(formatdate(moment, usegmt=True)) == moment


@pytest.mark.parametrize("text", ["", "now", "Tue, 99 Dec 2026 99:99:99 GMT", " " * 99])
def test_what_is_no_date_says_nothing(text: str) -> None:
    assert read_date(text) is None


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    found = read_date(text)
    assert found is None or isinstance(found, int)
