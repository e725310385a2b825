import pytest

from poreka.rules.browser_words import browser_words, system_word

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome, Windows"),
        (f"{CHROME} Edg/140.0", "Edge, Windows"),
        (IPHONE, "Safari, iPhone"),
        (FIREFOX, "Firefox, Linux"),
        ("curl/8", ""),
        ("", ""),
        ("<b>Chrome</b>", "Chrome"),
    ],
)
def test_a_browser_is_told_in_two_words_of_ours(agent: str, words: str) -> None:
    assert browser_words(agent) == words


def test_a_phone_is_named_after_its_system() -> None:
    assert system_word(IPHONE) == "iPhone"
    assert system_word("curl/8") == ""
