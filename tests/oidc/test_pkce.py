import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.pkce import PkceRefused, challenge_of, check_challenge, check_verifier

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_rfc_7636_appendix_b() -> None:
    assert challenge_of(VERIFIER) == CHALLENGE
    check_verifier(VERIFIER, CHALLENGE)


@pytest.mark.parametrize(
    ("challenge", "method"),
    [(None, "S256"), (CHALLENGE, None), (CHALLENGE, "plain"), (CHALLENGE + "A", "S256"), ("é" * 43, "S256")],
)
def test_only_s256_challenges_are_taken(challenge: str | None, method: str | None) -> None:
    with pytest.raises(PkceRefused):
        check_challenge(challenge, method)


def test_a_good_challenge_is_returned() -> None:
    assert check_challenge(CHALLENGE, "S256") == CHALLENGE


@pytest.mark.parametrize("verifier", [None, "", "a" * 42, "a" * 129, "a" * 43, VERIFIER + " ", "ą" * 43])
def test_rfc_7636_4_6_another_verifier_is_refused(verifier: str | None) -> None:
    with pytest.raises(PkceRefused):
        check_verifier(verifier, CHALLENGE)


def test_rfc_9700_4_8_2_a_verifier_without_challenge_is_refused() -> None:
    check_verifier(None, None)
    with pytest.raises(PkceRefused):
        check_verifier(VERIFIER, None)


@given(
    st.from_regex(r"[A-Za-z0-9._~-]{43,128}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9._~-]{43,128}", fullmatch=True),
)
def test_a_verifier_opens_its_own_challenge_only(one: str, other: str) -> None:
    check_verifier(one, check_challenge(challenge_of(one), "S256"))
    if one != other:
        with pytest.raises(PkceRefused):
            check_verifier(other, challenge_of(one))
