"""The words people read: gettext catalogues, one folder a language, one file a part of the system.

A message id is a dotted key (`release.consent.title`); the text holds `{placeholders}`. Texts are
plain: what is put in is escaped by the template; a date that is put in is said in words. Polish has
three plural forms, so counts go through `plural`; the name of an institution stands in the case that its placeholder
asks for: `Logowanie do {service:genitive}`. A name that ends with a full stop ("Bank S.A.") at the end of a sentence
ends it, too (`fill`). Keys that miss, are unused or differ in placeholders fail the build.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from io import BytesIO
from operator import itemgetter
from string import Formatter

from babel import Locale, negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from poreka.rules.grammatical_case import CASES
from poreka.rules.shown_date import shown_day, shown_moment

LANGUAGES = ("pl", "en")
DEFAULT_LANGUAGE = "pl"
PLURAL_FORMS = {"pl": ("one", "few", "many"), "en": ("one", "other")}
"""CLDR's names of the forms that whole numbers take, in the order of the catalogues (`Plural-Forms`)."""
_WEIGHT = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


class TextMissing(LookupError):
    """No catalogue has this key: a mistake in the code, found by the tests."""


class WordsFault(Exception):
    """An institution's own words cannot be used; `key` says which."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key}: {why}")
        self.key = key


class _Name(str):
    """A value that a text may ask for in a case; it is the value itself where that case is not known."""

    cases: Mapping[str, str]

    def __format__(self, case: str) -> str:
        return (self.cases.get(case) or str(self)) if case in CASES else super().__format__(case)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language; `declension` has the cases of names, as the system's settings tell them."""

    language: str
    _plain: Mapping[str, str]
    _plural: Mapping[str, tuple[str, ...]]
    _form_of: Callable[[int], int]
    declension: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __call__(self, key: str, **values: object) -> str:
        """The text for `key` with its placeholders filled, as markup if one of them is; raises `TextMissing`."""
        try:
            text = self._plain[key]
        except KeyError:
            raise TextMissing(f"{self.language}: {key}") from None
        if not values:
            return text
        said = self._said(values)
        marked_up = any(isinstance(one, Markup) for one in said.values())
        return escape(text).format(**said) if marked_up else fill(text, said)

    def plural(self, key: str, count: int, **values: object) -> str:
        """The text for `count` things, in the language's own plural form; `{count}` is filled."""
        try:
            forms = self._plural[key]
        except KeyError:
            raise TextMissing(f"{self.language}: {key}") from None
        return fill(forms[self._form_of(count)], {"count": count, **self._said(values)})

    def day(self, when: datetime.date) -> str:
        """A day in words, and the time if there is one: "30 listopada 2026, 14:05"."""
        if isinstance(when, datetime.datetime):
            return shown_moment(when, self.language)
        return shown_day(when, self.language)

    def sentence(self, text: str, **values: object) -> str:
        """A sentence that is no text of the catalogues, such as a bank's own of a consent, filled like one of them."""
        return fill(text, self._said(values))

    def name(self, name: str, case: str) -> str:
        """The name of an institution in a case."""
        return format(self._named(name), case)

    def _said(self, values: Mapping[str, object]) -> dict[str, object]:
        return {key: self._one(value) for key, value in values.items()}

    def _one(self, value: object) -> object:
        if isinstance(value, datetime.date):
            return self.day(value)
        return self._named(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def _named(self, value: str) -> _Name:
        named = _Name(value)
        named.cases = self.declension.get(value, {})
        return named

    def reworded(self, words: Mapping[str, str]) -> "Texts":
        """These texts with some of them in an institution's own words; raises `WordsFault`."""
        for key, text in words.items():
            if key not in self._plain:
                raise WordsFault(key, "there is no such text, or it is one that counts")
            if not _cases_in(text) <= {"", *CASES}:
                raise WordsFault(key, f"a name may be asked for in these cases: {', '.join(CASES)}")
            if not _names_in(text) <= _names_in(self._plain[key]):
                raise WordsFault(key, "it may only have the {placeholders} of the text it replaces")
        return replace(self, _plain={**self._plain, **words})

    def has(self, key: str) -> bool:
        """Whether there is a text for `key`: for texts chosen by a value, such as a refusal's reason."""
        return key in self._plain


def fill(text: str, values: Mapping[str, object]) -> str:
    """The text with its placeholders filled; one full stop where a value ends with one and the text goes on with one.

    Nothing within a value changes, and an ellipsis of the text stays whole.
    """
    filled = text.format(**values)
    return _filled_part_by_part(text, values) if ".." in filled else filled


def _filled_part_by_part(text: str, values: Mapping[str, object]) -> str:
    filled = ""
    for literal, name, form, conversion in Formatter().parse(text):
        ends_twice = filled.endswith(".") and literal.startswith(".") and not literal.startswith("..")
        filled += literal[1:] if ends_twice else literal
        if name is not None:
            field = f"{{{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}}}"
            filled += field.format(**values)
    return filled


def _names_in(text: str) -> set[str]:
    """The placeholders of a text; a brace that is none of it is one that no text has."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}


def _cases_in(text: str) -> set[str]:
    """The cases that a text asks for; a brace that is none of it is `_names_in`'s to refuse."""
    try:
        return {spec or "" for _, _, spec, _ in Formatter().parse(text)}
    except ValueError:
        return set()


def load_texts() -> dict[str, Texts]:
    """All languages, read from the package."""
    return {language: _load(language) for language in LANGUAGES}


def _load(language: str) -> Texts:
    plain: dict[str, str] = {}
    plural: dict[str, tuple[str, ...]] = {}
    tag_of, forms = Locale.parse(language).plural_form, PLURAL_FORMS[language]
    for file in sorted(resources.files("poreka.texts").joinpath(language).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".po"):
            _add(read_po(BytesIO(file.read_bytes()), locale=language), plain, plural)
    return Texts(language, plain, plural, lambda count: forms.index(tag_of(count)))


def _add(catalog: Catalog, plain: dict[str, str], plural: dict[str, tuple[str, ...]]) -> None:
    for message in catalog:
        if isinstance(message.id, (list, tuple)):
            plural[message.id[0]] = tuple(message.string or ())
        elif message.id:
            plain[str(message.id)] = str(message.string)


def best_language(accept_language: str) -> str:
    """The one of our languages that an Accept-Language header wishes for most, or Polish (RFC 9110 §12.5.4)."""
    return _wished_most(accept_language[:200])


@lru_cache(maxsize=256)
def _wished_most(accept_language: str) -> str:
    """Remembered because a browser says the same each time. Of equal wishes the first one counts; a weight that cannot
    be read is as good as none.
    """
    wishes = [part.strip().lower().partition(";") for part in accept_language.split(",")]
    weighed = [(_weight(weight), language.strip()) for language, _, weight in wishes]
    by_weight = sorted((one for one in weighed if one[0] > 0), key=itemgetter(0), reverse=True)
    return negotiate_locale([language for _, language in by_weight], LANGUAGES, sep="-") or DEFAULT_LANGUAGE


def _weight(text: str) -> float:
    """The weight that stands after a language, such as `q=0.7` (RFC 9110 §12.4.2)."""
    found = _WEIGHT.fullmatch(text.strip())
    return float(found[1]) if found else 1.0
