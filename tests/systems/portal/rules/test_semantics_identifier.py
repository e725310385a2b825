import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.people.pesel import Pesel
from poreka.systems.portal.rules.semantics_identifier import IdentifierFault, read_identifier
from tests.rules.synthetic import valid_digits


@given(valid_digits)
def test_a_polish_personal_number_is_a_pesel(digits: str) -> None:
    assert read_identifier(f"PNOPL-{digits}") == Pesel(digits)


@given(st.text(max_size=40))
def test_any_text_is_a_pesel_or_a_fault_and_a_pesel_only_under_its_own_name(text: str) -> None:
    read = read_identifier(text)
    assert isinstance(read, IdentifierFault) or text == f"PNOPL-{read.digits}"


@pytest.mark.parametrize(
    "text", ["PNODE-83041741039", "PASPL-ZZ1234567", "IDCPL-ABC123456", "TINPL-1234567890", "PNOSK-8304174103",
             "UE:PL-83041741039"],
)  # fmt: skip
def test_another_number_is_not_ours(text: str) -> None:
    assert read_identifier(text) is IdentifierFault.OTHER_NUMBER


@pytest.mark.parametrize(
    "text",
    ["", "83041741039", "PESEL:83041741039", "pnopl-83041741039", " PNOPL-83041741039", "PNOPL83041741039",
     "PNO-83041741039", "XYZPL-83041741039", "PNODE-", "PNOde-1", "ŁŁ:PL-1"],
)  # fmt: skip
def test_what_is_no_such_identifier(text: str) -> None:
    assert read_identifier(text) is IdentifierFault.FORM


@pytest.mark.parametrize(
    "number", ["", "851212569836", "83041741038", "83041741039 ", "8304174103９", "83441741039", "0" * 11]
)
def test_a_number_that_is_no_pesel(number: str) -> None:
    assert read_identifier(f"PNOPL-{number}") is IdentifierFault.PESEL
