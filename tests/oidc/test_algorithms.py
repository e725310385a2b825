import pytest

from poreka.oidc.algorithms import (
    EVERY_ALGORITHM,
    FAPI2_ALGORITHMS,
    OPENID_ALGORITHMS,
    SIGNATURES,
    algorithms_of,
)


def test_neither_none_nor_a_shared_secret_exists() -> None:
    assert not [name for name in SIGNATURES if name == "none" or name.startswith("HS")]
    assert frozenset(SIGNATURES) == EVERY_ALGORITHM


def test_fapi2_forbids_rs256() -> None:
    assert {"RS256"} == OPENID_ALGORITHMS - FAPI2_ALGORITHMS


@pytest.mark.parametrize(
    ("kty", "crv", "expected"),
    [
        ("EC", "P-256", {"ES256"}),
        ("EC", "P-384", set()),
        ("OKP", "Ed25519", {"EdDSA", "Ed25519"}),
        ("OKP", "X25519", set()),
        ("RSA", None, {"PS256", "RS256"}),
        ("oct", None, set()),
        (None, None, set()),
    ],
)
def test_a_key_serves_only_its_own_algorithms(kty: str | None, crv: str | None, expected: set[str]) -> None:
    assert algorithms_of(kty, crv) == expected
