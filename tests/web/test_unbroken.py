"""Where lines do not end: that nothing but spaces is ever changed, and nothing but words with a hyphen is marked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.web.texts import LANGUAGES
from poreka.web.unbroken import NO_BREAK, unbroken, without_marks


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("bez wizyty w okienku", "bez wizyty w~okienku"),
        ("nigdy o nie nie pyta", "nigdy o~nie nie pyta"),
        ("Z banku i z portalu", "Z~banku i~z~portalu"),
        ("(w urzędzie) „z domu”", "(w~urzędzie) „z~domu”"),
        ("ul. Rynek 1, nr 5, np. numer", "ul.~Rynek 1, nr~5, np.~numer"),
        ("Kod jest ważny 5 minut od 30 listopada 2026", "Kod jest ważny 5~minut od 30~listopada 2026"),
        ("Zadzwoń: 22 000 00 01", "Zadzwoń: 22~000~00~01"),
        ("Zostało 9 s", "Zostało 9~s"),
        ("od 8 do 18", "od 8 do~18"),
        ("Millenet – bank", "Millenet~– bank"),
        ("<p>Zaloguj się w <strong>Millenet</strong></p>", "<p>Zaloguj się w~<strong>Millenet</strong></p>"),
        # no one-letter word: a part of a word, a quotation's end, something beside it
        ("do domu, kot a,b x", "do domu, kot a,b x"),
        ("30 osób i 5 miast", "30 osób i~5 miast"),
    ],
)
def test_polish_lines_end_where_they_may(plain: str, shown: str) -> None:
    assert unbroken(plain, "pl") == shown.replace("~", NO_BREAK)


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("a bank, I agree, o well", "a bank, I agree, o well"),
        ("Operation no. 1, valid 5 minutes", "Operation no.~1, valid 5~minutes"),
        ("30 November 2026", "30~November 2026"),
        ("Call 800 000 001", "Call 800~000~001"),
    ],
)
def test_english_binds_numbers_alone(plain: str, shown: str) -> None:
    assert unbroken(plain, "en") == shown.replace("~", NO_BREAK)


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("Wpisz SMS-a.", "Wpisz [SMS-a]."),
        ("<b>SMS-em</b> lub PIN-u,", "<b>[SMS-em]</b> lub [PIN-u],"),
        ("PESEL-owi (ZUS-u) IKP-ie", "[PESEL-owi] ([ZUS-u]) [IKP-ie]"),
        ("e-mail, E-maile, e-Urząd, 30-dniowy", "[e-mail], [E-maile], [e-Urząd], [30-dniowy]"),
        # a surname of two may have to break; addresses, days and codes are no words
        ("Nowakowska-Lewandowska", "Nowakowska-Lewandowska"),
        ("https://e-zus.example/e-mail, jan@e-mail.example, e-mail.example", None),
        ("30-11-2026, 00-001 Warszawa, AB-12, X-ray, SMS-ów-a, A-Z, BANK-OWY", None),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_word_with_a_hyphen_is_kept_whole(plain: str, shown: str | None, language: str) -> None:
    marked = (shown or plain).replace("[", '<span class="p-word">').replace("]", "</span>")
    assert unbroken(plain, language) == marked
    assert unbroken(marked, language) == marked
    assert without_marks(marked) == plain


@pytest.mark.parametrize(
    "html",
    [
        '<input value="w banku" aria-label="z banku i 5 minut">',
        "<textarea>w banku</textarea>",
        "<pre>z 5 minut</pre>",
        "<code>Operacja nr 1</code>",
        "<script>const a = 1; let w = 2</script>",
        "<style>a b {margin: 0 1px}</style>",
        "<title>Logowanie w banku e-mailem</title>",
        '<input value="z SMS-a">',
        "<select><option>kod z SMS-a</option></select>",
        "<svg><path d='M 1 2 a 3 4'/></svg>",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_sent_back_copied_or_run_is_left_alone(html: str, language: str) -> None:
    assert unbroken(html, language) == html


pieces = st.text(alphabet="wzoiSMae- aułść57.()„”–<>/=\"'\n np.ul", max_size=120)


@given(html=pieces, language=st.sampled_from(LANGUAGES))
def test_only_spaces_change_only_words_are_marked_and_a_second_time_changes_nothing(html: str, language: str) -> None:
    shown = unbroken(html, language)
    assert without_marks(shown).replace(NO_BREAK, " ") == html
    assert unbroken(shown, language) == shown
    assert re.findall(r"<[^>]*>", without_marks(shown)) == re.findall(r"<[^>]*>", html)
