import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from poreka.rules.authorising.operation import (
    Aborted,
    Authorised,
    Expired,
    NewCode,
    NoMoreResends,
    NotOpen,
    Operation,
    OperationLimits,
    OperationState,
    TooSoon,
    WrongCode,
    as_of,
    awaited,
    by_push,
    cancel,
    dispatched,
    is_wanted,
    issue,
    operation_number,
    resend,
    try_code,
)
from poreka.rules.authorising.push_request import PushState
from poreka.rules.authorising.tools import Tool

LIMITS = OperationLimits()
T0 = 1_760_000_000
RIGHT, WRONG, NEWER = b"right" * 6, b"wrong" * 6, b"newer" * 6
ENDS = [state for state in OperationState if state is not OperationState.ISSUED]


def issued(**changes: object) -> Operation:
    operation = issue(operation_id="op-1", last_today=None, purpose="Logowanie", code_hash=RIGHT, now=T0, limits=LIMITS)
    return msgspec.structs.replace(operation, **changes)


def sent() -> Operation:
    return dispatched(issued(), 0, T0 + 10, LIMITS)


def test_numbers_start_at_one_each_day_of_the_polish_calendar() -> None:
    assert operation_number(None) == 1
    assert operation_number(4) == 5
    before_midnight = int(datetime.datetime.fromisoformat("2015-08-15T23:30:00+02:00").timestamp())
    late = issue(operation_id="x", last_today=2, purpose="p", code_hash=RIGHT, now=before_midnight, limits=LIMITS)
    assert (late.number, late.date) == (3, datetime.date(2015, 8, 15))


def test_the_right_code_authorises_once() -> None:
    tried = try_code(sent(), RIGHT, T0 + 20, LIMITS)
    assert isinstance(tried, Authorised)
    assert tried.operation.state is OperationState.AUTHORISED
    assert try_code(tried.operation, RIGHT, T0 + 21, LIMITS) == NotOpen(OperationState.AUTHORISED)


def test_the_third_wrong_code_aborts() -> None:
    first = try_code(sent(), WRONG, T0 + 20, LIMITS)
    assert isinstance(first, WrongCode)
    assert first.left == 2
    second = try_code(first.operation, WRONG, T0 + 21, LIMITS)
    assert isinstance(second, WrongCode)
    assert second.left == 1
    third = try_code(second.operation, WRONG, T0 + 22, LIMITS)
    assert isinstance(third, Aborted)
    assert third.operation.state is OperationState.FAILED
    assert try_code(third.operation, RIGHT, T0 + 23, LIMITS) == NotOpen(OperationState.FAILED)


def test_five_minutes_count_from_dispatch() -> None:
    assert isinstance(try_code(sent(), RIGHT, T0 + 10 + 299, LIMITS), Authorised)
    late = try_code(sent(), RIGHT, T0 + 10 + 300, LIMITS)
    assert isinstance(late, Expired)
    assert late.operation.state is OperationState.EXPIRED


def test_a_message_that_waits_does_not_use_up_the_time_of_its_code() -> None:
    slow = dispatched(issued(), 0, T0 + 20 * 60, LIMITS)
    assert isinstance(try_code(slow, RIGHT, T0 + 24 * 60, LIMITS), Authorised)
    assert isinstance(try_code(issued(), RIGHT, T0 + 30 * 60, LIMITS), Expired)


def test_a_second_delivery_or_an_older_message_does_not_prolong_a_code() -> None:
    assert dispatched(sent(), 0, T0 + 200, LIMITS) == sent()
    again = resend(sent(), NEWER, T0 + 60, LIMITS)
    assert isinstance(again, NewCode)
    assert dispatched(again.operation, 0, T0 + 70, LIMITS) == again.operation
    assert dispatched(again.operation, 1, T0 + 70, LIMITS).expires_at == T0 + 70 + 300


def test_a_message_is_wanted_as_long_as_its_code_can_still_be_used() -> None:
    operation = sent()
    assert is_wanted(operation, 0, T0)
    assert not is_wanted(operation, 1, T0)  # a code that was never written, or an older one after a new code
    assert not is_wanted(operation, 0, operation.expires_at)
    assert not any(is_wanted(issued(state=end), 0, T0) for end in ENDS)


def test_a_new_code_kills_the_old_one_and_gives_no_new_tries() -> None:
    wrong = try_code(sent(), WRONG, T0 + 20, LIMITS)
    assert isinstance(wrong, WrongCode)
    again = resend(wrong.operation, NEWER, T0 + 60, LIMITS)
    assert isinstance(again, NewCode)
    assert (again.operation.number, again.operation.date) == (sent().number, sent().date)
    old = try_code(again.operation, RIGHT, T0 + 61, LIMITS)
    assert isinstance(old, WrongCode)
    assert old.left == 1
    assert isinstance(try_code(old.operation, NEWER, T0 + 62, LIMITS), Authorised)


def test_for_a_lost_code_nobody_waits_but_the_count_holds() -> None:
    operation = sent()
    for _ in range(LIMITS.resends):
        again = resend(operation, NEWER, T0, LIMITS, lost=True)
        assert isinstance(again, NewCode)
        operation = again.operation
    assert resend(operation, NEWER, T0, LIMITS, lost=True) == NoMoreResends()


def test_resending_waits_and_has_an_end() -> None:
    assert resend(sent(), NEWER, T0 + 29, LIMITS) == TooSoon(1)
    operation, now = sent(), T0
    for _ in range(3):
        now += 30
        again = resend(operation, NEWER, now, LIMITS)
        assert isinstance(again, NewCode)
        operation = again.operation
    assert resend(operation, NEWER, now + 30, LIMITS) == NoMoreResends()
    assert isinstance(try_code(operation, NEWER, now + 31, LIMITS), Authorised)


def test_once_the_time_of_a_code_is_over_another_takes_its_place_as_long_as_there_are_any() -> None:
    late = as_of(msgspec.structs.replace(sent(), attempts=2), T0 + 311)
    for operation in (late, msgspec.structs.replace(late, state=OperationState.ISSUED)):
        again = resend(operation, NEWER, T0 + 312, LIMITS)
        assert isinstance(again, NewCode)
        assert isinstance(try_code(again.operation, WRONG, T0 + 313, LIMITS), Aborted), "the tries stay used"
        assert isinstance(try_code(again.operation, NEWER, T0 + 313, LIMITS), Authorised)
    assert awaited(late, LIMITS) is OperationState.ISSUED
    used_up = msgspec.structs.replace(late, resends=3)
    assert isinstance(resend(used_up, NEWER, T0 + 312, LIMITS), Expired)
    assert awaited(used_up, LIMITS) is OperationState.EXPIRED
    card = msgspec.structs.replace(late, tool=Tool.CARD)
    assert isinstance(resend(card, NEWER, T0 + 312, LIMITS), Expired)


def test_cancelling_ends_it() -> None:
    gone = cancel(sent())
    assert isinstance(gone, Operation)
    assert gone.state is OperationState.CANCELLED


@pytest.mark.parametrize("state", ENDS)
def test_nothing_leads_out_of_an_ended_operation(state: OperationState) -> None:
    ended = issued(state=state)
    assert try_code(ended, RIGHT, T0, LIMITS) == NotOpen(state)
    if state is not OperationState.EXPIRED:
        assert resend(ended, NEWER, T0 + 60, LIMITS) == NotOpen(state)
    assert cancel(ended) == NotOpen(state)
    assert dispatched(ended, 0, T0, LIMITS) == ended
    assert as_of(ended, T0 + 10**6) == ended


def test_time_alone_expires_an_open_operation() -> None:
    assert as_of(sent(), T0 + 309) == sent()
    assert as_of(sent(), T0 + 310).state is OperationState.EXPIRED


def test_an_operation_survives_its_storage() -> None:
    assert msgspec.json.decode(msgspec.json.encode(sent()), type=Operation) == sent()


@given(st.lists(st.binary(min_size=32, max_size=32).filter(lambda guess: guess != RIGHT), max_size=12))
def test_no_number_of_wrong_codes_ever_authorises(guesses: list[bytes]) -> None:
    operation = sent()
    for guess in guesses:
        tried = try_code(operation, guess, T0 + 20, LIMITS)
        assert not isinstance(tried, Authorised)
        if isinstance(tried, WrongCode | Aborted):
            operation = tried.operation
    assert operation.attempts == min(len(guesses), LIMITS.tries)


class OperationLife(RuleBasedStateMachine):
    """Anyone may do anything at any time; the promises of P4 hold throughout."""

    def __init__(self) -> None:
        super().__init__()
        self.operation = issued()
        self.now = T0
        self.codes = [RIGHT]
        self.wrong = 0
        self.last_dispatch: int | None = None
        self.ends: list[OperationState] = []

    def keep(self, operation: Operation) -> None:
        if operation.state is not self.operation.state:
            self.ends.append(operation.state)
        self.operation = operation

    @rule(seconds=st.integers(0, 200))
    def wait(self, seconds: int) -> None:
        self.now += seconds

    @precondition(lambda self: self.operation.dispatched_at is None)
    @rule()
    def dispatch(self) -> None:
        self.keep(dispatched(self.operation, len(self.codes) - 1, self.now, LIMITS))
        self.last_dispatch = self.operation.dispatched_at

    @rule()
    def ask_for_a_new_code(self) -> None:
        code = b"%032d" % len(self.codes)
        match resend(self.operation, code, self.now, LIMITS):
            case NewCode(operation):
                self.codes.append(code)
                self.last_dispatch = None
                self.keep(operation)
            case Expired(operation):
                self.keep(operation)
            case TooSoon() | NoMoreResends() | NotOpen():
                pass

    @rule(index=st.integers(0, 3))
    def try_some_code(self, index: int) -> None:
        presented = self.codes[index % len(self.codes)]
        was_open = self.operation.state is OperationState.ISSUED
        match try_code(self.operation, presented, self.now, LIMITS):
            case Authorised(operation):
                assert was_open
                assert presented == self.codes[-1]
                assert self.wrong < LIMITS.tries
                assert self.last_dispatch is None or self.now < self.last_dispatch + LIMITS.code_life
                self.keep(operation)
            case WrongCode(operation, left):
                self.wrong += 1
                assert left == LIMITS.tries - self.wrong > 0
                self.keep(operation)
            case Aborted(operation):
                self.wrong += 1
                assert self.wrong == LIMITS.tries
                self.keep(operation)
            case Expired(operation):
                self.keep(operation)
            case NotOpen(state):
                assert not was_open
                assert state is self.ends[-1]

    @rule()
    def give_up(self) -> None:
        gone = cancel(self.operation)
        if isinstance(gone, Operation):
            self.keep(gone)

    @invariant()
    def it_ends_at_most_once(self) -> None:
        assert len(self.ends) <= 1
        assert self.operation.attempts == self.wrong
        assert len(self.codes) <= 1 + LIMITS.resends

    @invariant()
    def an_ended_operation_keeps_no_hash(self) -> None:
        assert (self.operation.code_hash == b"") == bool(self.ends)


TestOperationLife = OperationLife.TestCase


def by_app() -> Operation:
    return issue(operation_id="o", last_today=0, purpose="p", code_hash=b"code", now=T0, limits=LIMITS, push_life=240)


@given(st.binary())
def test_no_code_opens_an_operation_of_the_app(presented: bytes) -> None:
    assert by_app().code_hash == b""
    assert try_code(by_app(), presented, T0, LIMITS) == NotOpen(OperationState.ISSUED)
    assert resend(by_app(), presented, T0, LIMITS) == NoMoreResends()


@given(st.sampled_from(PushState), st.integers(T0, T0 + 500), st.booleans())
def test_only_an_approval_in_time_authorises_an_operation_of_the_app(state: PushState, now: int, wrong: bool) -> None:
    decided = by_push(by_app(), state, now, wrong_number=wrong)
    assert isinstance(decided, Authorised) == (state is PushState.APPROVED and now < T0 + 240)
    if isinstance(decided, Aborted):
        assert decided.operation.attempts == wrong
    if isinstance(decided, Authorised | Aborted | Expired):
        assert by_push(decided.operation, PushState.APPROVED, now) == NotOpen(decided.operation.state)


@pytest.mark.parametrize("state", PushState)
def test_no_app_opens_an_operation_of_a_code(state: PushState) -> None:
    with_code = issue(operation_id="o", last_today=0, purpose="p", code_hash=b"code", now=T0, limits=LIMITS)
    assert by_push(with_code, state, T0) == NotOpen(OperationState.ISSUED)


def test_a_late_message_to_the_app_prolongs_nothing() -> None:
    after = dispatched(by_app(), 0, T0 + 100, LIMITS)
    assert (after.dispatched_at, after.expires_at) == (T0 + 100, by_app().expires_at)
