"""How people reach an institution: which numbers and which addresses a settings file may hold."""

import msgspec
import pytest

from poreka.web.settings.contact import HelpLinks, Telephone


@pytest.mark.parametrize("number", ["800 121 121", "81 535 67 89", "+48 22 000 00 00", "19999", "112"])
def test_numbers_as_people_read_them(number: str) -> None:
    assert msgspec.convert(number, Telephone) == number


@pytest.mark.parametrize(
    "number", ["", "12", "800-121-121", "call us", "800  121", " 800 121 121", "800 121 121 ", "1" * 30]
)
def test_what_is_no_number(number: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(number, Telephone)


@pytest.mark.parametrize(
    "address", ["", "https://www.bank.example/branches?near=1", "http://start.localhost:8000/outside"]
)
def test_addresses_of_pages(address: str) -> None:
    assert HelpLinks(branches=address).branches == address


@pytest.mark.parametrize(
    "address", ["/branches", "bank.example", "http://bank.example/", "javascript:alert(1)", "https://a b/"]
)
def test_what_is_no_address_of_a_page(address: str) -> None:
    with pytest.raises(ValueError, match=r"^bank\.links\.open_account: "):
        HelpLinks(open_account=address)
