import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.store.seal import CannotUnseal, Seal

OLD, NEW = b"old secret " * 4, b"new secret " * 4
NONCE = bytes(12)


@given(st.binary(max_size=200), st.text(max_size=50))
def test_what_was_sealed_is_unsealed(value: bytes, context: str) -> None:
    seal = Seal({1: OLD})
    sealed = seal.seal(value, context, NONCE)
    assert seal.unseal(sealed, context) == value
    assert len(value) < 4 or value not in sealed


def test_a_value_moved_elsewhere_is_refused() -> None:
    seal = Seal({1: OLD})
    sealed = seal.seal(b"value", "customers.pesel:1", NONCE)
    for context in ("customers.pesel:2", "customers.identifier:1", ""):
        with pytest.raises(CannotUnseal):
            seal.unseal(sealed, context)


@given(st.integers(0, 33), st.integers(1, 255))
def test_a_changed_value_is_refused(place: int, change: int) -> None:
    seal = Seal({1: OLD})
    sealed = bytearray(seal.seal(b"value", "context", NONCE))
    assert len(sealed) == 34
    sealed[place] ^= change
    with pytest.raises(CannotUnseal):
        seal.unseal(bytes(sealed), "context")


def test_nothing_and_fragments_are_refused() -> None:
    seal = Seal({1: OLD})
    for broken in (b"", b"\x01", b"\x01" + NONCE, b"\x01" + NONCE + b"x", b"\x01short"):
        with pytest.raises(CannotUnseal):
            seal.unseal(broken, "context")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old, both = Seal({1: OLD}), Seal({1: OLD, 2: NEW})
    assert both.unseal(old.seal(b"value", "c", NONCE), "c") == b"value"
    sealed = both.seal(b"value", "c", NONCE)
    assert sealed[0] == 2
    with pytest.raises(CannotUnseal, match="unknown key"):
        old.unseal(sealed, "c")


def test_the_blind_index_survives_a_new_key_and_tells_purposes_apart() -> None:
    old, both = Seal({1: OLD}), Seal({1: OLD, 2: NEW})
    assert old.index("44051401359", "pesel") == both.index("44051401359", "pesel")
    assert old.index("44051401359", "pesel") != old.index("44051401359", "insured")
    assert old.index("44051401359", "pesel") != Seal({1: NEW}).index("44051401359", "pesel")


def test_a_short_nonce_is_a_bug() -> None:
    with pytest.raises(ValueError, match="12 bytes"):
        Seal({1: OLD}).seal(b"", "", b"short")
