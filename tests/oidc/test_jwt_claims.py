import pytest

from poreka.oidc.errors import TokenRefused
from poreka.oidc.jwt_claims import audience, moment, not_expired, not_from_the_future, optional_text, text
from tests.oidc.signing_keys import NOW


def test_texts() -> None:
    assert text({"a": "b"}, "a") == "b"
    assert optional_text({}, "a") is None
    for claims in ({}, {"a": ""}, {"a": 5}, {"a": "x" * 11}, {"a": None}):
        with pytest.raises(TokenRefused):
            text(claims, "a", 10)


def test_rfc_7519_2_numeric_dates() -> None:
    assert moment({"exp": 5}, "exp") == 5
    assert moment({"exp": 5.9}, "exp") == 5
    for value in (None, "5", True, -1, 1 << 53, float("inf"), float("nan"), []):
        with pytest.raises(TokenRefused):
            moment({"exp": value}, "exp")


def test_rfc_7519_4_1_3_audience_as_string_or_array() -> None:
    assert audience({"aud": "a"}) == ("a",)
    assert audience({"aud": ["a", "b"]}) == ("a", "b")
    for value in (None, [], [5], 5, {"a": 1}):
        with pytest.raises(TokenRefused):
            audience({"aud": value})


@pytest.mark.parametrize(("exp", "good"), [(NOW - 60, False), (NOW - 59, True), (NOW + 360, True), (NOW + 361, False)])
def test_expiry_allows_a_minute_of_skew_and_a_limited_life(exp: int, good: bool) -> None:
    if good:
        assert not_expired({"exp": exp}, NOW, at_most_ahead=300) == exp
    else:
        with pytest.raises(TokenRefused):
            not_expired({"exp": exp}, NOW, at_most_ahead=300)


def test_without_a_limit_any_future_is_good() -> None:
    assert not_expired({"exp": NOW * 2}, NOW) == NOW * 2


@pytest.mark.parametrize("name", ["iat", "nbf"])
def test_tokens_from_the_future_are_refused(name: str) -> None:
    not_from_the_future({}, NOW)
    not_from_the_future({name: NOW + 60}, NOW)
    with pytest.raises(TokenRefused):
        not_from_the_future({name: NOW + 61}, NOW)
