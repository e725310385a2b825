"""P4 across operations: nine wrong codes or twenty operations a day for one purpose, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.limits.code_allowance import WINDOW, Begun, CodeAllowance, begins_again_at, may_answer, may_begin

NORMAL = CodeAllowance()
NOW = 1_800_000_000
SPENT = st.lists(st.builds(Begun, st.integers(NOW - WINDOW + 1, NOW), st.integers(0, 3)), max_size=40)


def spent(wrong: int, operations: int) -> list[Begun]:
    """So many operations with so many wrong codes."""
    return [Begun(NOW - one, min(max(wrong - 3 * one, 0), 3)) for one in range(operations)]


@pytest.mark.parametrize(
    ("wrong", "operations", "begin", "answer"),
    [(0, 0, True, True), (8, 19, True, True), (9, 3, False, False), (0, 20, False, True), (8, 20, False, True)],
)
def test_the_limits(wrong: int, operations: int, begin: bool, answer: bool) -> None:
    begun = spent(wrong, operations)
    assert sum(one.wrong for one in begun) == wrong
    assert (may_begin(begun, NORMAL), may_answer(begun, NORMAL)) == (begin, answer)


@given(SPENT, SPENT)
def test_using_more_never_gives_allowance_back(before: list[Begun], more: list[Begun]) -> None:
    for allowed in (may_begin, may_answer):
        assert allowed(before, NORMAL) or not allowed([*before, *more], NORMAL)


@given(SPENT)
def test_what_was_begun_may_be_answered(before: list[Begun]) -> None:
    assert not may_begin(before, NORMAL) or may_answer([*before, Begun(NOW)], NORMAL)


@given(SPENT)
def test_the_time_that_is_told_is_the_first_at_which_another_may_be_begun(before: list[Begun]) -> None:
    def counted(now: int) -> list[Begun]:
        return [one for one in before if one.at > now - WINDOW]

    again = begins_again_at(before, NORMAL)
    assert (again == 0) == may_begin(counted(NOW), NORMAL)
    if again:
        assert NOW < again <= NOW + WINDOW
        assert may_begin(counted(again), NORMAL)
        assert not may_begin(counted(again - 1), NORMAL)
