import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.rules.sim_swap import (
    DAY,
    IfUntold,
    Kept,
    Replaced,
    Untold,
    Withheld,
    replaced_lately,
    since_change,
    withheld,
)

NOW = 1_760_000_000
days = st.integers(1, 100)
moments = st.integers(0, 2 * NOW)


@given(changed_at=moments, window=days)
def test_a_card_is_new_until_the_window_has_passed(changed_at: int, window: int) -> None:
    end = changed_at + window * DAY
    assert replaced_lately(changed_at, window, end - 1)
    assert not replaced_lately(changed_at, window, end)


@given(changed_at=moments, window=days, later=st.integers(0, 200 * DAY))
def test_a_card_never_becomes_new_again(changed_at: int, window: int, later: int) -> None:
    if not replaced_lately(changed_at, window, NOW):
        assert not replaced_lately(changed_at, window, NOW + later)


@given(changed_at=moments, window=days, monitored=st.none() | days)
def test_a_date_counts_whatever_the_operator_looks_back(changed_at: int, window: int, monitored: int | None) -> None:
    expected = Replaced() if replaced_lately(changed_at, window, NOW) else Kept()
    assert since_change(changed_at, monitored, days=window, now=NOW) == expected


def test_a_moment_yet_to_come_is_a_new_card() -> None:
    assert since_change(NOW + 3600, None, days=3, now=NOW) == Replaced()


@pytest.mark.parametrize(
    ("monitored", "said"),
    [(None, Untold("not_monitored")), (2, Untold("not_monitored")), (3, Kept()), (120, Kept())],
)
def test_no_date_says_no_more_than_the_operator_looked_back(monitored: int | None, said: object) -> None:
    assert since_change(None, monitored, days=3, now=NOW) == said


def test_only_an_operator_that_does_not_tell_is_the_banks_choice() -> None:
    for choice in IfUntold:
        assert withheld(Kept(), choice) is None
        assert withheld(Replaced(), choice) is Withheld.REPLACED
    assert withheld(Untold("time"), IfUntold.REFUSE) is Withheld.UNTOLD
    assert withheld(Untold("time"), IfUntold.ALLOW) is None
