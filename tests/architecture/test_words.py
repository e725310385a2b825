"""One word for each thing: words that must not come back into the texts, with the word that stands in their place.

`docs/glossary.md` says which word it is; this list says which other ones people were given for the same thing. A text
of one institution may have its own word (`[words]` in its settings): those in the demonstration are checked as well.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from poreka.rules.grammatical_case import CASES
from tests.architecture.source import PACKAGE
from tests.architecture.test_texts import LANGUAGES, catalogue

# pattern, what stands in its place, and keys where the pattern means another thing
POLISH = [
    (r"[Hh]as(?:ł|e)\w* SMS|SMS z hasłem", "kod SMS; only Millenet says hasło SMS, in its settings", ""),
    (r"[Nn]arzędzi(?!e axe)\w*", "metoda autoryzacji", ""),
    (r"[Ss]pos(?:ób|obu|obem) potwierdzania", "metoda autoryzacji", ""),
    (r"[Zz]atwierd\w*", "potwierdź, for requests; a clerk's proposal is zatwierdzana", r"desk\."),
    (r"[Pp]ytani\w* (?:w|do) aplikacj\w*|[Ww]yślij pytanie do|[Aa]plikacja pyta|[Kk]to pyta", "prośba", ""),
    (r"powiadomieni\w* w (?:telefonie|aplikacji)", "aplikacja, or prośba w aplikacji", ""),
    (r"[Pp]rofil\w* zaufan\w*|profil\w* Zaufan\w*", "Profil Zaufany, with two capital letters", ""),
    (r"\bPZ\b", "Profil Zaufany: nobody explains the abbreviation", ""),
    (r"[Bb]ankowoś\w+ internetow\w*", "bankowość elektroniczna, as on the button", ""),
    (r"[Zz]g(?:oda|ody|ód) na usługi dodatkowe", "Zgody; only Millenet's menu has the longer name", r"demo\."),
    (r"[Dd]ostawc\w*", "bank, or the name of whoever it is", r"certificate\."),
    (r"\w+\(-\w+\)", "a sentence without gender", ""),
    (r"\b(?:wpisywał|logował|zmieniał|zrobił|zgubił|ustawił|potwierdził)(?:eś|aś)\b", "a sentence without gender", ""),
    (r"telefon\w* (?:został )?(?:odłączon|przypisan)\w*", "telefon połączony, telefon usunięty", ""),
    (r"[Jj]ednost(?:k|c)\w+ ZUS|[Pp]unkt\w* potwierdzając\w+", "placówka ZUS; urząd, for the trusted profile", ""),
    (r"\bsam (?:się )?(?:logujesz|zaczynasz)\b|siedzisz przed nim", "a sentence without gender", ""),
    (r"poreka (?:demo|clerk|receipt|signature|config)\b(?! --)", "a page, or ./run: people have no such command", ""),
]
ENGLISH = [
    (r"\b[Rr]egulations\b", "terms of use", ""),
    (r"\bunits?\b", "office (of ZUS)", ""),
    (r"\bin your matters\b|\bmatters at\b|\byour matters\b", "your cases, or what you do at ZUS", ""),
    (r"\b(?:first|next|later) entry\b|\bentries\b|\bentry to\b|\bEntry\b|\byour entry\b", "signing in, sign-in", ""),
    (r"\b[Ee]nter(?:ing)? through\b|\byou next enter\b", "sign in through", ""),
    (r"\bfacts\b", "details", ""),
    (r"\b(?:a|the) notice (?:on|in)\b|\b[Nn]otices (?:of|will|from|about) (?:every|go|the|your)", "notification", ""),
    (r"[Cc]onfirmed by operation", "confirmed in operation no.", ""),
    (r"\b[Ss]omeone confirms\b", "sign in with your bank", ""),
    (r"\b[Aa]uthorisation tools?\b|\b[Tt]ools?\b(?! axe)", "authorisation method", ""),
    (r"\bquestions? (?:in|to) the app\b|\b[Ss]end the question to the app|\bthe question is void", "request", ""),
    (r"\b(?:Dalej|Anuluj|Zaloguj|Potwierdź|Wyloguj)\b", "the English button's own words", ""),
    (r"\bTrusted Profile\b", "trusted profile", ""),
    (r"poreka (?:demo|clerk|receipt|signature|config)\b", "a page, or ./run: people have no such command", ""),
]
PLACEHOLDER = re.compile(r"\{[^}]*\}")
WANDERING = {"pl": POLISH, "en": ENGLISH}


CASE_AFTER = {"do": "genitive", "z": "genitive", "od": "genitive", "w": "locative", "przez": "accusative"}


def said(tables: dict[Any, Any] | list[Any], where: str = "") -> Iterator[tuple[str, str, str]]:
    """Each text of a settings file that is told in a language: language, where it stands, text."""
    pairs: Iterable[tuple[object, object]] = tables.items() if isinstance(tables, dict) else enumerate(tables)
    for key, value in pairs:
        if key in LANGUAGES:
            yield from ((str(key), where, text) for text in strings(value))
        elif isinstance(value, dict | list):
            yield from said(value, f"{where}.{key}".strip("."))


def strings(value: object) -> Iterator[str]:
    """The strings in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in list(value.values()) if isinstance(value, dict) else value:
            yield from strings(one)


def presets() -> Iterator[tuple[str, str, str, str]]:
    """Each text in an institution's own words: file, language, key, text."""
    for path in sorted((PACKAGE / "presets").glob("*.toml")):
        words = tomllib.loads(path.read_text("utf-8")).get("words", {})
        yield from ((path.stem, language, key, text) for language in words for key, text in words[language].items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_thing_has_one_word(language: str) -> None:
    texts = [(key, PLACEHOLDER.sub("…", text)) for key, forms in catalogue(language).items() for text in forms]
    for path in sorted((PACKAGE / "presets").glob("*.toml")):
        if path.stem != "millenet":
            told = said(tomllib.loads(path.read_text("utf-8")))
            texts += [(f"{path.stem}: {where}", text) for spoken, where, text in told if spoken == language]
    found = [
        f"{key}: {match[0]!r} should be {instead}"
        for pattern, instead, elsewhere in WANDERING[language]
        for key, text in texts
        if (match := re.search(pattern, re.sub(r"\{[^}]*\}", "{}", text)))
        and not (elsewhere and re.match(elsewhere, key))
    ]
    assert not found, "\n".join(found)


def test_millenet_says_haslo_sms_wherever_others_say_kod_sms() -> None:
    """Its own texts are the common ones with its own word: nothing else differs in what they say about codes."""
    own = {key: text for name, language, key, text in presets() if (name, language) == ("millenet", "pl")}
    about_codes = {
        key for key, (text, *_) in catalogue("pl").items() if re.search(r"[Kk]od\w* SMS(?! nr)", text)
    } - ELSEWHERE
    assert {key for key in about_codes if not key.startswith(FLOWS_WITHOUT_MILLENET)} <= set(own)
    assert all(re.search(r"[Hh]as(?:ł|e)\w* SMS", text) for key, text in own.items() if key in about_codes)


FLOWS_WITHOUT_MILLENET = (
    "app.", "demo.", "key.phone.", "entry.", "information.", "trusted.", "push.", "release.instead", "release.sign",
    "sessions.", "tools.", "verify.", "step_up.", "orders.", "mojeikp.", "patient.",
)  # fmt: skip
"""Pages of other systems, and of tools that Millenet does not have."""
ELSEWHERE = {
    "bank.tools.sms",
    "bank.help.steps.sign_in.code",
    "release.refused.no_code_card.next",
    "release.refused.sim_unknown.next",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_asked_for_in_cases_that_exist(language: str) -> None:
    asked = {
        (key, case)
        for key, forms in catalogue(language).items()
        for text in forms
        for case in re.findall(r"\{\w+:(\w*)\}", text)
    }
    wrong = {one for one in asked if one[1] not in CASES}
    assert not wrong
    assert language == "pl" or not asked, "English names have no cases"


def test_a_name_after_a_preposition_stands_in_its_case() -> None:
    """Wejdź do Profilu Zaufanego, not: do Profil Zaufany."""
    names = re.compile(r"\b(do|z|od|w|przez) \{(?:system|service|provider)(?::(\w+))?\}")
    polish = [(key, text) for key, forms in catalogue("pl").items() for text in forms]
    polish += [(key, text) for _, language, key, text in presets() if language == "pl"]
    wrong = [
        f"{key}: {found[0]}"
        for key, text in polish
        for found in names.finditer(text)
        if found[2] != CASE_AFTER[found[1]]
    ]
    assert not wrong, "\n".join(wrong)


def test_pages_hold_no_words_of_their_own() -> None:
    """A template has no sentence in it: those would be in one language, and out of this test's sight."""
    letters = re.compile(r">[^<{}]*[ąćęłńóśźżĄĆĘŁŃÓŚŹŻ][^<{}]*<")
    found = {
        str(path.relative_to(PACKAGE))
        for path in Path(PACKAGE).rglob("*.html")
        if letters.search(path.read_text("utf-8"))
    }
    assert not found
