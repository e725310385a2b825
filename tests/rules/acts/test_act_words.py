"""The words of an act: whole facts while they are short, and never anything that looks like another part."""

from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.acts.table import OWN_OPERATIONS
from poreka.rules.acts.words import LONGEST_FACT, act_words, shown_fact
from poreka.web.texts import load_texts


def test_the_words_of_a_changed_phone_say_to_which_number() -> None:
    words = act_words(load_texts()["pl"], OWN_OPERATIONS["phone"], {"phone": "600201025"})
    assert words == "Zmiana numeru telefonu na 600 201 025"


@given(st.text(max_size=300))
def test_a_fact_is_no_longer_than_its_room_and_is_no_part_of_the_message(value: str) -> None:
    shown = shown_fact(value)
    assert len(shown) <= LONGEST_FACT
    assert ";" not in shown
    assert shown.isprintable()


@given(st.from_regex(r"[a-z0-9.@-]{1,60}", fullmatch=True))
def test_a_short_fact_is_shown_as_it_is(value: str) -> None:
    assert shown_fact(value) == value


def test_of_a_long_address_both_ends_are_seen() -> None:
    shown = shown_fact("jan." + "x" * 200 + "@example.pl")
    assert shown.startswith("jan.")
    assert shown.endswith("@example.pl")
