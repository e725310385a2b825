from typing import Any

import pytest

from poreka.oidc.errors import TokenRefused
from poreka.oidc.jose import sign
from poreka.oidc.provider.id_token_hint import read_id_token_hint
from tests.oidc.provider.samples import ISSUER, OWN_KEY
from tests.oidc.signing_keys import key_set, signing_key

CLAIMS = {"iss": ISSUER, "aud": "portal", "sub": "pairwise", "sid": "s", "exp": 1}


def read(claims: dict[str, Any], client_id: str | None = "portal") -> Any:
    return read_id_token_hint(sign(claims, OWN_KEY), key_set(OWN_KEY), issuer=ISSUER, client_id=client_id)


def test_an_expired_token_of_ours_is_still_a_hint() -> None:
    hinted = read(CLAIMS)
    assert (hinted.subject, hinted.sid, hinted.client_id) == ("pairwise", "s", "portal")
    assert read(CLAIMS, None).client_id == "portal"


@pytest.mark.parametrize(
    ("changes", "client_id"),
    [
        ({"iss": "https://other.example"}, "portal"),
        ({}, "other"),
        ({"aud": ["a", "b"]}, None),
        ({"sub": 5}, "portal"),
    ],
)
def test_a_hint_of_another_issuer_or_for_another_client_is_refused(
    changes: dict[str, Any], client_id: str | None
) -> None:
    with pytest.raises(TokenRefused):
        read({**CLAIMS, **changes}, client_id)


def test_a_hint_signed_by_another_is_refused() -> None:
    with pytest.raises(TokenRefused):
        read_id_token_hint(sign(CLAIMS, signing_key("own2")), key_set(OWN_KEY), issuer=ISSUER, client_id="portal")
