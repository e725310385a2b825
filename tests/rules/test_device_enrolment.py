"""Laws of an enrolment: one phone, one key, one try, five minutes, and no way out of an end."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.enrolment_code import (
    ALPHABET,
    CODE_LENGTH,
    LIFE,
    UNDER_WAY,
    Enrolment,
    EnrolmentState,
    NotNow,
    as_of,
    cancel,
    claim,
    code_of,
    confirm,
    key_made,
    phone_number,
    read_code,
    shown_code,
)

NOW, KEY = 1_800_000_000, b"k" * 32
PHONE, OTHER = b"the phone", b"another phone"
OFFERED = Enrolment(id="e1", expires_at=NOW + LIFE)


def claimed() -> Enrolment:
    after = claim(OFFERED, PHONE, NOW)
    assert isinstance(after, Enrolment)
    return after


def keyed(key: str = "key") -> Enrolment:
    after = key_made(claimed(), PHONE, key, NOW)
    assert isinstance(after, Enrolment)
    return after


def test_the_way_it_goes() -> None:
    waiting = keyed()
    done = confirm(waiting, phone_number(KEY, waiting), phone_number(KEY, waiting), NOW + LIFE - 1)
    assert isinstance(done, Enrolment)
    assert done.state is EnrolmentState.CONFIRMED
    assert done.key == "key"


def test_a_code_is_used_by_one_phone() -> None:
    assert claim(claimed(), OTHER, NOW) == NotNow(EnrolmentState.CLAIMED)
    assert claim(claimed(), PHONE, NOW) == NotNow(EnrolmentState.CLAIMED)


def test_only_the_phone_that_used_the_code_brings_a_key_and_only_one() -> None:
    assert key_made(claimed(), OTHER, "key", NOW) == NotNow(EnrolmentState.CLAIMED)
    assert key_made(OFFERED, PHONE, "key", NOW) == NotNow(EnrolmentState.OFFERED)
    assert key_made(keyed(), PHONE, "second", NOW) == NotNow(EnrolmentState.KEYED)


def test_a_number_confirms_nothing_before_there_is_a_key() -> None:
    for early in (OFFERED, claimed()):
        assert confirm(early, phone_number(KEY, early), phone_number(KEY, early), NOW) == NotNow(early.state)


def test_a_wrong_number_ends_it_and_the_right_one_comes_too_late() -> None:
    waiting = keyed()
    right = phone_number(KEY, waiting)
    wrong = confirm(waiting, str(1000 + (int(right) - 999) % 9000), right, NOW)
    assert isinstance(wrong, Enrolment)
    assert wrong.state is EnrolmentState.REFUSED
    assert confirm(wrong, right, right, NOW) == NotNow(EnrolmentState.REFUSED)


def test_the_number_is_that_of_this_key_in_this_enrolment() -> None:
    numbers = {phone_number(KEY, keyed(f"key {place}")) for place in range(50)}
    assert len(numbers) > 40
    assert phone_number(b"x" * 32, keyed()) != phone_number(KEY, keyed())


STEPS = st.sampled_from(["claim", "claim elsewhere", "key", "key elsewhere", "right", "wrong", "cancel", "wait"])


def taken(step: str, at: Enrolment, now: int) -> Enrolment | NotNow:
    right = phone_number(KEY, at)
    match step:
        case "claim":
            return claim(at, PHONE, now)
        case "claim elsewhere":
            return claim(at, OTHER, now)
        case "key":
            return key_made(at, PHONE, "key", now)
        case "key elsewhere":
            return key_made(at, OTHER, "theirs", now)
        case "right":
            return confirm(at, right, right, now)
        case "wrong":
            return confirm(at, "0000", right, now)
        case "cancel":
            return cancel(at, now)
        case _:
            return as_of(at, now)


@given(st.lists(STEPS, max_size=12))
def test_nothing_leads_out_of_an_end_and_a_phone_comes_only_by_code_key_and_number(steps: list[str]) -> None:
    at, now, done = OFFERED, NOW, list[str]()
    for step in steps:
        now += LIFE if step == "wait" else 1
        before, after = as_of(at, now), taken(step, at, now)
        if before.state not in UNDER_WAY:
            assert isinstance(after, NotNow) or after.state is before.state
        if isinstance(after, Enrolment):
            at = after
            done += [step] if step != "wait" else []
    if at.state is EnrolmentState.CONFIRMED:
        assert done[0].startswith("claim")
        assert done[-1] == "right"
        assert at.key == ("key" if at.browser == PHONE else "theirs")


@given(st.binary(min_size=16, max_size=16))
def test_codes_are_read_as_they_are_shown(drawn: bytes) -> None:
    code = code_of(drawn)
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(ALPHABET)
    assert read_code(shown_code(code)) == read_code(f" {shown_code(code).lower()} ") == code


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH-JKL", "ABCD-EFGH-JKL0", "ABCD-EFGH-JKLMN", "łłłłłłłłłłłł"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_it_ends_five_minutes_after_the_offer() -> None:
    assert as_of(OFFERED, NOW + LIFE - 1).state is EnrolmentState.OFFERED
    assert as_of(keyed(), NOW + LIFE).state is EnrolmentState.EXPIRED
    ended = msgspec.structs.replace(keyed(), state=EnrolmentState.CONFIRMED)
    assert as_of(ended, NOW + 10 * LIFE).state is EnrolmentState.CONFIRMED


def test_either_side_gives_up_once() -> None:
    gone = cancel(keyed(), NOW)
    assert isinstance(gone, Enrolment)
    assert cancel(gone, NOW) == NotNow(EnrolmentState.CANCELLED)
