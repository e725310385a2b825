import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.passwords.common_passwords import keys_of
from poreka.rules.passwords.new_password import OwnData, PasswordFault, normal_password, password_faults
from poreka.rules.people.pesel import Pesel

OWN = OwnData(
    first_name="Łukasz Jo",
    surname="Nowak-Żółć",
    pesel=Pesel("84051776908"),
    login="kolarz84",
    services=("Profil Zaufany", "PUE"),
)
COMMON = keys_of(["qwerty123456"])


@pytest.mark.parametrize(
    "password", ["zielony parowóz 7 gwiazd", "correct horse battery", "x8K!pq2#Lm9z", "a" * 100 + "bcdef"]
)
def test_long_passwords_of_any_kind_are_fine(password: str) -> None:
    assert password_faults(password, OWN, COMMON) == ()


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("krótkie hasł", None),
        ("krótkie has", PasswordFault.TOO_SHORT),
        ("zielona tama " * 10, PasswordFault.TOO_LONG),
        ("mocne-ŁUKASZ-hasło", PasswordFault.HOLDS_FIRST_NAME),
        ("parowóz nowak gwiazd", PasswordFault.HOLDS_SURNAME),
        ("parowóz żółć gwiazd", PasswordFault.HOLDS_SURNAME),
        ("parowóz 17.05.1984", PasswordFault.HOLDS_BIRTH_DATE),
        ("parowóz 1984-05-17", PasswordFault.HOLDS_BIRTH_DATE),
        ("parowóz170584!", PasswordFault.HOLDS_BIRTH_DATE),
        ("parowóz840517!", PasswordFault.HOLDS_BIRTH_DATE),
        ("xx Kolarz84 yy zz", PasswordFault.HOLDS_LOGIN),
        ("mocne-Lukasz-hasło", PasswordFault.HOLDS_FIRST_NAME),
        ("parowóz N0w@k gwiazd", PasswordFault.HOLDS_SURNAME),
        ("parowóz 76908 gwiazd", PasswordFault.HOLDS_PESEL),
        ("parowóz 177-6908 gwiazd", PasswordFault.HOLDS_PESEL),
        ("Mój profil-zaufany", PasswordFault.HOLDS_SERVICE),
        ("Pr0fil.Zaufany.7", PasswordFault.HOLDS_SERVICE),
        ("PUE928374655!", PasswordFault.HOLDS_SERVICE),
        ("parowóz pue gwiazd", None),
        ("Qwerty123456", PasswordFault.WELL_KNOWN),
        ("121212121212", PasswordFault.WELL_KNOWN),
        ("major jogging song", None),  # "Jo" is too short a name to look for
    ],
)
def test_each_fault_alone(password: str, fault: PasswordFault | None) -> None:
    assert password_faults(password, OWN, COMMON) == (() if fault is None else (fault,))


def test_all_faults_come_at_once() -> None:
    assert password_faults("Łukasz", OWN, COMMON) == (PasswordFault.TOO_SHORT, PasswordFault.HOLDS_FIRST_NAME)


def test_the_same_keys_give_the_same_password() -> None:
    assert normal_password("z\u0307o\u0301łw") == normal_password("żółw") == "żółw"


@given(st.text(max_size=200))
def test_every_text_gets_an_answer(text: str) -> None:
    faults = password_faults(text, OWN, COMMON)
    assert (PasswordFault.TOO_SHORT in faults) == (len(normal_password(text)) < 12)
    assert len(set(faults)) == len(faults)


def test_what_is_not_known_yet_is_no_fault() -> None:
    own = OwnData(first_name="", surname="", pesel=None, login="", services=("",))
    assert password_faults("parowóz 17.05.1984 gwiazd", own, COMMON) == ()


@given(st.integers(0, 6), st.integers(5, 11), st.text("żółwik ", min_size=12, max_size=30))
def test_no_five_digits_in_a_row_of_ones_pesel_are_accepted(start: int, length: int, words: str) -> None:
    part = "84051776908"[start : start + length]
    faults = password_faults(words + part, OWN, COMMON)
    assert {PasswordFault.HOLDS_PESEL, PasswordFault.HOLDS_BIRTH_DATE} & set(faults)
