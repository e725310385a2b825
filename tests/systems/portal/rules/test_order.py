"""The life of an order: one way out of waiting, none out of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.systems.portal.rules.order import DAY, HasEnded, Order, OrderState, as_of, authorise, new_order, reject

NOW = 1_800_000_000
ENDS = {"authorise": authorise, "reject": reject}


def test_it_waits_until_it_is_signed_or_rejected() -> None:
    order = new_order(NOW, 30)
    assert (order.state, order.lapses_at) == (OrderState.WAITING, NOW + 30 * DAY)
    signed = authorise(order, NOW + 5)
    assert isinstance(signed, Order)
    assert (signed.state, signed.ended_at) == (OrderState.AUTHORISED, NOW + 5)
    rejected = reject(order, NOW + 5)
    assert isinstance(rejected, Order)
    assert rejected.state is OrderState.REJECTED


def test_it_lapses_by_itself() -> None:
    order = new_order(NOW, 1)
    assert as_of(order, NOW + DAY - 1) is order
    lapsed = as_of(order, NOW + DAY)
    assert (lapsed.state, lapsed.ended_at) == (OrderState.LAPSED, NOW + DAY)
    assert authorise(order, NOW + DAY) == HasEnded(OrderState.LAPSED)


@pytest.mark.parametrize("state", [state for state in OrderState if state is not OrderState.WAITING])
@given(later=st.integers(0, 10**9), then=st.sampled_from(sorted(ENDS)))
def test_nothing_leads_out_of_an_end(state: OrderState, later: int, then: str) -> None:
    ended = Order(state=state, made_at=NOW, lapses_at=NOW + DAY, ended_at=NOW + 1)
    assert as_of(ended, NOW + later) is ended
    assert ENDS[then](ended, NOW + later) == HasEnded(state)


@given(moments=st.lists(st.tuples(st.integers(0, 40 * DAY), st.sampled_from(sorted(ENDS))), max_size=6))
def test_the_first_end_counts(moments: list[tuple[int, str]]) -> None:
    order, ends = new_order(NOW, 30), []
    for after, how in sorted(moments):
        tried = ENDS[how](order, NOW + after)
        if isinstance(tried, Order):
            order = tried
            ends.append(tried.state)
    assert len(ends) <= 1
    assert all(state is not OrderState.WAITING for state in ends)
