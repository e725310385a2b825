"""When two clerks are needed: for contact data of somebody else, and for a share that nobody can foresee."""

from hypothesis import given
from hypothesis import strategies as st

from poreka.systems.trusted_profile.rules.second_look import (
    SecondLook,
    drawn_of,
    masked_email,
    masked_phone,
    second_look,
)

KEYS, NAMES = st.binary(min_size=32, max_size=32), st.text(min_size=1, max_size=40)


@given(st.booleans(), st.integers(0, 99), st.integers(0, 100))
def test_shared_contact_data_always_take_two(shared: bool, drawn: int, percent: int) -> None:
    found = second_look(shared=shared, drawn=drawn, percent=percent)
    expected = SecondLook.SHARED if shared else SecondLook.DRAWN if drawn < percent else None
    assert found is expected


@given(KEYS, NAMES)
def test_trying_again_draws_nothing_anew(key: bytes, application: str) -> None:
    drawn = drawn_of(key, application)
    assert drawn == drawn_of(key, application)
    assert 0 <= drawn <= 99


def test_the_share_drawn_is_about_what_was_set_and_another_key_draws_others() -> None:
    one = {name for name in range(4000) if drawn_of(b"a" * 32, str(name)) < 5}
    other = {name for name in range(4000) if drawn_of(b"b" * 32, str(name)) < 5}
    assert 120 < len(one) < 280
    assert len(one & other) < 40


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_three_digits_of_a_phone_are_shown(phone: str) -> None:
    assert masked_phone(phone) == f"••• ••• {phone[-3:]}"


def test_short_or_odd_contact_data_show_nothing_more() -> None:
    assert masked_phone("123456") == "•••"
    assert masked_email("e@a.pl") == "e•••@a.pl"
