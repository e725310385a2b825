"""Where a line must not end: non-breaking spaces, and words kept whole, put into a page once, when it is made.

Polish typography lets no one-letter word, abbreviation or number stand at the end of a line without what it belongs
to, and no ending without its word: "SMS-" and "a". `unbroken` changes ordinary spaces between words that people read,
marks words such as "SMS-a" and "e-mail", and nothing else: no attribute, no script, and nothing that is copied or sent
back (`pre`, `code`, `textarea`). Text messages, e-mails and the words of a consent stay as they are: only pages are
given to it.

A word is kept whole by an element around it (`.p-word`), and its letters stay what they were. A non-breaking hyphen
(U+2011) is not in our font, so another font would lend it; with it, and with a word joiner (U+2060) behind the hyphen,
eSpeak NG, the Polish voice of NVDA and Orca, reads "SMS-a" as two words and spells the "e" of "e-mail" in Polish; and
who searches the page for "SMS-a" finds neither.
"""

import re

from poreka.web.texts import LANGUAGES

NO_BREAK = "\u00a0"

_KEPT = re.compile(
    r"(<(?:script|style|pre|code|textarea|title|option)\b.*?</[a-z]+\s*>|<span class=\"p-word\">[^<]*</span>|<[^>]*>)",
    re.DOTALL | re.IGNORECASE,
)
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
    # What follows may stand in a tag of its own, after the end of this piece. A dash does not begin a line, and a short
    # number that ends a text ("od 8 do 18") does not stand on one alone.
    number = rf"(?<=\d )(?=\d|(?:{_COUNTED[language]})(?!\w))|(?<=[^\s] )(?=\d{{1,2}}\.?\s*\Z)"
    return re.compile(rf" (?:(?:{after})(?=\S|\Z)|{number}|(?<=\S )(?=–))")


_SPACES = {language: _space(language) for language in LANGUAGES}

_WORD = re.compile(
    r"(?<![\w/.@&#-])(?:[A-ZĄĆĘŁŃÓŚŹŻ]{2,8}-[a-ząćęłńóśźż]{1,6}|[eE]-[^\W\d_]{3,12}|\d{1,3}-[^\W\d_]{3,12})(?![\w/@-]|\.\w)"
)
"""A short word with a hyphen: an abbreviation with its ending, "e-mail", "30-dniowy". A double surname may break."""

_OPENS, _CLOSES = '<span class="p-word">', "</span>"
_KEPT_WHOLE = re.compile(f"{_OPENS}([^<]*){_CLOSES}")


def unbroken(html: str, language: str) -> str:
    """The page `html`, whose lines end where the language lets them."""
    space = _SPACES[language]
    pieces = _KEPT.split(html)  # what is read and what is kept, in turn
    pieces[::2] = [space.sub(NO_BREAK, text) if " " in text else text for text in pieces[::2]]
    pieces[::2] = [_WORD.sub(rf"{_OPENS}\g<0>{_CLOSES}", text) if "-" in text else text for text in pieces[::2]]
    return "".join(pieces)


def without_marks(html: str) -> str:
    """The page without the marks of words that are kept whole, for a reader who joins pieces of text."""
    return _KEPT_WHOLE.sub(r"\1", html)
