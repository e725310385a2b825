"""P4 across operations: nine wrong codes or twenty operations a day, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.code_allowance import CodeAllowance, CodesSpent, may_answer, may_begin

NORMAL = CodeAllowance()


@pytest.mark.parametrize(
    ("wrong", "operations", "begin", "answer"),
    [(0, 0, True, True), (8, 19, True, True), (9, 3, False, False), (0, 20, False, True), (8, 20, False, True)],
)
def test_the_limits(wrong: int, operations: int, begin: bool, answer: bool) -> None:
    spent = CodesSpent(wrong=wrong, operations=operations)
    assert (may_begin(spent, NORMAL), may_answer(spent, NORMAL)) == (begin, answer)


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 10), st.integers(0, 10))
def test_using_more_never_gives_allowance_back(wrong: int, operations: int, more: int, again: int) -> None:
    before = CodesSpent(wrong=wrong, operations=operations)
    after = CodesSpent(wrong=wrong + more, operations=operations + again)
    for allowed in (may_begin, may_answer):
        assert allowed(before, NORMAL) or not allowed(after, NORMAL)


@given(st.integers(0, 100), st.integers(0, 100))
def test_what_was_begun_may_be_answered(wrong: int, operations: int) -> None:
    begun = CodesSpent(wrong=wrong, operations=operations + 1)
    assert not may_begin(CodesSpent(wrong=wrong, operations=operations), NORMAL) or may_answer(begun, NORMAL)
