import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt

from poreka.oidc import jose
from poreka.oidc.algorithms import FAPI2_ALGORITHMS, OPENID_ALGORITHMS
from poreka.oidc.errors import KeyUnknown, TokenRefused
from poreka.oidc.keys import SigningKey
from tests.oidc.signing_keys import forged, key_set, signing_key

CLAIMS = {"iss": "https://bank.example", "sub": "one", "exp": 5}
PROOF = frozenset({"dpop+jwt"})
ALGORITHMS = ["ES256", "EdDSA", "Ed25519", "PS256", "RS256"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_is_signed_verifies(algorithm: str) -> None:
    key = signing_key("k", algorithm)
    assert jose.verify(jose.sign(CLAIMS, key), key_set(key), OPENID_ALGORITHMS) == CLAIMS


@pytest.mark.parametrize("algorithm", ["ES256", "PS256", "RS256"])
def test_an_independent_reader_reads_our_tokens(algorithm: str) -> None:
    key = signing_key("k", algorithm)
    token = jwt.decode(jose.sign(CLAIMS, key, "logout+jwt"), key.key, algorithms=[algorithm])
    assert token.claims == CLAIMS
    assert token.header == {"alg": algorithm, "kid": "k", "typ": "logout+jwt"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(claims=st.dictionaries(st.text(), JSON, max_size=5))
def test_any_claims_survive(claims: dict[str, object]) -> None:
    key = signing_key()
    assert jose.verify(jose.sign(claims, key), key_set(key), FAPI2_ALGORITHMS) == claims


@given(position=st.integers(0, 10_000), letter=st.sampled_from("AZaz09-_.=+/ \n\u0105\ud800"))
def test_no_changed_letter_of_the_signed_part_goes_unseen(position: int, letter: str) -> None:
    token = jose.sign(CLAIMS, signing_key())
    position %= token.rindex(".")
    changed = token[:position] + letter + token[position + 1 :]
    if changed == token:
        return
    with pytest.raises(TokenRefused):
        jose.verify(changed, key_set(), FAPI2_ALGORITHMS)


@given(garbage=st.text() | st.from_regex(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"))
def test_garbage_is_refused_in_due_form(garbage: str) -> None:
    for read in (lambda: jose.verify(garbage, key_set(), FAPI2_ALGORITHMS), lambda: jose.peek(garbage)):
        with pytest.raises(TokenRefused):
            read()


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "HS256", "HS512", "ES384", "RS256", "PS512", ""])
def test_rfc_8725_3_1_only_allowed_algorithms_are_believed(alg: str) -> None:
    with pytest.raises(TokenRefused):
        jose.verify(forged({"alg": alg, "kid": "one"}, CLAIMS, signing_key()), key_set(), FAPI2_ALGORITHMS)


def test_alg_none_with_an_empty_signature_is_refused() -> None:
    token = forged({"alg": "none"}, CLAIMS)
    with pytest.raises(TokenRefused):
        jose.verify(token[: token.rindex(".") + 1], key_set(), FAPI2_ALGORITHMS)


def test_the_public_key_as_an_hmac_secret_is_refused() -> None:
    secret = signing_key("k", "RS256").key.as_pem(private=False)
    unsigned = forged({"alg": "HS256", "kid": "k"}, CLAIMS).rsplit(".", 1)[0]
    mac = jose.encode_segment(hmac.digest(secret, unsigned.encode(), hashlib.sha256)).decode()
    for allowed in (OPENID_ALGORITHMS, OPENID_ALGORITHMS | {"HS256"}):
        with pytest.raises(TokenRefused):
            jose.verify(f"{unsigned}.{mac}", key_set(signing_key("k", "RS256")), allowed)


def test_an_algorithm_of_another_key_type_under_the_same_name_is_refused() -> None:
    token = forged({"alg": "PS256", "kid": "one"}, CLAIMS, signing_key())
    with pytest.raises(TokenRefused):
        jose.verify(token, key_set(), FAPI2_ALGORITHMS)


@pytest.mark.parametrize(
    "header", [{"jwk": signing_key("own").public_jwk}, {"jku": "https://evil.example/jwks"}, {"x5c": ["AA"]}]
)
def test_rfc_8725_3_10_a_key_brought_along_is_not_trusted(header: dict[str, object]) -> None:
    with pytest.raises(TokenRefused):
        jose.verify(
            forged({"alg": "ES256", "kid": "one", **header}, CLAIMS, signing_key("own")),
            key_set(),
            FAPI2_ALGORITHMS,
        )


def test_the_right_name_with_anothers_key_is_refused() -> None:
    with pytest.raises(TokenRefused) as refused:
        jose.verify(
            forged({"alg": "ES256", "kid": "one"}, CLAIMS, signing_key("foreign")),
            key_set(),
            FAPI2_ALGORITHMS,
        )
    assert not isinstance(refused.value, KeyUnknown)


def test_an_unknown_name_asks_to_fetch_the_keys_again() -> None:
    with pytest.raises(KeyUnknown):
        jose.verify(jose.sign(CLAIMS, signing_key("newer")), key_set(), FAPI2_ALGORITHMS)


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"crit": []}, {"b64": False}, {"b64": False, "crit": ["b64"]}])
def test_rfc_7515_4_1_11_critical_headers_are_refused(header: dict[str, object]) -> None:
    with pytest.raises(TokenRefused, match="critical"):
        jose.verify(
            forged({"alg": "ES256", "kid": "one", **header}, CLAIMS, signing_key()),
            key_set(),
            FAPI2_ALGORITHMS,
        )


@pytest.mark.parametrize(
    ("typ", "good"), [("JWT", True), ("jwt", True), ("application/jwt", True), ("at+jwt", False), ("", False)]
)
def test_rfc_8725_3_11_the_kind_must_be_the_expected_one(typ: str, good: bool) -> None:
    token = forged({"alg": "ES256", "kid": "one", "typ": typ}, CLAIMS, signing_key())
    if good:
        assert jose.verify(token, key_set(), FAPI2_ALGORITHMS) == CLAIMS
    else:
        with pytest.raises(TokenRefused, match="kind"):
            jose.verify(token, key_set(), FAPI2_ALGORITHMS)


def test_a_kind_that_must_be_said_may_not_be_left_out() -> None:
    with pytest.raises(TokenRefused, match="kind"):
        jose.verify(forged({"alg": "ES256", "kid": "one"}, CLAIMS, signing_key()), key_set(), FAPI2_ALGORITHMS, PROOF)


@pytest.mark.parametrize("payload", [[1], "text", 7, None, b"\xff", b"{", b"[" * 9000])
def test_rfc_7519_7_2_the_payload_must_be_an_object(payload: object) -> None:
    with pytest.raises(TokenRefused):
        jose.verify(forged({"alg": "ES256", "kid": "one"}, payload, signing_key()), key_set(), FAPI2_ALGORITHMS)


@pytest.mark.parametrize("header", [{}, {"alg": 5}, {"alg": "ES256", "kid": 5}, {"alg": "ES256", "typ": []}, [], b"{"])
def test_a_malformed_header_is_refused(header: object) -> None:
    with pytest.raises(TokenRefused):
        jose.verify(forged(header, CLAIMS, signing_key()), key_set(), FAPI2_ALGORITHMS)  # type: ignore[arg-type]


def test_oversized_tokens_and_headers_are_refused() -> None:
    with pytest.raises(TokenRefused, match="too long"):
        jose.verify(jose.sign({"x": "a" * 16_000}, signing_key()), key_set(), FAPI2_ALGORITHMS)
    with pytest.raises(TokenRefused):
        jose.verify(
            forged({"alg": "ES256", "kid": "one", "x": "a" * 4000}, CLAIMS, signing_key()),
            key_set(),
            FAPI2_ALGORITHMS,
        )


@pytest.mark.parametrize("signature", ["A", "AAAA", "A" * 86, "A" * 87, "A" * 400])
def test_signatures_of_any_length_are_refused_in_due_form(signature: str) -> None:
    for algorithm in ALGORITHMS:
        key = signing_key("k", algorithm)
        unsigned = jose.sign(CLAIMS, key).rsplit(".", 1)[0]
        with pytest.raises(TokenRefused):
            jose.verify(f"{unsigned}.{signature}", key_set(key), OPENID_ALGORITHMS)


def test_a_signature_that_breaks_the_arithmetic_is_a_refused_token(monkeypatch: pytest.MonkeyPatch) -> None:
    class Breaks:
        def verify(self, *_: object) -> bool:
            raise ValueError("broken")

    monkeypatch.setitem(jose.SIGNATURES, "ES256", Breaks())
    with pytest.raises(TokenRefused, match="broken"):
        jose.check_signature(jose.take_apart(forged({"alg": "ES256"}, CLAIMS)), key_set().keys[0])


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "PS256"])
def test_a_proof_carries_its_key(algorithm: str) -> None:
    key = signing_key("k", algorithm)
    claims, found = jose.verify_embedded(jose.sign_with_embedded_key(CLAIMS, key, "dpop+jwt"), FAPI2_ALGORITHMS, PROOF)
    assert (claims, found.thumbprint) == (CLAIMS, key.verification().thumbprint)


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"jwk": {**signing_key().bare_jwk, "d": "AA"}},
        {"jwk": {"kty": "oct", "k": "AA"}},
        {"jwk": {"kty": "oct"}},
        {"jwk": {**signing_key().bare_jwk, "x": 5}},
        {"jwk": signing_key("k", "PS256").bare_jwk},
        {"jwk": signing_key("other").bare_jwk},
    ],
)
def test_rfc_9449_4_3_a_proof_with_a_wrong_key_is_refused(header: dict[str, object]) -> None:
    token = forged({"alg": "ES256", "typ": "dpop+jwt", **header}, CLAIMS, signing_key())
    with pytest.raises(TokenRefused):
        jose.verify_embedded(token, FAPI2_ALGORITHMS, PROOF)


def test_peeking_believes_nothing_and_checks_nothing() -> None:
    assert jose.peek(forged({"alg": "none"}, CLAIMS)) == CLAIMS


@given(data=st.binary())
def test_base64url_both_ways(data: bytes) -> None:
    segment = jose.encode_segment(data)
    assert b"=" not in segment
    assert jose.decode_segment(segment) == data


def test_rfc_7515_appendix_a_3_es256_vector_verifies() -> None:
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    }
    token = (
        "eyJhbGciOiJFUzI1NiJ9"
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    )
    claims = jose.verify(token, key_set(SigningKey.of_jwk(jwk)), FAPI2_ALGORITHMS)
    assert json.dumps(claims, sort_keys=True) == '{"exp": 1300819380, "http://example.com/is_root": true, "iss": "joe"}'
