import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.systems.portal.rules.qualified_statements import is_qualified_for_signatures
from tests.support.certificates import COMPLIANCE, SEALS, SEMANTICS, SIGNATURES, TYPE, der, qualified, statement

FOR_SIGNATURES = statement(TYPE, der(0x30, der(0x06, bytes.fromhex(SIGNATURES))))
QUALIFIED = statement(COMPLIANCE)


@pytest.mark.parametrize(
    "said",
    [
        qualified(),
        der(0x30, FOR_SIGNATURES, QUALIFIED),
        der(0x30, QUALIFIED, statement(SEMANTICS, der(0x30, b"\x06\x01\x05")), FOR_SIGNATURES),
        b"\x30\x81\x9e" + der(0x30, QUALIFIED, FOR_SIGNATURES)[2:] + statement(SEMANTICS, der(0x04, b"x" * 113)),
    ],
)
def test_a_qualified_certificate_for_signatures(said: bytes) -> None:
    assert is_qualified_for_signatures(said)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x30",
        der(0x30),
        der(0x30, QUALIFIED),
        der(0x30, FOR_SIGNATURES),
        qualified(SEALS),
        der(0x30, QUALIFIED, statement(TYPE, der(0x30, der(0x06, bytes.fromhex(SIGNATURES)) * 2))),
        der(0x30, QUALIFIED, statement(TYPE)),
        der(0x30, QUALIFIED, statement(TYPE, der(0x06, bytes.fromhex(SIGNATURES)))),
        der(0x30, QUALIFIED, der(0x06, b"\x05")),
        der(0x30, QUALIFIED, der(0x30, der(0x04, b"\x05"))),
        qualified() + b"\0",
        qualified()[:-1],
        b"\x31" + qualified()[1:],
        b"\x30\x80" + qualified()[2:] + b"\0\0",
        b"\x30\x83\x00\x00" + qualified()[1:],
        b"\x30\x82\x00",
    ],
)
def test_anything_else_is_not(said: bytes) -> None:
    assert not is_qualified_for_signatures(said)


@given(st.binary(max_size=200))
def test_nonsense_is_read_to_the_end_and_never_qualifies(said: bytes) -> None:
    assert not is_qualified_for_signatures(said)


@given(st.integers(0, len(qualified()) - 1), st.integers(0, 255))
def test_one_changed_byte_gives_an_answer(place: int, byte: int) -> None:
    changed = bytearray(qualified())
    changed[place] = byte
    assert is_qualified_for_signatures(bytes(changed)) in (True, False)
