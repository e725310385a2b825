from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.dpop import NonceNeeded, check_proof, normalised, token_hash
from poreka.oidc.errors import TokenRefused
from poreka.oidc.jose import sign, sign_with_embedded_key
from tests.oidc.signing_keys import NOW, forged, signing_key

URL = "https://server.example.com/token"
RFC_9449_PROOF = (
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR"
    "nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwia"
    "HRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLv"
    "qRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
)


def proof(claims: dict[str, Any] | None = None, **changes: Any) -> str:
    base = {"jti": "one", "htm": "POST", "htu": URL, "iat": NOW, **changes}
    return sign_with_embedded_key(
        {name: value for name, value in base.items() if value is not None}, signing_key(), "dpop+jwt"
    )


def check(token: str, **changes: Any) -> Any:
    return check_proof(token, **{"method": "POST", "url": URL, "now": NOW, **changes})


def test_rfc_9449_4_1_example_proof() -> None:
    established = check(RFC_9449_PROOF, now=1_562_262_616)
    assert established.jkt == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"


def test_rfc_9449_7_1_example_token_hash() -> None:
    assert token_hash("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU") == "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"


def test_a_good_proof_establishes_key_and_single_use() -> None:
    established = check(proof())
    assert established.jkt == signing_key().verification().thumbprint
    assert established.single_use.kind == "dpop"
    assert established.single_use.expires_at > NOW + 60
    assert check(proof()).single_use.value == established.single_use.value
    assert check(proof(jti="two")).single_use.value != established.single_use.value


@pytest.mark.parametrize(
    "changes",
    [
        {"jti": None},
        {"jti": "x" * 129},
        {"jti": 5},
        {"htm": "GET"},
        {"htm": "post"},
        {"htm": None},
        {"htu": "https://server.example.com/other"},
        {"htu": "http://server.example.com/token"},
        {"htu": "https://evil.example/token"},
        {"htu": "https://server.example.com@evil.example/token"},
        {"htu": "https://server.example.com:99999/token"},
        {"htu": "not an address"},
        {"htu": None},
        {"iat": NOW + 61},
        {"iat": NOW - 121},
        {"iat": None},
        {"iat": "now"},
    ],
)
def test_rfc_9449_4_3_a_proof_for_something_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        check(proof(**changes))


@pytest.mark.parametrize("iat", [NOW + 60, NOW - 120])
def test_the_window_of_time_has_a_minute_of_skew_on_both_sides(iat: int) -> None:
    assert check(proof(iat=iat))


@pytest.mark.parametrize("htu", [URL + "?a=b", URL + "#c", "HTTPS://SERVER.example.com:443/token"])
def test_rfc_9449_4_3_query_and_fragment_and_spelling_do_not_count(htu: str) -> None:
    assert check(proof(htu=htu))


def test_the_path_does_count_and_an_empty_one_is_the_root() -> None:
    assert normalised("https://a.example") == normalised("https://a.example/") != normalised("https://a.example/x")
    assert normalised("http://a.localhost:80/x") == "http://a.localhost/x"
    assert normalised("http://a.localhost:8000/x") == "http://a.localhost:8000/x"


def test_rfc_9449_7_1_with_an_access_token_its_hash_must_match() -> None:
    assert check(proof(ath=token_hash("token")), access_token="token")
    for ath in (None, token_hash("other")):
        with pytest.raises(TokenRefused):
            check(proof(ath=ath), access_token="token")


def test_rfc_9449_8_a_nonce_is_asked_for_where_there_is_one() -> None:
    nonces = frozenset({"now", "before"})
    assert check(proof(nonce="before"), nonces=nonces)
    for nonce in (None, "old"):
        with pytest.raises(NonceNeeded):
            check(proof(nonce=nonce), nonces=nonces)


def test_rfc_9449_4_3_another_kind_of_token_is_no_proof() -> None:
    claims = {"jti": "one", "htm": "POST", "htu": URL, "iat": NOW}
    for token in (
        sign_with_embedded_key(claims, signing_key(), "JWT"),
        sign(claims, signing_key(), "dpop+jwt"),
    ):
        with pytest.raises(TokenRefused):
            check(token)
    with pytest.raises(TokenRefused):
        check(forged({"alg": "none", "typ": "dpop+jwt", "jwk": signing_key().bare_jwk}, claims))


def test_rs256_proofs_are_refused() -> None:
    claims = {"jti": "one", "htm": "POST", "htu": URL, "iat": NOW}
    with pytest.raises(TokenRefused):
        check(sign_with_embedded_key(claims, signing_key("r", "RS256"), "dpop+jwt"))


@given(st.text())
def test_no_address_breaks_the_reader(url: str) -> None:
    with suppress(TokenRefused):
        assert normalised(normalised(url)) == normalised(url)
