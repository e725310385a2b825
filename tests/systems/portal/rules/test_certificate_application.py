"""The document of an application: what was filled in, the three facts, and nothing that could be another line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.trusted_signature import LONGEST_NAME, LONGEST_SUMMARY
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.systems.portal.rules.certificate_application import (
    LONGEST_ADDRESSEE,
    AddresseeFault,
    Application,
    Purpose,
    document_of,
    file_name,
    read_addressee,
    summary_of,
)

FACTS = PersonFacts(first_name="Łukasz", surname="Żółć", pesel=Pesel("83041741039"))


def application(addressee: str = "Bank", *, known: bool = True) -> Application:
    return Application(
        number="1234567890",
        purpose=Purpose.CREDIT,
        addressee=addressee,
        known_to_register=known,
        made_at=1_800_000_000,
    )


def test_the_document_says_who_what_and_for_whom() -> None:
    text = document_of(application(), FACTS).decode()
    for line in ("Numer wniosku: 1234567890", "Wnioskodawca: Łukasz Żółć", "PESEL: 83041741039", "Dla kogo: Bank"):
        assert f"{line}\n" in text
    assert "W rejestrze ubezpieczonych: są dane o tej osobie" in text
    assert (
        "W rejestrze ubezpieczonych: nie ma danych o tej osobie"
        in document_of(application(known=False), FACTS).decode()
    )
    assert document_of(application(), FACTS) == document_of(application(), FACTS)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Bank \t Spółdzielczy\n", "Bank Spółdzielczy"),
        ("", AddresseeFault.EMPTY),
        (" \n", AddresseeFault.EMPTY),
        ("x" * 121, AddresseeFault.TOO_LONG),
        ("a\u202eb", AddresseeFault.NOT_PLAIN),
        ("a\0b", AddresseeFault.NOT_PLAIN),
    ],
)
def test_an_addressee_is_one_line(typed: str, read: str | AddresseeFault) -> None:
    assert read_addressee(typed) == read


@given(st.text(max_size=200))
def test_whatever_is_typed_fits_a_signature_and_adds_no_line(typed: str) -> None:
    addressee = read_addressee(typed)
    if isinstance(addressee, AddresseeFault):
        return
    assert len(addressee) <= LONGEST_ADDRESSEE
    made = application(addressee)
    assert len(summary_of(made)) <= LONGEST_SUMMARY
    assert summary_of(made).isprintable()
    assert len(file_name(made)) <= LONGEST_NAME
    assert document_of(made, FACTS).count(b"\n") == document_of(application(), FACTS).count(b"\n")
