"""Words of others: what may be shown, and that nothing of theirs can pass for a part of ours."""

import datetime
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.authorising.operation import OperationLimits, issue
from poreka.rules.authorising.operation_code import Code
from poreka.rules.authorising.operation_message import sign_in_purpose, signing_purpose, sms_text
from poreka.rules.authorising.shown_document import ShownDocument
from poreka.shown_words import MOST_MARKS, fit_part, is_fit_for_name, is_fit_note, is_fit_to_show

NOW = int(datetime.datetime.fromisoformat("2015-08-15T12:05:00+02:00").timestamp())
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
ODD = "\u037e\uff1b\u061b\u204f\ufe54\ufe14\u3164\u2800\u115f\u1160\uffa0\u200b\u00ad\u034f\u202e\u2066\ufeff\u180e"
LETTERS = "aąĄzŻ 1;,.:-\u0301\u0323\u0327\u0338" + ODD + "АаΑоＫｏｄ①²½ǃǀ\U000e0041"
tricky = st.text(alphabet=st.one_of(st.sampled_from(LETTERS), st.characters(max_codepoint=0x3FFF)), max_size=60)


def taken(words: str) -> str:
    """The words if they are taken as they are, else as much of them as would be."""
    return words if is_fit_to_show(words, 60) else fit_part(words, 60) or "Zgoda: na co?"


fit = tricky.map(taken)


@pytest.mark.parametrize(
    "name",
    ["Żółć", "O'Neill", "O’Neil-Nowak jr.", "Nguyễn", "Þór", "Łucja Świętosława", "Müller", "Çelik", "Əliyev",
     "Đoković", "Øster", "Šafařík", "Ɓala", "Jean‑Luc", "Ñandú", "Straße", "Ŵyn", "ʻAkamu"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_real_names_may_stand(name: str, form: str) -> None:
    assert is_fit_for_name(unicodedata.normalize(form, name), 80)
    assert is_fit_to_show(unicodedata.normalize(form, name), 80)


@pytest.mark.parametrize(
    "name",
    ["\u3164", "\u2800", "\u115f", "Анна", "Ηelena", "Anna\u200bMaria", "Anna\u00adMaria", "a" + "\u0301" * 3,
     "\u0301a", "Anna\u202e", "Jan\u037e", "Jan;", "Jan2", "ǃan", "Anna\u034f", "Ａnna", "ᴀnna", "", " ",
     "-", " Jan", "\ud800"],
)  # fmt: skip
def test_what_only_looks_like_a_name_may_not(name: str) -> None:
    assert not is_fit_for_name(name, 80)


@pytest.mark.parametrize(
    "words",
    ["Wniosek nr 17 o zaświadczenie, dla: „Bank” S.A.", "Umowa kredytu 1/2026 (zał. 2) – 10 000,00 zł", "§ 5 ust. 1…",
     "Zgoda na dostęp: kredyt", "decyzja_2026-11.pdf", "Café № 7", "Zmiana metody: kody SMS", "50% & więcej?", "A+"],
)  # fmt: skip
def test_plain_words_may_stand(words: str) -> None:
    assert is_fit_to_show(words, 120)


@pytest.mark.parametrize(
    "words",
    ["Logowanie do PUE\u037e Kod SMS nr 1: 111111", "Logowanie\uff1b do PUE", "Logowanie; do PUE", "\u3164", "a\nb",
     "a" + "\u0301" * 150, "Logowanie do PUE, Kod SMS nr 3: 537509", "kod  SMS", "Kód-SMS 1", "= \u0326", ".\u0326",
     "٣", "①", "a\u2028b", "a\u00a0b", "😀", "…", "a" * 121, "РUE", "a\u061b b"],
)  # fmt: skip
def test_words_that_could_pass_for_ours_may_not(words: str) -> None:
    assert not is_fit_to_show(words, 120)


@given(fit)
def test_no_form_of_what_may_stand_has_a_separator_or_a_letter_that_it_did_not_have(words: str) -> None:
    assert is_fit_to_show(words, 60)
    for form in FORMS:
        other = unicodedata.normalize(form, words)
        assert ";" not in other
        assert all(one.isprintable() for one in other)
        marks = "".join(str(unicodedata.combining(one) > 0) for one in unicodedata.normalize("NFD", other))
        assert "True" * (MOST_MARKS + 1) not in marks
    assert all(not one.isalpha() or "LATIN" in unicodedata.name(one) or one in "ʻʼªº" for one in words)


@given(fit, fit)
def test_the_sms_always_has_exactly_our_fields(service: str, words: str) -> None:
    for purpose in (sign_in_purpose(service, words), signing_purpose(words)):
        operation = issue(
            operation_id="op",
            last_today=None,
            purpose=purpose,
            code_hash=b"h",
            now=NOW,
            limits=OperationLimits(),
            document=ShownDocument(name=service, hash="ab12 " * 15 + "ab12") if purpose.startswith("Podpis") else None,
        )
        for form in FORMS:
            text = unicodedata.normalize(form, sms_text(operation, Code("012345"), NOW))
            fields = text.split("; ")
            assert len(fields) == 3 == text.count(";") + 1, text
            code = fields[1] if operation.document else fields[2]
            assert (fields[0], code) == ("15-08-2015 12:05", "Kod SMS nr 1: 012345")
            assert text.count("Kod SMS") == 1


@given(st.text(max_size=100))
def test_a_name_that_somebody_gave_their_phone_can_be_shown_or_is_none(typed: str) -> None:
    part = fit_part(typed, 40)
    assert part == "" or is_fit_to_show(part, 40)
    assert fit_part(part, 40) == part


def test_a_note_has_lines_and_nothing_else_that_is_odd() -> None:
    assert is_fit_note("Sprawdzono dowód.\n\n\tZgodny.", 100)
    assert is_fit_note("", 100)
    assert not is_fit_note("a\u202eb", 100)
    assert not is_fit_note("a" * 101, 100)
