import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.provider.subject import pairwise_subject

KEY = b"k" * 32
WORDS = st.text(max_size=8)


@given(WORDS, WORDS, WORDS, WORDS)
def test_core_8_1_different_sector_or_person_gives_a_different_subject(a: str, b: str, c: str, d: str) -> None:
    assert (pairwise_subject(a, b, KEY) == pairwise_subject(c, d, KEY)) == ((a, b) == (c, d))


def test_the_subject_depends_on_the_key_and_names_nobody() -> None:
    subject = pairwise_subject("portal.example", "p-1", KEY)
    assert subject != pairwise_subject("portal.example", "p-1", b"l" * 32)
    assert len(subject) == 43
    assert "p-1" not in subject


def test_a_short_key_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="32"):
        pairwise_subject("a", "b", b"short")
