import pytest

from poreka.provider.rules.customer_number import CustomerNumber, CustomerNumberFault, read_customer_number


def test_eight_digits_with_or_without_spaces() -> None:
    assert read_customer_number("10000001") == CustomerNumber("10000001")
    assert read_customer_number(" 1000 0001 ") == CustomerNumber("10000001")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", CustomerNumberFault.EMPTY),
        ("  ", CustomerNumberFault.EMPTY),
        ("1000000", CustomerNumberFault.LENGTH),
        ("851212569836", CustomerNumberFault.LENGTH),
        ("1000000a", CustomerNumberFault.CHARACTERS),
        ("١٠٠٠٠٠٠١", CustomerNumberFault.CHARACTERS),
    ],
)
def test_faults(text: str, fault: CustomerNumberFault) -> None:
    assert read_customer_number(text) is fault


def test_another_bank_may_have_another_length() -> None:
    assert read_customer_number("123456", length=6) == CustomerNumber("123456")
