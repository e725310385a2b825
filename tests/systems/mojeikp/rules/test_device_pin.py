"""Which PINs a bound device takes (K3)."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.systems.mojeikp.rules.pin import LONGEST, SHORTEST, PinFault, is_pin, pin_faults

BORN = datetime.date(1983, 4, 17)
MILLENNIAL = datetime.date(2017, 5, 14)


@pytest.mark.parametrize("pin", ["7392", "50817", "902846", "1357908", "31415926", "1233", "1324"])
def test_taken(pin: str) -> None:
    assert pin_faults(pin, BORN) == ()


@pytest.mark.parametrize(
    ("pin", "fault"),
    [
        ("", PinFault.DIGITS),
        ("123", PinFault.DIGITS),
        ("123456789", PinFault.DIGITS),
        ("73 92", PinFault.DIGITS),
        ("٧٣٩٢", PinFault.DIGITS),
        ("0000", PinFault.EQUAL),
        ("99999999", PinFault.EQUAL),
        ("1234", PinFault.RUNNING),
        ("8901", PinFault.RUNNING),
        ("4321", PinFault.RUNNING),
        ("1098", PinFault.RUNNING),
        ("1704", PinFault.BIRTH_DATE),
        ("0417", PinFault.BIRTH_DATE),
        ("1983", PinFault.BIRTH_DATE),
        ("8304", PinFault.BIRTH_DATE),
        ("170483", PinFault.BIRTH_DATE),
        ("17041983", PinFault.BIRTH_DATE),
        ("19830417", PinFault.BIRTH_DATE),
        ("830417", PinFault.BIRTH_DATE),
        ("0483", PinFault.BIRTH_DATE),
        ("5170483", PinFault.BIRTH_DATE),
    ],
)
def test_not_taken(pin: str, fault: PinFault) -> None:
    assert fault in pin_faults(pin, BORN)


def test_the_first_digits_of_a_pesel_of_this_century_are_a_date_of_birth_too() -> None:
    assert pin_faults("172514", MILLENNIAL) == (PinFault.BIRTH_DATE,)
    assert pin_faults("2514", MILLENNIAL) == (PinFault.BIRTH_DATE,)


def test_all_faults_come_at_once() -> None:
    born = datetime.date(2012, 12, 12)
    assert pin_faults("1111", born) == (PinFault.EQUAL,)
    assert set(pin_faults("2222", datetime.date(2022, 2, 22))) == {PinFault.EQUAL, PinFault.BIRTH_DATE}


@given(st.text(max_size=12))
def test_what_is_taken_is_four_to_eight_digits(text: str) -> None:
    if not pin_faults(text, BORN):
        assert is_pin(text)
        assert SHORTEST <= len(text.encode()) <= LONGEST


@given(st.dates(datetime.date(1800, 1, 1), datetime.date(2299, 12, 31)))
def test_nobodys_own_day_is_taken_however_it_is_written(born: datetime.date) -> None:
    for form in ("%d%m", "%m%d", "%Y", "%d%m%y", "%y%m%d", "%d%m%Y", "%Y%m%d", "%m%y"):
        assert pin_faults(born.strftime(form), born)
