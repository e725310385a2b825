"""Spaces at which a line must not end: non-breaking ones put into a page, once, when it is made.

Polish typography lets no one-letter word, abbreviation or number stand at the end of a line without what it belongs
to. `unbroken` changes ordinary spaces between words that people read and nothing else: no tag, no attribute, no
script, and nothing that is copied or sent back (`pre`, `code`, `textarea`). Text messages, e-mails and the words of a
consent stay as they are: only pages are given to it.
"""

import re

from poreka.web.texts import LANGUAGES

NO_BREAK = "\u00a0"

_KEPT = re.compile(r"(<(?:script|style|pre|code|textarea|title)\b.*?</[a-z]+\s*>|<[^>]*>)", re.DOTALL | re.IGNORECASE)
"""Tags, and elements whose words are not for reading alone; none of these holds another element."""

_BEGINS = r"(?<![^\s(„“\"'–/])"
"""A word begins here."""

_STAYS_WITH_THE_NEXT_WORD = {
    "pl": ("[wzoiauWZOIAU]", r"ul\.", r"al\.", r"pl\.", "nr", r"np\.", r"tel\.", r"art\.", r"ust\.", "pkt", r"str\.",
           r"godz\.", "dr", r"tzn\.", r"m\.in\.", r"ok\."),
    "en": (r"[Nn]o\.",),
}  # fmt: skip
"""One-letter words and abbreviations: "w urzędzie", "ul. Rynek", "nr 5"."""

_COUNTED = {
    "pl": r"s|min|godz\.|dni|dzień|dnia|dniach|dób|doby|sekund\w*|minut\w*|godzin\w*|lat\w*|rok\w*|znak\w*|cyfr\w*|"
    r"kod\w*|prób\w*|raz\w*|MB|kB|KB|px|zł|r\.|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|"
    r"października|listopada|grudnia",
    "en": r"s|seconds?|minutes?|hours?|days?|years?|characters?|digits?|codes?|tries|try|times?|MB|kB|KB|px|January|"
    r"February|March|April|May|June|July|August|September|October|November|December",
}
"""What stays with the number before it: "5 minut", "30 listopada"."""


def _space(language: str) -> re.Pattern[str]:
    """A space that does not break: it begins with the space itself, for which a page is searched fast."""
    after = "|".join(f"(?<={_BEGINS}{word} )" for word in _STAYS_WITH_THE_NEXT_WORD[language])
    # What follows may stand in a tag of its own, after the end of this piece. A dash does not begin a line.
    return re.compile(rf" (?:(?:{after})(?=\S|\Z)|(?<=\d )(?=\d|(?:{_COUNTED[language]})(?!\w))|(?<=\S )(?=–))")


_SPACES = {language: _space(language) for language in LANGUAGES}


def unbroken(html: str, language: str) -> str:
    """The page `html`, whose lines end where the language lets them."""
    space = _SPACES[language]
    pieces = _KEPT.split(html)  # what is read and what is kept, in turn
    pieces[::2] = [space.sub(NO_BREAK, text) if " " in text else text for text in pieces[::2]]
    return "".join(pieces)
