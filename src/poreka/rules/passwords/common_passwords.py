"""Whether a password is a common one, or a common one with the changes that everybody makes.

Compared without case, accents and separators; digits and signs before and behind do not count, nor do letters
written as digits (`h4sl0`), digits typed with Shift (`!@#`), and a word that is typed several times. What is common
is an argument: `keys_of` a list, which `hashing/common_passwords.py` reads.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise, product

LONGEST_PASSWORD = 128  # nothing longer is looked at
SHORTEST_STEM = 4  # of "12ab345..." nothing is left that one could know
LONGEST_ADDED = 12  # digits and signs, before and behind
LONGEST_UNIT = 5  # "kot7kot7kot7"
UPWARDS = "0123456789" * (LONGEST_PASSWORD // 10 + 2)
ADDED = "0123456789!\"#$%&'()*+:;<=>?@[\\]^`{|}~"
SEPARATORS = str.maketrans("ł", "l", " .-/_,")
LETTERS = str.maketrans("01!|l34@5$78", "oiiiieaasstb")  # "l" too: what looks like it cannot be told apart
WITHOUT_SHIFT = str.maketrans("!@#$%^&*()", "1234567890")


def keys_of(passwords: Iterable[str]) -> frozenset[str]:
    """The forms by which common passwords are known: each whole, and without the digits around it."""
    return frozenset(key for password in passwords for key in _keys(folded(password)))


def is_common(password: str, keys: frozenset[str]) -> bool:
    """Whether `keys` know this password, or anybody could continue it after its first characters."""
    plain = folded(password[:LONGEST_PASSWORD])
    if _repeats(plain, LONGEST_UNIT) or _counts(plain):
        return True
    return any(form in keys for stem in _stems(plain) for form in _forms(stem))


def folded(text: str) -> str:
    """Small letters without accents and separators."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(SEPARATORS)


def as_letters(plain: str) -> str:
    """A folded text with letters in the place of the digits and signs that stand for them."""
    return plain.translate(LETTERS)


def _keys(plain: str) -> Iterator[str]:
    stem = plain.strip(ADDED)
    for text in (plain, stem):
        if len(text) >= SHORTEST_STEM:
            yield from (as_letters(text), text.translate(WITHOUT_SHIFT))


def _stems(plain: str) -> Iterator[str]:
    """The text with ever more of the digits and signs around it taken away."""
    before = min(len(plain) - len(plain.lstrip(ADDED)), LONGEST_ADDED)
    behind = min(len(plain) - len(plain.rstrip(ADDED)), LONGEST_ADDED)
    for start, cut in product(range(before + 1), range(behind + 1)):
        stem = plain[start : len(plain) - cut]
        if len(stem) >= SHORTEST_STEM:
            yield stem


def _forms(stem: str) -> Iterator[str]:
    for form in (as_letters(stem), stem.translate(WITHOUT_SHIFT)):
        yield form
        unit = form[: (form + form).find(form, 1)]  # all of it, unless it is one word several times
        if len(unit) >= SHORTEST_STEM:
            yield unit


def _repeats(plain: str, longest: int) -> bool:
    return any(
        plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, min(longest, len(plain) - 1) + 1)
    )


def _counts(plain: str) -> bool:
    """Whether every character is the next, or the one before, of its neighbour: "abcdefgh", "98765432109"."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return steps in ({1}, {-1}) or (bool(plain) and (plain in UPWARDS or plain in UPWARDS[::-1]))
