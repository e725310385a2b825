"""Invented people in any number: the data the cost-per-journey curves are drawn over.

`people(count, seed)` yields the same people for the same seed, each with a PESEL and a customer number that
no other one has. Names come from short lists and made-up stems; PESELs carry a right check digit and belong
to nobody on purpose. Speed comes from tables: a birth date and a serial number each bring their share of the
check sum.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

# fmt: off
_WOMEN = [
    "Agata", "Alicja", "Aniela", "Barbara", "Bogna", "Celina", "Daria", "Dorota", "Elżbieta", "Felicja",
    "Grażyna", "Halina", "Irena", "Jagoda", "Kalina", "Kinga", "Łucja", "Malwina", "Michalina", "Nina",
    "Olga", "Pola", "Róża", "Sabina", "Tamara", "Urszula", "Wanda", "Zuzanna", "Żaneta", "Żywia",
]
_MEN = [
    "Adrian", "Błażej", "Cezary", "Damian", "Edmund", "Filip", "Grzegorz", "Hubert", "Ignacy", "Jacek",
    "Kacper", "Leon", "Łukasz", "Maciej", "Norbert", "Oskar", "Paweł", "Radosław", "Sławomir", "Tadeusz",
    "Urban", "Wacław", "Zbigniew", "Zdzisław", "Żegota", "Bartosz", "Dawid", "Emil", "Gabriel", "Igor",
]
_STEMS = [
    "Bron", "Chmiel", "Dobr", "Głęb", "Grab", "Gwizd", "Jarzęb", "Jeżyn", "Kalin", "Klon", "Koper",
    "Leszczyn", "Lip", "Łopian", "Malin", "Miod", "Modrzew", "Olch", "Paprot", "Perz", "Pokrzyw", "Ruman",
    "Sarn", "Sosn", "Szafir", "Śliw", "Topol", "Wierzb", "Wrzos", "Zawil", "Żuraw", "Źrebł",
]
# fmt: on
_ENDINGS = (("owski", "owska"), ("owicz", "owicz"), ("owiak", "owiak"), ("owiec", "owiec"), ("owik", "owik"))

_FIRST_BIRTH = date(1936, 1, 1)
_DAYS = 26_297
_SERIALS = 10_000
_NUMBERS = 90_000_000
_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_MOST_PEOPLE = min(_DAYS * _SERIALS, _NUMBERS)


class Person(NamedTuple):
    """One invented person, as a bank would know them."""

    first_name: str
    last_name: str
    pesel: str
    customer_number: str


def people(count: int, seed: int = 1) -> Iterator[Person]:
    """The first `count` invented people of this seed, the same ones in the same order every time."""
    if not 0 <= count <= _MOST_PEOPLE:
        raise ValueError(f"between 0 and {_MOST_PEOPLE} people, not {count}")
    return islice(_endless(seed), count)


def _endless(seed: int) -> Iterator[Person]:
    dates = [_with_sum(_date_digits(_FIRST_BIRTH + timedelta(days=day)), 0) for day in range(_DAYS)]
    serials = [_with_sum(f"{serial:04}", 6) for serial in range(_SERIALS)]
    names = _names()
    # Steps without a common factor with the length visit every place once before any place twice.
    day, number = (seed * 7919) % _DAYS, (seed * 104_729) % _NUMBERS
    serial_start = (seed * 6151) % _SERIALS
    mixed = seed & 0xFFFFFFFF
    made = 0
    while True:
        round_trip, _ = divmod(made, _DAYS)
        date_digits, date_sum = dates[day]
        serial_digits, serial_sum = serials[(serial_start + round_trip * 3559 + day) % _SERIALS]
        mixed = (mixed * 1_664_525 + 1_013_904_223) & 0xFFFFFFFF
        woman = int(serial_digits[3]) % 2 == 0
        given, family = names[woman]
        yield Person(
            given[(mixed >> 8) % len(given)],
            family[(mixed >> 16) % len(family)],
            f"{date_digits}{serial_digits}{-(date_sum + serial_sum) % 10}",
            str(10_000_000 + number),
        )
        made += 1
        day = (day + 9973) % _DAYS
        number = (number + 38_196_601) % _NUMBERS


def _names() -> tuple[tuple[list[str], list[str]], tuple[list[str], list[str]]]:
    """Given names and surnames for men, then for women."""
    his = [stem + ending for stem in _STEMS for ending, _ in _ENDINGS]
    hers = [stem + ending for stem in _STEMS for _, ending in _ENDINGS]
    return (_MEN, his), (_WOMEN, hers)


def _date_digits(birth: date) -> str:
    month = birth.month + (20 if birth.year >= 2000 else 0)
    return f"{birth.year % 100:02}{month:02}{birth.day:02}"


def _with_sum(digits: str, place: int) -> tuple[str, int]:
    """The digits and their share of the PESEL check sum when they begin at this place."""
    return digits, sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS[place:], strict=False))
