import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.authorising.operation_code import CODES, Code, CodeFault, code_from, code_hash, read_code

codes = st.integers(0, CODES - 1).map(code_from)


@given(st.integers(0, CODES - 1))
def test_each_number_gives_its_own_six_digits(number: int) -> None:
    code = code_from(number)
    assert len(code) == 6
    assert int(code) == number
    assert read_code(code) == code


def test_leading_zeros_stay() -> None:
    assert code_from(42) == "000042"


def test_spaces_are_no_mistake() -> None:
    assert read_code(" 123 456\n") == Code("123456")


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12345x", "١٢٣٤٥٦", "²²²²²²", "-12345"])
def test_what_is_no_code(text: str) -> None:
    assert read_code(text) is CodeFault.NOT_SIX_DIGITS


@given(st.text(min_size=1), st.text(min_size=1), codes, codes)
def test_hashes_agree_only_for_the_same_operation_and_code(a: str, b: str, one: Code, other: Code) -> None:
    assert (code_hash(b"k", a, one) == code_hash(b"k", b, other)) == ((a, one) == (b, other))


def test_the_hash_depends_on_the_key() -> None:
    assert code_hash(b"k1", "op", Code("123456")) != code_hash(b"k2", "op", Code("123456"))
