"""Help and safety pages of every provider say what its settings say it does, in both languages, and nothing else."""

import tomllib
from importlib import resources

import pytest

from poreka.settings import Bank, settings_from
from tests.support.server import Demo
from tests.support.visit import Visitor

PROVIDERS = ("millenet", "inteligo", "ipko", "bos", "envelo", "pz", "mobywatel")
WORDS = {
    "sms": {"pl": ("SMS",), "en": ("SMS",)},
    "card": {"pl": ("karty kodów", "karta kodów"), "en": ("code card", "one-time codes")},
    "push": {"pl": ("Gdy aplikacja prosi",), "en": ("When the app asks",)},
}
KEPT = {
    "accounts": {"pl": "numerów rachunków", "en": "account numbers"},
    "letters": {"pl": "listów", "en": "letters"},
    "profile": {"pl": "historii profilu", "en": "profile history"},
    "phones": {"pl": "historii próśb", "en": "request history"},
}


def vouching(key: str) -> Bank:
    """How a provider of the demonstration vouches, as its settings file says."""
    tables = tomllib.loads(resources.files("poreka.presets").joinpath(f"{key}.toml").read_text("utf-8"))
    bank = settings_from(tables, key).bank
    assert bank is not None
    return bank


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
