import base64
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from poreka.oidc.errors import KeyUnknown, TokenRefused
from poreka.oidc.keys import KeyRefused, KeySet, SigningKey, VerificationKey, public_part, thumbprint
from tests.oidc.signing_keys import key_set, signing_key

RFC_7638_KEY = {
    "kty": "RSA",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJE"
    "CPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Q"
    "vzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6"
    "WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    "e": "AQAB",
    "alg": "RS256",
    "kid": "2011-04-29",
}
RFC_7638_THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_rfc_7638_3_1_example_thumbprint() -> None:
    assert thumbprint(RFC_7638_KEY) == RFC_7638_THUMBPRINT


def test_rfc_7638_3_2_the_private_key_has_the_same_thumbprint() -> None:
    key = signing_key()
    assert thumbprint(key.private_jwk) == thumbprint(key.public_jwk) == key.verification().thumbprint


@pytest.mark.parametrize(
    "jwk", [{}, {"kty": "EC", "crv": "P-256", "x": "a"}, {"kty": "oct", "k": "a"}, {"kty": ["EC"]}]
)
def test_a_key_without_its_members_has_no_thumbprint(jwk: dict[str, Any]) -> None:
    with pytest.raises(KeyRefused):
        thumbprint(jwk)


def test_rsa_ed25519_and_ps256_keys_import() -> None:
    assert VerificationKey.of_jwk(RFC_7638_KEY).algorithms == {"RS256"}
    assert signing_key("ed", "EdDSA").verification().algorithms == {"EdDSA"}
    assert signing_key("ps", "PS256").algorithm == "PS256"


def test_a_signing_key_must_be_private() -> None:
    with pytest.raises(KeyRefused):
        SigningKey.of_jwk(signing_key().public_jwk)


def test_a_signing_key_without_name_is_named_by_its_thumbprint_and_signs_by_the_first_algorithm() -> None:
    key = SigningKey.of_jwk(ECKey.generate_key("P-256").as_dict(private=True))
    assert key.kid == thumbprint(key.public_jwk)
    assert key.algorithm == "ES256"


def test_what_is_published_has_nothing_private() -> None:
    for algorithm in ("ES256", "EdDSA", "PS256"):
        key = signing_key("p", algorithm)
        assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key.public_jwk)
        assert "d" in key.private_jwk
        assert set(key.public_jwk) - set(key.bare_jwk) == {"kid", "alg", "use"}
        assert SigningKey.of_jwk(key.private_jwk).kid == key.kid
        assert key.key.as_dict(private=True)["d"] not in repr(key)
    assert public_part({"kty": "oct", "k": "secret"}) == {"kty": "oct"}


@pytest.mark.parametrize(
    "jwk",
    [
        OctKey.generate_key(256).as_dict(),
        ECKey.generate_key("P-384").as_dict(private=False),
        {**signing_key().public_jwk, "use": "enc"},
        {**signing_key().public_jwk, "alg": "ES512"},
        {**signing_key().public_jwk, "alg": 7},
        {**signing_key().public_jwk, "x": "AAAA"},
        {**signing_key().public_jwk, "x": 5},
        {"kty": "EC", "crv": "P-256"},
    ],
)
def test_keys_we_do_not_speak_are_refused(jwk: dict[str, Any]) -> None:
    with pytest.raises(KeyRefused):
        VerificationKey.of_jwk(jwk)


def test_short_rsa_keys_are_refused() -> None:
    with pytest.warns(match="2048"):
        short = RSAKey.generate_key(1024, private=False).as_dict()
    with pytest.warns(match="2048"), pytest.raises(KeyRefused):
        VerificationKey.of_jwk(short)


def test_rfc_7517_5_a_set_leaves_out_what_it_does_not_know() -> None:
    published = {"keys": [signing_key().public_jwk, {"kty": "oct", "k": "AA"}, {"kty": "AKP"}, "nonsense"]}
    assert [key.kid for key in KeySet.of_jwks(published).keys] == ["one"]


@pytest.mark.parametrize("jwks", [{}, {"keys": {}}, {"keys": [{}] * 65}])
def test_what_is_no_set_is_refused(jwks: dict[str, Any]) -> None:
    with pytest.raises(KeyRefused):
        KeySet.of_jwks(jwks)


def test_a_set_survives_publication() -> None:
    keys = key_set(signing_key(), signing_key("ed", "EdDSA"))
    again = KeySet.of_jwks(keys.published())
    assert [(key.kid, key.thumbprint, key.algorithms) for key in again.keys] == [
        (key.kid, key.thumbprint, key.algorithms) for key in keys.keys
    ]
    nameless = {"keys": [{name: RFC_7638_KEY[name] for name in ("kty", "n", "e")}]}
    assert set(KeySet.of_jwks(nameless).published()["keys"][0]) == {"kty", "n", "e", "use"}


def test_a_key_is_chosen_by_its_name_and_algorithm() -> None:
    one, two = signing_key("one"), signing_key("two")
    keys = key_set(one, two)
    assert keys.choose("two", "ES256").kid == "two"
    for kid, algorithm in (("three", "ES256"), ("one", "PS256")):
        with pytest.raises(KeyUnknown):
            keys.choose(kid, algorithm)


def test_without_a_name_only_a_single_fitting_key_is_taken() -> None:
    assert key_set(signing_key(), signing_key("ed", "EdDSA")).choose(None, "EdDSA").kid == "ed"
    with pytest.raises(TokenRefused) as refused:
        key_set(signing_key("one"), signing_key("two")).choose(None, "ES256")
    assert not isinstance(refused.value, KeyUnknown)


def test_the_modulus_of_the_vector_is_whole() -> None:
    assert len(base64.urlsafe_b64decode(RFC_7638_KEY["n"] + "==")) == 256
