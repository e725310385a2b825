"""Signed receipts: only the issuer's own keys, each in its own time, and none that leaked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.errors import KeyUnknown, TokenRefused
from poreka.oidc.jose import encode_segment, sign
from poreka.oidc.keys import SigningKey
from poreka.oidc.lasting.receipt import RECEIPT_TYPE, sign_receipt, verify_receipt
from poreka.oidc.lasting.signature import OVERLAP, claimed_issuer, past_key_jwk
from tests.oidc.signing_keys import signing_key

KEY, OTHER = signing_key("k1"), signing_key("k2")
NOW = 1_800_000_000
SAYS = {"record_id": "c1"}


def token(key: SigningKey = KEY, now: int = NOW) -> str:
    return sign_receipt(SAYS, key, issuer="https://bank.example", receipt_id="r1", now=now)


def jwks(*keys: dict[str, Any]) -> dict[str, Any]:
    return {"keys": list(keys or (KEY.public_jwk,))}


def past(used_from: int, used_until: int, leaked_at: int | None = None) -> dict[str, Any]:
    return past_key_jwk(KEY.public_jwk, used_from=used_from, used_until=used_until, leaked_at=leaked_at)


def test_a_receipt_is_verified_by_the_issuers_key() -> None:
    found = verify_receipt(token(), jwks(OTHER.public_jwk, KEY.public_jwk))
    assert (found.issuer, found.signed_at, found.receipt_id, found.kid) == ("https://bank.example", NOW, "r1", "k1")
    assert found.receipt == SAYS
    assert claimed_issuer(token()) == "https://bank.example"


def test_an_old_receipt_is_verified_by_a_past_key() -> None:
    assert verify_receipt(token(), jwks(past(NOW - 10, NOW + 10))).receipt == SAYS


@given(st.integers(-1000, 1000), st.integers(0, 1000), st.integers(0, 1000))
def test_a_past_key_proves_what_was_signed_in_its_time(at: int, before: int, after: int) -> None:
    listed, signed = jwks(past(NOW - before, NOW + after)), token(now=NOW + at)
    if -before <= at <= after + OVERLAP:
        assert verify_receipt(signed, listed).signed_at == NOW + at
    else:
        with pytest.raises(TokenRefused, match="while its key was in use"):
            verify_receipt(signed, listed)


def test_a_leaked_key_proves_nothing_whatever_the_date() -> None:
    with pytest.raises(TokenRefused, match="leaked"):
        verify_receipt(token(), jwks(past(NOW - 10, NOW + 10, NOW + 10)))


def test_a_key_that_is_not_listed() -> None:
    with pytest.raises(KeyUnknown):
        verify_receipt(token(OTHER), jwks())


def test_a_foreign_key_under_a_name_that_is_listed() -> None:
    foreign = {**OTHER.public_jwk, "kid": "k1"}
    with pytest.raises(TokenRefused, match="signature"):
        verify_receipt(token(), jwks(foreign))


@given(st.data())
def test_whatever_is_changed_is_noticed(data: st.DataObject) -> None:
    whole = token()
    place = data.draw(st.integers(0, len(whole) - 2))  # the last letter holds bits that say nothing
    letter = data.draw(st.sampled_from("AQZaqz09-_.").filter(lambda one: one != whole[place]))
    with pytest.raises(TokenRefused):
        verify_receipt(whole[:place] + letter + whole[place + 1 :], jwks())


@pytest.mark.parametrize(
    "header", ['{"alg":"none","typ":"consent-receipt+jwt","kid":"k1"}', '{"alg":"HS256","kid":"k1"}']
)
def test_no_signature_and_a_shared_secret_are_refused(header: str) -> None:
    payload = token().split(".")[1]
    with pytest.raises(TokenRefused):
        verify_receipt(f"{encode_segment(header.encode()).decode()}.{payload}.AAAA", jwks())
    with pytest.raises(TokenRefused):
        verify_receipt(f"{encode_segment(header.encode()).decode()}.{payload}.", jwks())


def test_another_kind_of_token_is_no_receipt() -> None:
    claims = {"iss": "https://bank.example", "iat": NOW, "jti": "r", "consent_receipt": SAYS}
    with pytest.raises(TokenRefused, match="another kind"):
        verify_receipt(sign(claims, KEY), jwks())


@pytest.mark.parametrize("missing", ["iss", "iat", "jti", "consent_receipt"])
def test_a_receipt_must_say_everything(missing: str) -> None:
    claims = {"iss": "https://bank.example", "iat": NOW, "jti": "r", "consent_receipt": SAYS}
    del claims[missing]
    with pytest.raises(TokenRefused, match="must say"):
        verify_receipt(sign(claims, KEY, RECEIPT_TYPE), jwks())


def test_who_issued_it_must_be_said() -> None:
    with pytest.raises(TokenRefused, match="who issued"):
        claimed_issuer(sign({"iss": 7}, KEY, RECEIPT_TYPE))


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"keys": {}},
        {"keys": [{}] * 1001},
        {"keys": ["k1"]},
        {"keys": [KEY.public_jwk, KEY.public_jwk]},
        {"keys": [{**KEY.public_jwk, "exp": "soon"}]},
        {"keys": [{"kid": "k1", "kty": "oct", "k": "AAAA"}]},
    ],
)
def test_a_broken_set_of_keys_verifies_nothing(keys: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        verify_receipt(token(), keys)
