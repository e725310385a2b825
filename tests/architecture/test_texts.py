"""The texts that people read.

The same keys and the same placeholders in every language, none missing, none left over.
"""

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from tests.architecture.keys_in_use import keys_in_use
from tests.architecture.source import PACKAGE

LANGUAGES = ("pl", "en")
PLURAL_FORMS = {"pl": 3, "en": 2}
Catalogue = dict[str, tuple[str, ...]]


@cache
def catalogue(language: str) -> Catalogue:
    """Every key of a language with its text, or its plural forms; a key may stand in one file only."""
    found: Catalogue = {}
    for path in sorted((PACKAGE / "texts" / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    key = message.id[0] if isinstance(message.id, tuple | list) else message.id
                    assert key not in found, f"{language}: {key} stands twice"
                    found[key] = (
                        tuple(message.string) if isinstance(message.string, tuple | list) else (str(message.string),)
                    )
    return found


def placeholders(texts: tuple[str, ...]) -> set[str]:
    def named() -> Iterator[str]:
        for text in texts:
            yield from (name for _, name, _, _ in Formatter().parse(text) if name is not None)

    return set(named())


def test_every_language_has_every_key() -> None:
    polish, english = set(catalogue("pl")), set(catalogue("en"))
    assert polish, "no texts at all"
    assert not polish ^ english, (
        f"only in Polish: {sorted(polish - english)}; only in English: {sorted(english - polish)}"
    )


def test_placeholders_are_the_same_in_every_language() -> None:
    differ = {
        key: (placeholders(texts), placeholders(catalogue("en")[key]))
        for key, texts in catalogue("pl").items()
        if key in catalogue("en") and placeholders(texts) != placeholders(catalogue("en")[key])
    }
    assert not differ


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_says_something_and_every_count_has_its_forms(language: str) -> None:
    empty = [key for key, texts in catalogue(language).items() if not all(text.strip() for text in texts)]
    assert not empty
    forms = {key: len(texts) for key, texts in catalogue(language).items() if len(texts) > 1}
    assert not {key: count for key, count in forms.items() if count != PLURAL_FORMS[language]}


def test_every_key_asked_for_has_a_text() -> None:
    missing = {key: where for key, where in keys_in_use().asked.items() if key not in catalogue("pl")}
    assert not missing


def test_every_text_is_asked_for() -> None:
    use = keys_in_use()
    unused = [key for key in catalogue("pl") if not use.covers(key)]
    assert not unused, f"delete them or use them: {unused}"


def test_texts_are_plain() -> None:
    """Escaping is the template's.

    A text with markup in it would be shown as such, or tempt someone to mark it safe.
    """
    markup = [key for language in LANGUAGES for key, texts in catalogue(language).items()
              for text in texts if re.search(r"<[a-zA-Z/]|&[a-z]+;", text)]  # fmt: skip
    assert not markup
