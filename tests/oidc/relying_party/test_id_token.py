"""Named after the conformance modules they answer: one claim of a good token is spoiled in each."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc import jose
from poreka.oidc.errors import KeyUnknown
from poreka.oidc.keys import KeySet, SigningKey
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.id_token import IdToken, check_id_token
from poreka.oidc.relying_party.registration import Registration
from tests.oidc.relying_party.foreign_provider import (
    CLIENT,
    ED_KEY,
    HIGH,
    ISSUER,
    KEYS,
    LOW,
    NOW,
    OTHER_KEY,
    PROVIDER_KEY,
    RSA_KEY,
    SUBSTANTIAL,
    begun,
    half_hash,
    id_token,
    id_token_claims,
    plain_registration,
    registration,
    unsigned,
    without_kid,
)


def check(token: str, known: Registration | None = None, keys: KeySet = KEYS, now: int = NOW, **wishes: Any) -> IdToken:
    known = known or registration()
    return check_id_token(token, known, begun(known, **wishes).pending, keys, "access-1", now)


def refused(token: str, *args: Any, **named: Any) -> str:
    """The private detail of the refusal, or its description."""
    return refused_as("id_token", token, *args, **named)


def refused_as(kind: str, token: str, *args: Any, **named: Any) -> str:
    with pytest.raises(ProviderFault) as fault:
        check(token, *args, **named)
    assert fault.value.kind == kind
    return fault.value.detail or fault.value.description


def test_oidcc_client_test() -> None:
    assert check(id_token()) == IdToken(
        sub="person-1", sid="session-1", auth_time=NOW - 5, acr=SUBSTANTIAL, amr=("pwd", "otp")
    )


def test_the_least_a_provider_must_say() -> None:
    token = id_token(auth_time=..., acr=..., amr=..., sid=...)
    assert check(token, plain_registration()) == IdToken(sub="person-1", sid=None, auth_time=None, acr=None, amr=())


# --- who signed it -----------------------------------------------------------------------------------


def test_oidcc_client_test_idtoken_sig_rs256() -> None:
    keys = KeySet([RSA_KEY.verification()])
    assert check(id_token(RSA_KEY), plain_registration(), keys).sub == "person-1"


def test_fapi2_security_profile_final_client_test_invalid_alternate_alg() -> None:
    keys = KeySet([RSA_KEY.verification(), PROVIDER_KEY.verification()])
    assert "alg" in refused(id_token(RSA_KEY), registration(), keys)


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "HS256"])
def test_fapi2_security_profile_final_client_test_invalid_null_alg(alg: str) -> None:
    assert "alg" in refused(unsigned(id_token_claims(), alg))
    refused(unsigned(id_token_claims(), alg).rpartition(".")[0] + ".")


@pytest.mark.parametrize("key", [PROVIDER_KEY, RSA_KEY], ids=["es256", "rs256"])
def test_oidcc_client_test_invalid_sig(key: SigningKey) -> None:
    """Modules `oidcc-client-test-invalid-sig-es256` and `-rs256`."""
    head, _, signature = id_token(key).rpartition(".")
    broken = f"{head}.{'AAAA' if signature[:4] != 'AAAA' else 'BBBB'}{signature[4:]}"
    refused(broken, plain_registration(), KeySet([key.verification()]))


def test_a_changed_payload() -> None:
    header, _, signature = id_token().split(".")
    payload = id_token(sub="person-2").split(".")[1]
    refused(f"{header}.{payload}.{signature}")


def test_oidcc_client_test_kid_absent_single_jwks() -> None:
    assert check(without_kid(id_token_claims(), PROVIDER_KEY)).sub == "person-1"


def test_oidcc_client_test_kid_absent_multiple_jwks() -> None:
    keys = KeySet([PROVIDER_KEY.verification(), OTHER_KEY.verification()])
    assert "2 keys fit" in refused(without_kid(id_token_claims(), PROVIDER_KEY), keys=keys)


def test_oidcc_client_test_signing_key_rotation() -> None:
    """An unknown key is not yet a refusal: the driver looks for newer keys and asks again."""
    token = id_token(OTHER_KEY)
    with pytest.raises(KeyUnknown):
        check(token)
    newer = KeySet([PROVIDER_KEY.verification(), OTHER_KEY.verification()])
    assert check(token, keys=newer).sub == "person-1"


def test_a_key_the_token_brings_along_is_not_trusted() -> None:
    with pytest.raises((ProviderFault, KeyUnknown)):
        check(jose.sign_with_embedded_key(id_token_claims(), OTHER_KEY, "JWT"), keys=KeySet([]))


def test_another_kind_of_token() -> None:
    for typ in ("logout+jwt", "at+jwt", "dpop+jwt"):
        assert "typ" in refused(id_token(typ=typ))


def test_an_encrypted_token_was_not_agreed() -> None:
    assert "encrypted" in refused("a.b.c.d.e")


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "....", "ą.b.c", "a" * 20_000])
def test_what_is_no_token(token: str) -> None:
    refused(token)


# --- from whom and for whom --------------------------------------------------------------------------


@pytest.mark.parametrize("issuer", ["https://evil.example", ISSUER + "/", ISSUER.upper(), ..., None, 1, [ISSUER]])
def test_oidcc_client_test_invalid_iss(issuer: object) -> None:
    """Also `fapi2-security-profile-final-client-test-invalid-iss` and `-invalid-missing-iss`."""
    refused(id_token(iss=issuer))


@pytest.mark.parametrize("audience", ["someone-else", ["someone-else"], [], "", CLIENT + " ", {"a": CLIENT}])
def test_oidcc_client_test_invalid_aud(audience: object) -> None:
    """Also `fapi2-security-profile-final-client-test-invalid-aud`."""
    refused(id_token(aud=audience))


def test_oidcc_client_test_missing_aud() -> None:
    """Also `fapi2-security-profile-final-client-test-invalid-missing-aud`."""
    refused(id_token(aud=...))


def test_fapi2_security_profile_final_client_test_invalid_secondary_aud() -> None:
    assert "2 audiences" in refused(id_token(aud=[CLIENT, "nobody"], azp=CLIENT))


def test_fapi2_security_profile_final_client_test_valid_aud_as_array() -> None:
    assert check(id_token(aud=[CLIENT])).sub == "person-1"


def test_azp_is_us_if_it_is_there() -> None:
    assert check(id_token(azp=CLIENT)).sub == "person-1"
    assert "azp" in refused(id_token(azp="someone-else"))


@pytest.mark.parametrize("sub", [..., None, "", 7, "a" * 256, "żółw", "a\nb"])
def test_oidcc_client_test_missing_sub(sub: object) -> None:
    refused(id_token(sub=sub))


# --- when --------------------------------------------------------------------------------------------


def test_fapi2_security_profile_final_client_test_invalid_expired_exp() -> None:
    assert check(id_token(exp=NOW - 9)).sub == "person-1"
    assert "expired" in refused(id_token(exp=NOW - 60))


def test_fapi2_security_profile_final_client_test_invalid_missing_exp() -> None:
    assert "exp" in refused(id_token(exp=...))


def test_oidcc_client_test_missing_iat() -> None:
    assert "iat" in refused(id_token(iat=...))


def test_clocks_may_differ_by_a_minute_and_the_refusal_says_by_how_much_they_do() -> None:
    assert check(id_token(iat=NOW + 60, nbf=NOW + 60)).sub == "person-1"
    assert "the clocks differ by 61 s" in refused(id_token(iat=NOW + 61))
    refused(id_token(nbf=NOW + 61))


def test_a_token_made_too_long_ago() -> None:
    assert check(id_token(iat=NOW - 660)).sub == "person-1"
    refused(id_token(iat=NOW - 661))


@pytest.mark.parametrize("moment", ["1790000000", True, -1, 1e300, [], {}])
def test_a_moment_is_a_number(moment: object) -> None:
    refused(id_token(exp=moment))
    refused(id_token(iat=moment))
    refused(id_token(auth_time=moment))


# --- the answer to our question ----------------------------------------------------------------------


@pytest.mark.parametrize("nonce", ["another browser's", "", 5, "nonce-of-this-sign-in "])
def test_oidcc_client_test_nonce_invalid(nonce: object) -> None:
    """Also `fapi2-security-profile-final-client-test-invalid-nonce`."""
    refused(id_token(nonce=nonce))


def test_fapi2_security_profile_final_client_test_invalid_missing_nonce() -> None:
    assert "nonce" in refused(id_token(nonce=...))


def test_a_recent_sign_in_is_shown_to_be_recent() -> None:
    assert check(id_token(auth_time=NOW - 310), max_age=300).auth_time == NOW - 310
    refused_as("auth_time", id_token(auth_time=NOW - 311, iat=NOW), max_age=300)
    assert "auth_time" in refused_as("auth_time", id_token(auth_time=...), max_age=300)
    refused(id_token(auth_time=NOW + 61))


def test_a_provider_whose_clock_is_half_a_minute_behind_can_show_a_recent_sign_in() -> None:
    """The token was made just now, by the same clock as the sign-in: its ``iat`` tells how far that clock is behind."""
    assert check(id_token(auth_time=NOW - 31, iat=NOW - 31), max_age=0).auth_time == NOW - 31
    refused_as("auth_time", id_token(auth_time=NOW - 42, iat=NOW - 31), max_age=0)
    refused_as("auth_time", id_token(auth_time=NOW - 100, iat=NOW - 100), max_age=0)


def test_a_sign_in_made_for_this_question_is_recent_however_long_the_consent_took() -> None:
    later = NOW + 1200
    token = id_token(auth_time=NOW + 20, iat=later, exp=later + 300)
    assert check(token, now=later, max_age=0).auth_time == NOW + 20
    refused_as("auth_time", id_token(auth_time=NOW - 11, iat=later, exp=later + 300), now=later, max_age=0)


@pytest.mark.parametrize(("asked", "reached"), [(LOW, LOW), (LOW, HIGH), (SUBSTANTIAL, HIGH), (HIGH, HIGH)])
def test_the_level_asked_for_or_a_stronger_one(asked: str, reached: str) -> None:
    assert check(id_token(acr=reached), acr=asked).acr == reached


@pytest.mark.parametrize("reached", [..., LOW, "urn:something", SUBSTANTIAL + "/"])
def test_a_weaker_or_unknown_level_is_refused_beside_the_one_that_was_asked_for(reached: object) -> None:
    came = None if reached is ... else reached
    assert refused_as("level", id_token(acr=reached)) == f"asked {SUBSTANTIAL}, came {came!r}"


def test_a_level_that_is_no_text_is_refused() -> None:
    refused(id_token(acr=3))


def test_any_level_when_none_was_asked_for() -> None:
    assert check(id_token(acr="urn:something"), plain_registration()).acr == "urn:something"


def test_oidcc_client_test_invalid_athash() -> None:
    assert "at_hash" in refused(id_token(at_hash=half_hash("another token")))
    assert "at_hash" in refused(id_token(at_hash=half_hash("access-1", "sha512")))
    refused(id_token(at_hash=7))


def test_a_right_at_hash_by_the_algorithm_of_the_token() -> None:
    assert check(id_token(at_hash=half_hash("access-1"))).sub == "person-1"
    keys = KeySet([ED_KEY.verification()])
    assert check(id_token(ED_KEY, at_hash=half_hash("access-1", "sha512")), keys=keys).sub == "person-1"


@pytest.mark.parametrize("amr", ["pwd", [1], ["a" * 65], ["a"] * 33, {}])
def test_methods_are_a_short_list_of_short_names(amr: object) -> None:
    refused(id_token(amr=amr))


@given(
    st.dictionaries(
        st.sampled_from(["iss", "sub", "aud", "exp", "iat", "nonce", "acr"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=3),
        min_size=1,
    )
)
def test_a_spoiled_token_says_only_what_it_may(changes: dict[str, Any]) -> None:
    try:
        who = check(id_token(**changes))
    except ProviderFault:
        return
    assert who.acr in (SUBSTANTIAL, HIGH)
    assert who.sub == changes.get("sub", "person-1")
    assert changes.keys().isdisjoint({"iss", "nonce"})
