import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.passwords import OwnData, PasswordFault, normal_password, password_faults

OWN = OwnData(
    first_name="Łukasz Jo",
    surname="Nowak-Żółć",
    birth_date=datetime.date(1984, 5, 17),
    login="lukasz84",
)


@pytest.mark.parametrize(
    "password", ["zielony parowóz 7 gwiazd", "correct horse battery", "x8K!pq2#Lm9z", "a" * 100 + "bcdef"]
)
def test_long_passwords_of_any_kind_are_fine(password: str) -> None:
    assert password_faults(password, OWN) == ()


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("krótkie hasł", None),
        ("krótkie has", PasswordFault.TOO_SHORT),
        ("abcdefg" * 19, PasswordFault.TOO_LONG),
        ("mocne-ŁUKASZ-hasło", PasswordFault.HOLDS_FIRST_NAME),
        ("parowóz nowak gwiazd", PasswordFault.HOLDS_SURNAME),
        ("parowóz żółć gwiazd", PasswordFault.HOLDS_SURNAME),
        ("parowóz 17.05.1984", PasswordFault.HOLDS_BIRTH_DATE),
        ("parowóz 1984-05-17", PasswordFault.HOLDS_BIRTH_DATE),
        ("parowóz170584!", PasswordFault.HOLDS_BIRTH_DATE),
        ("parowóz840517!", PasswordFault.HOLDS_BIRTH_DATE),
        ("xx Lukasz84 yy zz", PasswordFault.HOLDS_LOGIN),
        ("Qwerty123456", PasswordFault.WELL_KNOWN),
        ("121212121212", PasswordFault.WELL_KNOWN),
        ("major jogging song", None),  # "Jo" is too short a name to look for
    ],
)
def test_each_fault_alone(password: str, fault: PasswordFault | None) -> None:
    assert password_faults(password, OWN) == (() if fault is None else (fault,))


def test_all_faults_come_at_once() -> None:
    assert password_faults("Łukasz", OWN) == (PasswordFault.TOO_SHORT, PasswordFault.HOLDS_FIRST_NAME)


def test_the_same_keys_give_the_same_password() -> None:
    assert normal_password("z\u0307o\u0301łw") == normal_password("żółw") == "żółw"


@given(st.text(max_size=200))
def test_every_text_gets_an_answer(text: str) -> None:
    faults = password_faults(text, OWN)
    assert (PasswordFault.TOO_SHORT in faults) == (len(normal_password(text)) < 12)
    assert len(set(faults)) == len(faults)
