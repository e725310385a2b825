"""The words of a consent: which version counts, what it hashes to, and what is new in it (P2, P6, P7)."""

import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.rules.consent import Consent
from poreka.provider.rules.consent_text import (
    MOST_BYTES,
    PLACEHOLDERS,
    Changed,
    ConsentText,
    changes,
    in_force,
    text_fault,
    text_hash,
    what_is_new,
)
from poreka.rules.levels import Level
from poreka.rules.people.person import Fact
from poreka.web.texts import load_texts

NAMES = (Fact.FIRST_NAME, Fact.SURNAME)
TEXT = ConsentText(
    version="1",
    service="pue",
    sector="pue.example",
    name={"pl": "PUE", "en": "PUE"},
    facts=NAMES,
    purpose={"pl": "Logowanie.", "en": "Signing in."},
    sentences={"pl": ("Zgadzam się.", "Dobrowolnie."), "en": ("I agree.", "Freely.")},
)
GIVEN = Consent(service="pue", text_version="1", facts=NAMES, given_at=1000, operation_id="o", level=Level.LOW)
TEXTS = load_texts()["pl"]
STATEMENT = "I agree that {provider} passes {data} to {service}."
sentences = st.lists(st.sampled_from(["One.", "Two.", "Three.", "Four.", "Five."]), max_size=8).map(tuple)


class Begun(msgspec.Struct, frozen=True):
    valid_from: datetime.date


days = st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 1, 1))


@given(days, st.lists(days, unique=True))
def test_the_last_text_that_has_begun_counts(today: datetime.date, begin: list[datetime.date]) -> None:
    found = in_force([Begun(day) for day in begin], today)
    begun = sorted(day for day in begin if day <= today)
    assert (found.valid_from if found else None) == (begun[-1] if begun else None)


def test_a_text_begins_at_midnight_of_its_day() -> None:
    new = Begun(datetime.date(2027, 1, 1))
    assert in_force([new], datetime.date(2026, 12, 31)) is None
    assert in_force([new], datetime.date(2027, 1, 1)) is new


@pytest.mark.parametrize(
    "change",
    [
        {"version": "2"},
        {"facts": (Fact.SURNAME,)},
        {"service": "other"},
        {"purpose": {"pl": "Inny.", "en": "Signing in."}},
        {"giver": "Bank Demonstracyjny S.A."},
        {"receiver": "Zakład"},
        {"sentences": {"pl": ("Zgadzam się.", "Dobrowolnie."), "en": ("I agree. ", "Freely.")}},
    ],
)
def test_whatever_differs_gives_a_text_another_name(change: dict[str, object]) -> None:
    assert text_hash(msgspec.structs.replace(TEXT, **change)) != text_hash(TEXT)


def test_a_text_without_legal_names_keeps_the_name_it_had_before_there_were_any() -> None:
    assert b"giver" not in msgspec.json.encode(TEXT)


def test_the_name_of_a_text_does_not_depend_on_the_order_of_languages() -> None:
    turned = msgspec.structs.replace(TEXT, purpose=dict(reversed(TEXT.purpose.items())))
    assert text_hash(turned) == text_hash(TEXT)
    again = msgspec.json.decode(msgspec.json.encode(TEXT), type=ConsentText)
    assert text_hash(again) == text_hash(TEXT)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ((STATEMENT, "Freely."), None),
        ((), "must have sentences"),
        ((STATEMENT, " "), "must have sentences"),
        (("I agree.",), "must name {service} and {data}"),
        (("Freely.", STATEMENT), "must name {service} and {data}"),
        ((STATEMENT, "Do {service:genitive}, przez {provider:accusative}, w {receiver:locative}."), None),
        ((STATEMENT, "Call {hotline}."), "asks for {hotline}; it may have the placeholders {provider}, {service}"),
        ((STATEMENT, "{service:dative}"), "asks for {service:dative}; the cases are genitive, accusative, locative"),
        ((STATEMENT, "{data:genitive}"), "of the names {provider}, {service}, {giver}, {receiver}"),
        ((STATEMENT, "{service:{data}}"), "asks for {service:{data}}"),
        ((STATEMENT, "{service.__class__}"), "no other brace"),
        ((STATEMENT, "{service!r}"), "no other brace"),
        ((STATEMENT, "{service:>9999999}"), "the cases are"),
        ((STATEMENT, "{}"), "no other brace"),
        ((STATEMENT, "{"), "no other brace"),
        ((STATEMENT, "ł" * MOST_BYTES), "at most"),
    ],
)
def test_an_operators_words_are_checked(words: tuple[str, ...], fault: str | None) -> None:
    found = text_fault(words)
    assert found is None if fault is None else fault in (found or "")


@given(st.text(max_size=40))
def test_words_that_are_accepted_can_be_filled_in(words: str) -> None:
    if text_fault((STATEMENT, words)) is None:
        TEXTS.sentence(words, **dict.fromkeys(PLACEHOLDERS, "PUE"))


def test_the_same_text_for_the_same_facts_is_nothing_new() -> None:
    assert what_is_new(GIVEN, ("a",), ("a",), "1", NAMES) is None
    assert what_is_new(GIVEN, None, ("b",), "1", NAMES) is None


def test_other_words_under_the_same_version_are_shown() -> None:
    new = what_is_new(GIVEN, ("PUE", "Signing in."), ("Loans", "Marketing."), "1", NAMES)
    assert new is not None
    assert new.sentences == (Changed(("PUE", "Signing in."), ("Loans", "Marketing.")),)


def test_other_facts_are_told_and_the_words_left_alone() -> None:
    new = what_is_new(GIVEN, ("a",), ("a",), "1", (Fact.SURNAME, Fact.PESEL))
    assert new is not None
    assert (new.added, new.removed, new.sentences) == ((Fact.PESEL,), (Fact.FIRST_NAME,), ())


def test_a_new_version_shows_what_was_and_what_is() -> None:
    new = what_is_new(GIVEN, ("One.", "Two.", "Three."), ("One.", "2.", "Three.", "Four."), "2", NAMES)
    assert new is not None
    assert (new.since, new.version_before, new.version_now, new.added, new.removed) == (1000, "1", "2", (), ())
    assert new.sentences == (Changed(("Two.",), ("2.",)), Changed((), ("Four.",)))


def test_words_that_were_not_kept_cannot_be_compared() -> None:
    new = what_is_new(GIVEN, None, ("One.",), "2", NAMES)
    assert new is not None
    assert new.sentences is None


def test_a_new_version_with_the_same_sentences_has_no_changes() -> None:
    new = what_is_new(GIVEN, ("One.",), ("One.",), "2", NAMES)
    assert new is not None
    assert new.sentences == ()


@given(sentences, sentences)
def test_the_changes_lead_from_the_old_text_to_the_new(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    found = changes(before, after)
    assert (found == ()) == (before == after)
    assert all(change.before or change.after for change in found)
    kept_before = len(before) - sum(len(change.before) for change in found)
    assert kept_before == len(after) - sum(len(change.after) for change in found)
    assert {one for change in found for one in change.before} <= set(before)
    assert {one for change in found for one in change.after} <= set(after)


def test_lines_are_the_name_the_purpose_and_every_sentence() -> None:
    assert TEXT.lines("en") == ("PUE", "Signing in.", "I agree.", "Freely.")
