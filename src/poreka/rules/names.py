"""Reading a name that somebody types, and when two spellings are the same name (Z5).

Equal after normalising Unicode form, case, spaces and hyphens; nothing looser. `Nowak-Zielińska` equals
`NOWAK  ZIELIŃSKA`; `Łukasz` does not equal `Lukasz`, nor `Żak` `Zak`: a lost diacritic may be another person.
Matching is canonical caseless matching of the Unicode Standard (section 3.13, D145). Which facts of two
people differ is `person.differing_facts`.
"""

import enum
import re
import unicodedata

from poreka.shown_words import is_fit_for_name

# The last three are what word processors type for "-".
SPACES_AND_HYPHENS = re.compile(r"[\s\-\u2010\u2011\u2013]+")
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
    return SPACES_AND_HYPHENS.sub(" ", unicodedata.normalize("NFC", folded)).strip()


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name."""
    return normalise(one) == normalise(other)
