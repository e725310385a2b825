import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.people.contact import Email, EmailFault, read_email, read_email_twice


def test_an_address_keeps_its_local_part_and_lowers_its_domain() -> None:
    assert read_email(" Jan.K+zus@Poczta.Example.PL ") == Email("Jan.K+zus@poczta.example.pl")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", EmailFault.EMPTY),
        ("jan", EmailFault.FORM),
        ("jan@", EmailFault.FORM),
        ("jan@localhost", EmailFault.FORM),
        ("jan@a@example.org", EmailFault.FORM),
        ("jan kowalski@example.org", EmailFault.FORM),
        ("jan@example..org", EmailFault.FORM),
        ("jan@-example.org", EmailFault.FORM),
        ("jan@example.org\nBcc: x@example.org", EmailFault.FORM),
        ("<jan@example.org>", EmailFault.FORM),
        ("a" * 65 + "@example.org", EmailFault.FORM),
        ("a@" + "b." * 126 + "org", EmailFault.TOO_LONG),
    ],
)
def test_faults_of_addresses(text: str, fault: EmailFault) -> None:
    assert read_email(text) is fault


def test_both_addresses_must_be_equal() -> None:
    assert read_email_twice("jan@example.org", "jan@Example.org ") == Email("jan@example.org")
    assert read_email_twice("jan@example.org", "jna@example.org") is EmailFault.NOT_EQUAL
    assert read_email_twice("jan@example.org", "") is EmailFault.NOT_EQUAL
    assert read_email_twice("", "jan@example.org") is EmailFault.EMPTY


@given(st.text())
def test_nothing_that_breaks_a_header_is_ever_accepted(text: str) -> None:
    read = read_email(text + "@example.org")
    if not isinstance(read, EmailFault):
        assert read.isprintable()
        assert not set(read) & set("<>,;: \r\n\t")
