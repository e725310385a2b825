import pytest

from poreka.oidc.algorithms import FAPI2_ALGORITHMS
from poreka.oidc.errors import TokenRefused
from poreka.oidc.jose import verify
from poreka.oidc.provider.logout_token import LOGOUT_EVENT, logout_token
from tests.oidc.provider.samples import ISSUER, OWN_KEY
from tests.oidc.signing_keys import NOW, key_set


def made(subject: str | None, sid: str | None) -> str:
    return logout_token(issuer=ISSUER, client_id="portal", subject=subject, sid=sid, jti="j", key=OWN_KEY, now=NOW)


def test_backchannel_logout_2_4_the_claims() -> None:
    claims = verify(made("pairwise", "s"), key_set(OWN_KEY), FAPI2_ALGORITHMS, frozenset({"logout+jwt"}))
    assert claims == {
        "iss": ISSUER,
        "aud": "portal",
        "iat": NOW,
        "exp": NOW + 120,
        "jti": "j",
        "events": {LOGOUT_EVENT: {}},
        "sub": "pairwise",
        "sid": "s",
    }


def test_it_names_a_subject_or_a_session() -> None:
    kinds = frozenset({"logout+jwt"})
    assert "sub" not in verify(made(None, "s"), key_set(OWN_KEY), FAPI2_ALGORITHMS, kinds)
    assert "sid" not in verify(made("p", None), key_set(OWN_KEY), FAPI2_ALGORITHMS, kinds)
    with pytest.raises(ValueError, match="subject or a session"):
        made(None, None)


def test_it_cannot_pass_for_an_id_token() -> None:
    with pytest.raises(TokenRefused, match="kind"):
        verify(made("pairwise", "s"), key_set(OWN_KEY), FAPI2_ALGORITHMS)
