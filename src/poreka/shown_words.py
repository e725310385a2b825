"""Whether words of others may stand where ours do: names, purposes, summaries, messages, in pages and in SMS.

They are looked at as they came and as compatibility normalisation (NFKC, UAX #15) makes them: both must be of Latin
script, ASCII digits, ASCII signs and a few typographic ones, with at most two marks on a letter (as in `Nguyễn`). So
nothing passes that has no shape of its own (blank letters, default-ignorables, format characters), that turns the line
round, that is written like Latin and is not (`Анна`), or that in any normal form is our separator (`;`, U+037E).
Polish law writes names in the Latin script, with the letters of other languages. `oidc` and `rules` both ask here.
"""

import re
import unicodedata
from collections.abc import Callable

MOST_MARKS = 2
SEPARATOR = ";"  # between the parts of our SMS
TYPOGRAPHIC = frozenset("„”“‘’‚«»‹›–—‐‑…§°·•×±€£²³№™®©ªº")
APOSTROPHES = frozenset("'\u2019\u02bc\u2018\u02bb`")  # as keyboards and word processors write one
DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212")
AROUND_NAMES = frozenset(" .") | APOSTROPHES | DASHES
_OURS = re.compile(r"kod\W*sms", re.IGNORECASE)


def is_fit_to_show(words: str, longest: int) -> bool:
    """Whether it is one line that can be shown, without spaces around it, with at least a letter or a digit."""
    if not 0 < len(words) <= longest or words != words.strip() or not _is_plain(words, _may_stand_in_words):
        return False
    return any(map(str.isalnum, words)) and not _looks_like_ours(words)


def is_fit_for_name(name: str, longest: int) -> bool:
    """Whether it can be a person's name: letters of the Latin script, and what stands between them."""
    if not 0 < len(name) <= longest or name != name.strip() or not _is_plain(name, _may_stand_in_name):
        return False
    return any(map(str.isalpha, name))


def is_fit_note(text: str, longest: int) -> bool:
    """Whether it is a note of several lines, each of which can be shown; it may be empty."""
    lines = text.replace("\t", " ").replace(SEPARATOR, ",").split("\n")  # no part of an SMS
    return len(text) <= longest and all(not line.strip() or is_fit_to_show(line.strip(), longest) for line in lines)


def fit_part(words: str, longest: int) -> str:
    """What of somebody's own words can be shown to them, such as the name of their phone; may be empty."""
    kept = "".join(one for one in unicodedata.normalize("NFC", words) if _may_stand_in_words(one)).strip()[:longest]
    return kept.strip() if is_fit_to_show(kept.strip(), longest) else ""


def _is_plain(words: str, may_stand: Callable[[str], bool]) -> bool:
    """Every character may stand there, in the form it came in and in the one NFKC makes of it."""
    if any("\ud800" <= one <= "\udfff" for one in words):
        return False
    compatible = unicodedata.normalize("NFKC", words)
    forms = (words, compatible)
    return all(may_stand(one) or _is_mark(one) for form in forms for one in form) and _marks_are_few(compatible)


def _marks_are_few(words: str) -> bool:
    """Marks stand on letters, at most two on each; counted in the decomposed form, where each is one character."""
    letter, marks = False, 0
    for one in unicodedata.normalize("NFKD", words):
        if _is_mark(one):
            marks += 1
            if not letter or marks > MOST_MARKS:
                return False
        else:
            letter, marks = one.isalpha(), 0
    return True


def _is_mark(one: str) -> bool:
    """A mark that is drawn: U+034F joins and has no shape."""
    return "\u0300" <= one <= "\u036f" and one != "\u034f"


def _is_latin(one: str) -> bool:
    """A letter of some language's Latin alphabet: with another case, or in the blocks where each has its place."""
    if one.isascii():
        return one.isalpha()
    if unicodedata.category(one) not in ("Lu", "Ll", "Lt") or not unicodedata.name(one, "").startswith("LATIN "):
        return False
    return one <= "\u024f" or one.lower() != one.upper() or "\u1e00" <= one <= "\u1eff"


def _may_stand_in_words(one: str) -> bool:
    return _is_latin(one) or one in TYPOGRAPHIC or (" " <= one <= "~" and one != SEPARATOR) or one in AROUND_NAMES


def _may_stand_in_name(one: str) -> bool:
    return _is_latin(one) or one in AROUND_NAMES


def _looks_like_ours(words: str) -> bool:
    """Our own words before a code, in whatever dress: nobody else's line says what the SMS says itself."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", words) if not _is_mark(one))
    return _OURS.search(plain) is not None
