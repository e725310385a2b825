"""Non-breaking spaces: where lines do not end, and that nothing but spaces people read is ever changed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.web.texts import LANGUAGES
from poreka.web.unbroken import NO_BREAK, unbroken


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
    "html",
    [
        '<input value="w banku" aria-label="z banku i 5 minut">',
        "<textarea>w banku</textarea>",
        "<pre>z 5 minut</pre>",
        "<code>Operacja nr 1</code>",
        "<script>const a = 1; let w = 2</script>",
        "<style>a b {margin: 0 1px}</style>",
        "<title>Logowanie w banku</title>",
        "<svg><path d='M 1 2 a 3 4'/></svg>",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_sent_back_copied_or_run_is_left_alone(html: str, language: str) -> None:
    assert unbroken(html, language) == html


pieces = st.text(alphabet="wzoi aułść57.()„”–<>/=\"'\n np.ul", max_size=120)


@given(html=pieces, language=st.sampled_from(LANGUAGES))
def test_only_spaces_change_and_a_second_time_changes_nothing(html: str, language: str) -> None:
    shown = unbroken(html, language)
    assert shown.replace(NO_BREAK, " ") == html
    assert unbroken(shown, language) == shown
    assert re.findall(r"<[^>]*>", shown) == re.findall(r"<[^>]*>", html)
