"""Reading a name that somebody types, and when two spellings are the same name (Z5).

Equal after normalising Unicode form, case, spaces, dashes and apostrophes; nothing looser. `Nowak-Zielińska` equals
`NOWAK  ZIELIŃSKA`, `O'Brien` equals `O’Brien`; `Łukasz` does not equal `Lukasz`, nor `Żak` `Zak`, nor `Lukianenko`
`Lukʼianenko`: a letter or a sign that is lost may be another person.
Matching is canonical caseless matching of the Unicode Standard (section 3.13, D145). Which facts of two
people differ is `person.differing_facts`.
"""

import enum
import re
import unicodedata

from poreka.shown_words import APOSTROPHES, DASHES, is_fit_for_name

SPACES_AND_DASHES = re.compile(rf"[\s{re.escape(''.join(sorted(DASHES)))}]+")
ONE_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
LONGEST_NAME = 80


class NameFault(enum.Enum):
    """What cannot be a name."""

    EMPTY = "empty"
    CHARACTERS = "characters"


def read_name(text: str) -> str | NameFault:
    """A typed first name or surname; only superfluous spaces are taken away."""
    name = " ".join(text.split())
    if not name:
        return NameFault.EMPTY
    return name if is_fit_for_name(name, LONGEST_NAME) else NameFault.CHARACTERS


def normalise(name: str) -> str:
    """The form in which names are compared; never the form in which they are shown or kept."""
    folded = unicodedata.normalize("NFD", name).casefold()
    return SPACES_AND_DASHES.sub(" ", unicodedata.normalize("NFC", folded).translate(ONE_APOSTROPHE)).strip()


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name."""
    return normalise(one) == normalise(other)
