import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.people.login_name import LoginName, LoginNameFault, read_login_name, read_user_name


def test_case_and_surrounding_spaces_do_not_matter() -> None:
    assert read_login_name(" Jan.Kowalski ") == LoginName("jan.kowalski")
    assert read_login_name("jan@example.org") == LoginName("jan@example.org")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", LoginNameFault.LENGTH),
        ("ab", LoginNameFault.LENGTH),
        ("a" * 65, LoginNameFault.LENGTH),
        (".jan", LoginNameFault.CHARACTERS),
        ("łukasz", LoginNameFault.CHARACTERS),
        ("jan kowalski", LoginNameFault.CHARACTERS),
        ("jan\u043ewalski", LoginNameFault.CHARACTERS),  # a Cyrillic letter that looks like "o"
    ],
)
def test_faults(text: str, fault: LoginNameFault) -> None:
    assert read_login_name(text) is fault


@given(st.text(alphabet="abcXYZ019._@+- ł\u212a"))
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    name = read_login_name(text)
    if not isinstance(name, LoginNameFault):
        assert read_login_name(name) == name
        assert name.isascii()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Jan.Kowalski", LoginName("jan.kowalski")),
        ("jan@poczta.example", LoginNameFault.EMAIL),
        ("83041741039", LoginNameFault.NO_LETTER),
        ("ab", LoginNameFault.LENGTH),
        ("żaneta", LoginNameFault.CHARACTERS),
    ],
)
def test_a_user_name_is_no_address_and_no_number(typed: str, read: object) -> None:
    assert read_user_name(typed) == read
