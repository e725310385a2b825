from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.authorising.push_request import (
    Approved,
    Lapsed,
    MayOpen,
    NotOpen,
    Paused,
    PushLimits,
    PushRequest,
    PushState,
    Refused,
    StillOpen,
    answer,
    as_of,
    matching_number,
    may_open,
    open_request,
    withdraw,
)

NOW = 1_760_000_000
LIMITS = PushLimits()
KEY = b"k" * 32
ENDED = (PushState.APPROVED, PushState.REFUSED, PushState.LAPSED, PushState.WITHDRAWN)


def opened(now: int = NOW, request_id: str = "r1") -> PushRequest:
    return open_request(
        request_id=request_id, person_id="jan", operation_id=f"o-{request_id}", service="PUE", now=now, limits=LIMITS
    )


def ended(state: PushState, at: int = NOW) -> PushRequest:
    return msgspec.structs.replace(opened(at), state=state, ended_at=at)


numbers = st.sampled_from(["10", "42", "99", " 4 2 ", "", "ab"]) | st.none()
moments = st.integers(NOW - 300, NOW + 300)


def test_the_right_number_in_time_approves() -> None:
    match answer(opened(), "42", "42", NOW + LIMITS.life - 1):
        case Approved(after):
            assert (after.state, after.ended_at) == (PushState.APPROVED, NOW + LIMITS.life - 1)
        case other:
            pytest.fail(str(other))


def test_a_wrong_number_is_a_refusal_and_there_is_no_second_try() -> None:
    match answer(opened(), "43", "42", NOW + 1):
        case Refused(after):
            assert after.wrong_number
            assert answer(after, "42", "42", NOW + 2) == NotOpen(PushState.REFUSED)
        case other:
            pytest.fail(str(other))


def test_who_refuses_needs_no_number() -> None:
    match answer(opened(), None, "42", NOW + 1):
        case Refused(after):
            assert not after.wrong_number
        case other:
            pytest.fail(str(other))


def test_an_answer_that_comes_too_late_is_none() -> None:
    late = answer(opened(), "42", "42", NOW + LIMITS.life)
    assert isinstance(late, Lapsed)
    assert late.request.ended_at == NOW + LIMITS.life


@given(st.sampled_from(ENDED), numbers, moments)
def test_nothing_leads_out_of_an_end(state: PushState, number: str | None, now: int) -> None:
    over = ended(state)
    assert answer(over, number, "42", now) == NotOpen(state)
    assert withdraw(over, now) == NotOpen(state)
    assert as_of(over, now) == over


@given(numbers, st.integers(NOW, NOW + 300))
def test_an_answer_approves_only_by_the_right_number_and_in_time(number: str | None, now: int) -> None:
    approved = isinstance(answer(opened(), number, "42", now), Approved)
    in_time = now < NOW + LIMITS.life
    assert approved == (number is not None and "".join(number.split()) == "42" and in_time)


@given(st.integers(NOW, NOW + 300))
def test_withdrawing_is_for_what_is_open(now: int) -> None:
    gone = withdraw(opened(), now)
    assert isinstance(gone, PushRequest) == (now < NOW + LIMITS.life)


@given(st.text(min_size=1), st.text(min_size=1))
def test_the_number_has_two_digits_and_belongs_to_key_and_request(one: str, other: str) -> None:
    number = matching_number(KEY, one)
    assert len(number) == 2
    assert 10 <= int(number) <= 99
    assert matching_number(KEY, one) == number
    if one == other:
        assert matching_number(KEY, other) == number


def test_every_number_comes_about_as_often() -> None:
    drawn = [matching_number(KEY, f"request {place}") for place in range(9000)]
    counts = [drawn.count(number) for number in set(drawn)]
    assert len(counts) == 90
    assert max(counts) < 2 * 9000 / 90


def test_one_request_at_a_time() -> None:
    assert may_open([opened()], NOW + 1, LIMITS) == StillOpen(opened())
    assert may_open([opened()], NOW + LIMITS.life, LIMITS) == MayOpen()


def test_two_refusals_in_a_row_bring_a_pause_and_every_further_one_another() -> None:
    twice = [ended(PushState.REFUSED, NOW), ended(PushState.REFUSED, NOW - 60)]
    assert may_open(twice[:1], NOW, LIMITS) == MayOpen()
    assert may_open(twice, NOW, LIMITS) == Paused(NOW + LIMITS.pause)
    assert may_open(twice, NOW + LIMITS.pause, LIMITS) == MayOpen()
    thrice = [ended(PushState.REFUSED, NOW + LIMITS.pause), *twice]
    assert may_open(thrice, NOW + LIMITS.pause, LIMITS) == Paused(NOW + 2 * LIMITS.pause)
    assert may_open([ended(PushState.APPROVED), *twice], NOW, LIMITS) == MayOpen()


def test_requests_that_nobody_answers_bring_a_pause_too() -> None:
    ignored = [ended(PushState.LAPSED), ended(PushState.WITHDRAWN), ended(PushState.LAPSED)]
    assert may_open(ignored[:2], NOW, LIMITS) == MayOpen()
    assert may_open(ignored, NOW, LIMITS) == Paused(NOW + LIMITS.pause)


# What happens to one phone: somebody asks again and again, and it answers in some way, or not.
tricks = st.lists(
    st.tuples(st.sampled_from(["approve", "refuse", "wrong", "ignore", "withdraw"]), st.integers(1, 400)), max_size=40
)


@given(tricks)
def test_whoever_asks_again_and_again_never_gets_two_open_and_always_meets_a_pause(
    steps: Sequence[tuple[str, int]],
) -> None:
    now, history = NOW, list[PushRequest]()
    for place, (what, wait) in enumerate(steps):
        now += wait
        may = may_open(history, now, LIMITS)
        open_now = [one for one in history if as_of(one, now).state is PushState.OPEN]
        assert len(open_now) <= 1
        assert isinstance(may, StillOpen) == bool(open_now)
        if not isinstance(may, MayOpen):
            continue
        assert not _two_refusals_lately(history, now)
        request = opened(now, f"r{place}")
        history.insert(0, _after(request, what, now + 1))


def _two_refusals_lately(newest_first: Sequence[PushRequest], now: int) -> bool:
    """Two refusals with no approval after the first, the later one less than a pause ago."""
    run = [one for one in newest_first if one.state in (PushState.REFUSED, PushState.APPROVED)][:2]
    refused = len(run) == 2 and all(one.state is PushState.REFUSED for one in run)
    return refused and now < (run[0].ended_at or 0) + LIMITS.pause


def _after(request: PushRequest, what: str, at: int) -> PushRequest:
    number = {"approve": "42", "wrong": "11"}.get(what)
    if what == "ignore":
        return request
    if what == "withdraw":
        gone = withdraw(request, at)
        assert isinstance(gone, PushRequest)
        return gone
    done = answer(request, number, "42", at)
    assert isinstance(done, Approved | Refused)
    return done.request
