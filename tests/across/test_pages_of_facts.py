"""Help, safety and terms of every provider and of the portal say what the settings say, in both languages."""

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from poreka.provider.settings.vouching import Vouching, VouchingSettings
from poreka.settings import settings_from
from poreka.systems.portal.terms_told import time_after
from poreka.web.texts import load_texts
from tests.support.lone_portal import lone_portal
from tests.support.server import Demo
from tests.support.visit import Visitor

PROVIDERS = ("millenet", "inteligo", "ipko", "bos", "envelo", "pz", "mobywatel")
WORDS = {
    "sms": {"pl": ("SMS",), "en": ("SMS",)},
    "card": {"pl": ("karty kodów", "karta kodów"), "en": ("code card",)},
    "push": {"pl": ("Gdy aplikacja prosi",), "en": ("When the app asks",)},
}
KEPT = {
    "accounts": {"pl": "numerów rachunków", "en": "account numbers"},
    "letters": {"pl": "listów", "en": "letters"},
    "profile": {"pl": "historii profilu", "en": "profile history"},
    "phones": {"pl": "historii próśb", "en": "request history"},
}


def vouching(key: str) -> Vouching:
    """How a provider of the demonstration vouches, as its settings file says."""
    tables = tomllib.loads(resources.files("poreka.presets").joinpath(f"{key}.toml").read_text("utf-8"))
    settings = settings_from(tables, key)
    assert isinstance(settings, VouchingSettings)
    return settings.vouching


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("key", PROVIDERS)
def test_help_and_safety_claim_what_the_settings_say(demo: Demo, visitor: Visitor, key: str, language: str) -> None:
    bank = vouching(key)
    safety = visitor.open(demo.url(key, f"/safety?lang={language}")).text
    helped = visitor.open(demo.url(key, f"/help?lang={language}")).text
    for tool, words in WORDS.items():
        told = any(word in safety + helped for word in words[language])
        assert told is (tool in bank.tools), f"{tool}: {words[language]}"
    assert [kept for kept, words in KEPT.items() if words[language] in helped] == [bank.keeps]
    masked = {"pl": "dwa znaki", "en": "two characters"}[language]
    assert (masked in safety) is (bank.sign_in == "masked")
    password = {"pl": "hasło", "en": "password"}[language]
    signs_in = helped.partition({"pl": "Jak to przebiega", "en": "How it works"}[language])[2][:160]
    assert (password in signs_in) is (key != "mobywatel")
    where = {"pl": "Ustawienia zabezpieczeń", "en": "Security settings"}[language]
    assert (where in helped) is (key not in ("pz", "mobywatel"))
    no_code = {"pl": "Przy samym logowaniu", "en": "just to sign you in"}[language]
    assert (no_code in safety) is (key not in ("pz", "mobywatel"))


async def test_the_portal_s_help_and_terms_say_how_long_its_own_sessions_are(tmp_path: Path) -> None:
    async with lone_portal(tmp_path, session_idle_seconds=5 * 60, session_seconds=3600) as place:
        browser = place.browser()
        english = (await browser.get("/help?lang=en")).words
        helped, terms, registering = [
            (await browser.get(f"{path}?lang=pl")).words for path in ("/help", "/regulations", "/register")
        ]
    assert "after 5 minutes without activity, and at the latest 1 hour after" in english
    assert "po 5 minutach bez aktywności, a najpóźniej po 1 godzinie od zalogowania" in helped
    assert "Sesja kończy się po 5 minutach bez aktywności" in terms
    assert "Sesja kończy się po 5 minutach bez aktywności" in registering


@pytest.mark.parametrize(
    ("seconds", "polish", "english"),
    [
        (45, "45 sekundach", "45 seconds"),
        (60, "1 minucie", "1 minute"),
        (90, "90 sekundach", "90 seconds"),
        (15 * 60, "15 minutach", "15 minutes"),
        (3600, "1 godzinie", "1 hour"),
        (8 * 3600, "8 godzinach", "8 hours"),
    ],
)
def test_a_time_is_said_in_the_largest_unit_of_which_it_is_a_whole_number(
    seconds: int, polish: str, english: str
) -> None:
    texts = load_texts()
    assert (time_after(texts["pl"], seconds), time_after(texts["en"], seconds)) == (polish, english)
