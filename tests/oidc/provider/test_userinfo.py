from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.algorithms import FAPI2_ALGORITHMS
from poreka.oidc.jose import verify
from poreka.oidc.provider.userinfo import signed_userinfo, userinfo_claims
from poreka.oidc.provider.verified_claims import Verification
from tests.oidc.provider.samples import IDENTITY, ISSUER, OWN_KEY, client, granted, issued
from tests.oidc.signing_keys import NOW, key_set

FACTS = {
    "given_name": "Anna",
    "family_name": "Nowak",
    "pesel": "x",
    "email": "a@b.example",
    "phone_number": "1",
}
VERIFICATION = Verification(trust_framework="eidas", assurance_level="substantial", time=NOW)
WIDE = client(scopes=frozenset({"openid", "identity", "email", "phone"}), claims=IDENTITY | {"email", "phone_number"})


def told(consented: frozenset[str] = frozenset(FACTS), **changes: Any) -> dict[str, Any]:
    token = issued(WIDE, given=granted(WIDE, consented, **changes)).record
    return userinfo_claims(token, FACTS, VERIFICATION, now=NOW)


def test_core_5_4_scopes_stand_for_claims() -> None:
    assert told() == {"sub": "pairwise", "given_name": "Anna", "family_name": "Nowak", "pesel": "x"}
    assert told(scope="openid email") == {"sub": "pairwise", "email": "a@b.example"}
    assert told(scope="openid") == {"sub": "pairwise"}


def test_core_5_5_single_claims() -> None:
    assert told(scope="openid", claims='{"userinfo":{"pesel":null,"email":{"value":"other"}}}') == {
        "sub": "pairwise",
        "pesel": "x",
    }


def test_core_5_1_a_name_is_told_by_itself_to_whoever_may_know_both_parts() -> None:
    name = '{"userinfo":{"name":{"essential":true}}}'
    assert told(scope="openid", claims=name) == {"sub": "pairwise", "name": "Anna Nowak"}
    assert told(frozenset({"given_name"}), scope="openid", claims=name) == {"sub": "pairwise"}
    assert told(scope="openid", claims='{"userinfo":{"name":{"value":"Jan Nowak"}}}') == {"sub": "pairwise"}


def test_verified_claims_hold_only_what_was_consented_to() -> None:
    asked = (
        '{"userinfo":{"verified_claims":{"verification":{"trust_framework":null},'
        '"claims":{"pesel":null,"given_name":null}}}}'
    )
    answer = told(frozenset({"given_name"}), scope="openid", claims=asked)
    assert answer["verified_claims"] == {
        "verification": {"trust_framework": "eidas"},
        "claims": {"given_name": "Anna"},
    }
    assert "verified_claims" not in told(frozenset(), scope="openid", claims=asked)
    token = issued(WIDE, given=granted(WIDE, scope="openid", claims=asked)).record
    assert "verified_claims" not in userinfo_claims(token, FACTS, None, now=NOW)


@given(
    st.frozensets(st.sampled_from(sorted(FACTS))),
    st.sampled_from(["openid", "openid identity", "openid email phone"]),
)
def test_nothing_is_told_without_consent(consented: frozenset[str], scope: str) -> None:
    assert set(told(consented, scope=scope)) - {"sub"} <= consented


def test_core_5_3_2_the_signed_form_names_issuer_and_audience() -> None:
    token = signed_userinfo({"sub": "pairwise"}, issuer=ISSUER, client_id="portal", key=OWN_KEY, now=NOW)
    claims = verify(token, key_set(OWN_KEY), FAPI2_ALGORITHMS)
    assert claims == {"iss": ISSUER, "aud": "portal", "iat": NOW, "sub": "pairwise"}
