import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.people.pesel import Pesel, PeselFault, Sex, read_pesel
from tests.rules.synthetic import births, digits_of, serials, valid_digits


@given(births, serials)
def test_a_right_number_is_read_with_its_date_and_sex(born: datetime.date, serial: int) -> None:
    read = read_pesel(digits_of(born, serial))
    assert isinstance(read, Pesel)
    assert read.birth_date == born
    assert read.sex is (Sex.MALE if serial % 2 else Sex.FEMALE)


@given(valid_digits, st.integers(0, 10), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(digits: str, place: int, added: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + added) % 10) + digits[place + 1 :]
    assert read_pesel(wrong) in {PeselFault.DATE, PeselFault.CHECKSUM}


@given(st.text())
def test_any_text_gets_an_answer_and_only_eleven_ascii_digits_can_be_a_number(text: str) -> None:
    if isinstance(read_pesel(text), Pesel):
        assert len(text) == 11
        assert set(text) <= set("0123456789")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", PeselFault.LENGTH),
        ("851212569836", PeselFault.LENGTH),  # X3: twelve digits, never cut to eleven
        (" " + digits_of(datetime.date(1990, 1, 1), 1), PeselFault.LENGTH),
        ("7103O844170", PeselFault.CHARACTERS),
        ("٧١٠٣٠٨٤٤١٧٠", PeselFault.CHARACTERS),
        ("00000000000", PeselFault.DATE),
        ("90133012345", PeselFault.DATE),
        ("90023012345", PeselFault.DATE),
        ("99999999999", PeselFault.DATE),
    ],
)
def test_faults(text: str, fault: PeselFault) -> None:
    assert read_pesel(text) is fault


def test_a_wrong_check_digit_is_told() -> None:
    right = digits_of(datetime.date(1990, 1, 1), 1234)
    assert read_pesel(right[:10] + str((int(right[10]) + 1) % 10)) is PeselFault.CHECKSUM


def test_leap_days_follow_the_calendar_of_their_century() -> None:
    assert isinstance(read_pesel(digits_of(datetime.date(2000, 2, 29), 7)), Pesel)
    assert read_pesel("00022900007") is PeselFault.DATE  # 1900 had no 29 February


@given(valid_digits)
def test_printing_never_shows_the_number(digits: str) -> None:
    pesel = Pesel(digits)
    shown = [
        repr(pesel),
        str(pesel),
        f"{pesel}",
        f"{pesel!r:>40}",
        repr({"who": pesel}),
        str(pesel.__rich_repr__()),
    ]
    assert not any(digits in text or digits[:6] in text or digits[6:] in text for text in shown)
    assert pesel.digits == digits
