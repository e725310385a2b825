"""How long a bound device opens the account, and what ends it (K3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.contracts.binding import DAY, MOST_TRIES, Binding, BindingEnd, Tool, end_of, tried, tries_left

NOW = 1_800_000_000
NEW = Binding(tool=Tool.PIN, used_at=NOW)


def test_it_opens_until_it_lay_unused_for_the_days() -> None:
    assert end_of(NEW, NOW, 90) is None
    assert end_of(NEW, NOW + 90 * DAY - 1, 90) is None
    assert end_of(NEW, NOW + 90 * DAY, 90) is BindingEnd.UNUSED
    assert end_of(NEW, NOW + DAY, 1) is BindingEnd.UNUSED


def test_a_try_is_counted_before_it_is_looked_at_and_the_fifth_is_the_last() -> None:
    binding, left = NEW, []
    for _ in range(MOST_TRIES):
        assert end_of(binding, NOW, 90) is None
        binding = tried(binding)
        left.append(tries_left(binding))
    assert left == [4, 3, 2, 1, 0]
    assert end_of(binding, NOW, 90) is BindingEnd.TRIES


@given(
    st.sampled_from(BindingEnd), st.integers(0, 10), st.integers(0, 10**10), st.integers(1, 366), st.sampled_from(Tool)
)
def test_nothing_leads_out_of_an_ended_binding(end: BindingEnd, tries: int, later: int, days: int, tool: Tool) -> None:
    ended = Binding(tool=tool, used_at=NOW, tries=tries, ended_by=end)
    assert end_of(ended, NOW + later, days) is end
    assert end_of(tried(ended), NOW + later, days) is end


@given(st.integers(0, 20), st.integers(0, 400 * DAY))
def test_once_over_always_over(tries: int, later: int) -> None:
    """Neither time nor tries bring back what has ended."""
    binding = Binding(tool=Tool.PIN, used_at=NOW, tries=tries)
    if end_of(binding, NOW + later, 90) is not None:
        assert end_of(binding, NOW + later + 1, 90) is not None
        assert end_of(tried(binding), NOW + later, 90) is not None


@pytest.mark.parametrize("tries", [MOST_TRIES, MOST_TRIES + 3])
def test_no_tries_are_left_below_zero(tries: int) -> None:
    assert tries_left(Binding(tool=Tool.PIN, used_at=NOW, tries=tries)) == 0
