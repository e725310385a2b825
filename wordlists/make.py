"""Makes `src/poreka/hashing/common_passwords.txt` from the two word lists beside it. Nothing is drawn by chance.

    .venv/bin/python wordlists/make.py

A test (`tests/hashing/test_common_passwords.py`) fails when the file differs from what this would write. Where the
words are from, and under which licence: README.md.
"""

import unicodedata
from collections.abc import Iterator
from itertools import chain, islice, product
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parent / "src" / "poreka" / "hashing" / "common_passwords.txt"
SHORTEST, LONGEST = 12, 24
OF_A_WORD = 4  # passwords made of one word, and the word twice
YEARS = ("2026", "2025", "2024", "2023", "2022", "2021", "2020")
ENDINGS = (
    "", "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890",
    *YEARS, *(f"{year}{more}" for year in YEARS for more in ("1", "12", "123")), *(f"1{year}" for year in YEARS),
    *(f"12{year}" for year in YEARS), *(f"123{year}" for year in YEARS), *(f"1234{year}" for year in YEARS),
)  # fmt: skip
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm")


def common_passwords() -> tuple[str, ...]:
    """All of them, sorted; each in small letters and digits."""
    words = tuple(dict.fromkeys(plain(word) for word in chain(_read("polish.txt"), _read("zxcvbn.txt"))))
    every = set(chain(walks(), chain.from_iterable(of_a_word(word) for word in words)))
    return tuple(sorted(text for text in every if SHORTEST <= len(text) <= LONGEST))


def plain(word: str) -> str:
    """A word as people type it who use no Polish letters."""
    letters = unicodedata.normalize("NFKD", word.casefold().replace("ł", "l"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def of_a_word(word: str) -> Iterator[str]:
    """The likeliest passwords of one word: with what people put behind it, and twice."""
    if len(word) >= SHORTEST:
        yield word
        return
    fitting = (word + ending for ending in ENDINGS if len(word + ending) >= SHORTEST)
    yield from islice(fitting, OF_A_WORD)
    yield word + word


def walks() -> Iterator[str]:
    """Ways over the keyboard: along rows, along columns there and back, and rows in turn."""
    for rows in product(ROWS, repeat=2):
        yield from _pairs(*rows)
    for start, columns in product(range(len(COLUMNS)), range(3, 6)):
        yield from _columns(COLUMNS[start : start + columns])
    for sizes, rows in product((3, 4, 5, 6), product(ROWS, repeat=3)):
        yield "".join(row[:sizes] for row in rows)
    for rows in product(ROWS, repeat=4):
        yield "".join(row[:3] for row in rows)


def _pairs(one: str, other: str) -> Iterator[str]:
    for size in range(1, 11):
        yield one + other[:size]
        yield one[:size] + other
        yield one[:size] + other[:size]
        yield one[:size] + one[:size][::-1]
        yield "".join(map("".join, zip(one[:size], other[:size], strict=False)))
        yield "".join(letter * 2 for letter in one[:size])


def _columns(columns: tuple[str, ...]) -> Iterator[str]:
    for order in (columns, columns[::-1]):
        for ways in product((1, -1), repeat=len(order)):
            yield "".join(column[::way] for column, way in zip(order, ways, strict=True))


def _read(name: str) -> list[str]:
    return (HERE / name).read_text(encoding="utf-8").split()


if __name__ == "__main__":
    TARGET.write_text("".join(f"{text}\n" for text in common_passwords()), encoding="ascii")
