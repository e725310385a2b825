"""An approval that a client brings back: ours, for this client, of this person, fresh, and an answer to a question."""

from typing import Any

import pytest

from poreka.oidc.backchannel_authentication import REQUEST_CLAIM
from poreka.oidc.errors import TokenRefused
from poreka.oidc.jose import sign
from poreka.oidc.keys import KeySet, SigningKey
from poreka.oidc.provider.owner_approval import APPROVAL_LIFE, check_approval
from tests.support.relying_client import new_key

NOW, ISSUER = 1_800_000_000, "https://pz.example"
OURS: SigningKey = new_key()
CLAIMS = {
    "iss": ISSUER,
    "aud": "clerk",
    "sub": "owner",
    "iat": NOW - 60,
    "exp": NOW + 240,
    REQUEST_CLAIM: "asked-1",
}


def checked(changes: dict[str, Any] | None = None, key: SigningKey = OURS, now: int = NOW) -> str:
    claims = {name: value for name, value in {**CLAIMS, **(changes or {})}.items() if value is not None}
    keys = KeySet([OURS.verification()])
    return check_approval(sign(claims, key, "JWT"), keys, issuer=ISSUER, client_id="clerk", subject="owner", now=now)


def test_a_fresh_approval_names_its_question() -> None:
    assert checked() == "asked-1"
    assert checked({"aud": ["clerk"]}) == "asked-1"
    assert checked(now=NOW - 61 + APPROVAL_LIFE) == "asked-1", "it may be brought after the token's own end"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://bank.example"},
        {"aud": "pue"},
        {"aud": ["clerk", "pue"]},
        {"sub": "somebody"},
        {"iat": NOW - APPROVAL_LIFE},
        {"iat": NOW + 61},
        {REQUEST_CLAIM: None},
        {REQUEST_CLAIM: "x" * 300},
    ],
)
def test_whatever_differs_is_no_approval(changes: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        checked(changes)


def test_another_key_signs_none() -> None:
    with pytest.raises(TokenRefused):
        checked(key=new_key())
