"""What a spreadsheet makes of the cells of a table, undone: odd spaces, words for truth, days, numbers without zeros.

Excel and LibreOffice write TRUE as `PRAWDA`, groups of digits with no-break spaces, days as `31.01.2026`, and they take
a PESEL for a number: its zeros in front are lost, or the rest of it (`8,3E+10`). Only what can be undone for certain is
undone. Which columns there are is `provider/rules/customer_columns.py`.
"""

import datetime
import re
import unicodedata

from poreka.rules.people.pesel import Pesel, PeselFault, read_pesel
from poreka.rules.warsaw_time import WARSAW

TRUTH = dict.fromkeys(("true", "prawda", "tak", "yes", "1"), True)
TRUTH |= dict.fromkeys(("false", "fałsz", "falsz", "nie", "no", "0"), False)
FIRST_CENTURY_WITH_ZEROS = 2000  # somebody born from 1900 to 1909 is nobody's customer
SHORTENED = re.compile(r"[0-9][.,]?[0-9]*[Ee]\+?[0-9]+")
AS_TEXT = re.compile(r'="([^"]*)"')  # written so by hand, to keep zeros
DAY = re.compile(r"([0-9]{1,2})([.-])([0-9]{1,2})\2([0-9]{4})(?:,?[ T](.+))?")


def plain_cell(text: str) -> str:
    """A cell with ordinary spaces, without those around it and without signs that cannot be seen."""
    if text.isascii() and text.isprintable():
        return _out_of_formula(text.strip())
    seen = (" " if unicodedata.category(one) == "Zs" else one for one in text if unicodedata.category(one) != "Cf")
    return _out_of_formula("".join(seen).strip())


def _out_of_formula(plain: str) -> str:
    as_text = AS_TEXT.fullmatch(plain)
    return as_text[1].strip() if as_text else plain


def read_truth(text: str) -> bool | None:
    """A word for true or false, in Polish, English or figures; None for any other."""
    return TRUTH.get(text.casefold())


def is_shortened(text: str) -> bool:
    """Whether digits are lost for good: `8,30417E+10`."""
    return SHORTENED.fullmatch(text) is not None


def pesel_with_zeros(text: str) -> Pesel | PeselFault:
    """A PESEL, to which zeros in front are given back where the date and the check digit then fit."""
    read = read_pesel(text)
    if read is not PeselFault.LENGTH or len(text) not in (9, 10):
        return read
    padded = read_pesel(text.zfill(11))
    if isinstance(padded, PeselFault) or padded.birth_date.year < FIRST_CENTURY_WITH_ZEROS:
        return read
    return padded


def read_moment(text: str, bare: datetime.time) -> int | None:
    """A moment; without a zone it is Poland's, and a day alone means its `bare` time. None for anything else."""
    try:
        read = datetime.datetime.fromisoformat(_in_iso_order(text))
        if re.fullmatch(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}", _in_iso_order(text)):
            read = datetime.datetime.combine(read, bare)
        return int((read if read.tzinfo else read.replace(tzinfo=WARSAW)).timestamp())
    except (ValueError, OverflowError):
        return None


def _in_iso_order(text: str) -> str:
    """`31.01.2026 12:00` as `2026-01-31 12:00`."""
    found = DAY.fullmatch(text)
    if found is None:
        return text
    day, _, month, year, time = found.groups()
    hour = f" {'0' if time[1:2] == ':' else ''}{time}" if time else ""
    return f"{year}-{month:0>2}-{day:0>2}{hour}"
