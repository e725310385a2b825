"""P4 across operations: nine wrong codes or twenty operations a day, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.code_allowance import CodeAllowance, CodesSpent, is_spent

NORMAL = CodeAllowance()


@pytest.mark.parametrize(("wrong", "operations", "spent"), [(0, 0, False), (8, 19, False), (9, 3, True), (0, 20, True)])
def test_the_limits(wrong: int, operations: int, spent: bool) -> None:
    assert is_spent(CodesSpent(wrong=wrong, operations=operations), NORMAL) is spent


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 10), st.integers(0, 10))
def test_using_more_never_gives_allowance_back(wrong: int, operations: int, more: int, again: int) -> None:
    before = is_spent(CodesSpent(wrong=wrong, operations=operations), NORMAL)
    after = is_spent(CodesSpent(wrong=wrong + more, operations=operations + again), NORMAL)
    assert after or not before
