"""The relying party's side of asking in the app: what is sent, and what is believed of each answer (CIBA Core 1.0)."""

import json
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest

from poreka.oidc import jose
from poreka.oidc.backchannel_authentication import GRANT_TYPE, HINT_TOKEN_TYPE, REQUEST_CLAIM
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.backchannel_authentication import (
    EarlierSignIn,
    KnownSubject,
    NamedByPesel,
    NotApproved,
    PendingApproval,
    Question,
    StillWaiting,
    ask_request,
    asked,
    poll_request,
    polled,
)
from poreka.oidc.relying_party.client_authentication import ClientCredentials
from poreka.oidc.relying_party.exchange import Answer
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce
from poreka.oidc.relying_party.provider_metadata import ProviderMetadata
from poreka.oidc.relying_party.registration import FreshIds, Registration
from poreka.oidc.relying_party.token import SignedIn
from tests.oidc.signing_keys import signing_key
from tests.support.relying_client import new_key

NOW = 1_800_000_000
ISSUER = "https://pz.example"
OURS, THEIRS = signing_key("ours"), signing_key("theirs")
KEYS = KeySet([THEIRS.verification()])
REGISTRATION = Registration(
    issuer=ISSUER, client_id="pue", redirect_uri="https://pue.example/callback", scopes=("openid", "identity")
)
METADATA = ProviderMetadata(
    issuer=ISSUER,
    authorization_endpoint=f"{ISSUER}/authorize",
    token_endpoint=f"{ISSUER}/token",
    jwks_uri=f"{ISSUER}/jwks",
    backchannel_authentication_endpoint=f"{ISSUER}/backchannel/authenticate",
)
CREDENTIALS = ClientCredentials(signing_key=OURS)
DPOP = {name: str(value) for name, value in new_key().private_jwk.items() if name in ("kty", "crv", "x", "y", "d")}
IDS = FreshIds(assertion="a-1", proof="p-1")
QUESTION = Question(whom=KnownSubject("sub-1"), message="Zlecenie 17")


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(
        status=status, headers={"content-type": "application/json", **headers}, body=json.dumps(body).encode()
    )


def sent(question: Question, metadata: ProviderMetadata = METADATA) -> dict[str, str]:
    request = ask_request(REGISTRATION, metadata, CREDENTIALS, question, DPOP, IDS, NOW)
    assert request.url == f"{ISSUER}/backchannel/authenticate"
    assert "dpop" in request.headers
    return dict(parse_qsl(request.body.decode()))


def pending(**changes: Any) -> PendingApproval:
    taken = {"auth_req_id": "r-1", "expires_in": 120, "interval": 2, "matching_number": "42"}
    found = asked(REGISTRATION, QUESTION, DPOP, answer(taken), NOW)
    assert isinstance(found, PendingApproval)
    return msgspec.structs.replace(found, **changes)


def tokens(**changes: Any) -> Answer:
    claims = {
        "iss": ISSUER,
        "sub": "sub-1",
        "aud": "pue",
        "iat": NOW,
        "exp": NOW + 300,
        "auth_time": NOW,
        REQUEST_CLAIM: "r-1",
        **changes,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    body = {"access_token": "t", "token_type": "DPoP", "id_token": jose.sign(claims, THEIRS), "scope": "openid"}
    return answer(body)


def look(got: Answer, at: PendingApproval | None = None) -> Any:
    return polled(REGISTRATION, at or pending(), KEYS, got, NOW)


def test_the_question_names_one_person_and_says_what_for() -> None:
    form = sent(QUESTION)
    assert form["login_hint"] == "sub-1"
    assert form["binding_message"] == "Zlecenie 17"
    assert form["scope"] == "openid identity"
    assert form["client_assertion"]
    assert sent(msgspec.structs.replace(QUESTION, scopes=("openid",), life=60))["requested_expiry"] == "60"
    level = msgspec.structs.replace(QUESTION, acr="http://eidas.europa.eu/LoA/substantial")
    assert sent(level)["acr_values"].split()[0] == "http://eidas.europa.eu/LoA/substantial"
    assert sent(msgspec.structs.replace(QUESTION, whom=EarlierSignIn("x.y.z", "sub-1")))["id_token_hint"] == "x.y.z"


def test_a_pesel_travels_in_a_token_of_ours_only() -> None:
    form = sent(msgspec.structs.replace(QUESTION, whom=NamedByPesel("83041741039")))
    assert "83041741039" not in str(form)
    ours = KeySet([OURS.verification()])
    claims = jose.verify(form["login_hint_token"], ours, frozenset({"ES256"}), frozenset({HINT_TOKEN_TYPE}))
    assert (claims["pesel"], claims["aud"], claims["exp"]) == ("83041741039", ISSUER, NOW + 60)
    assert claims["jti"] != "a-1", "another one than the assertion's"


def test_what_cannot_be_asked() -> None:
    with pytest.raises(ValueError, match="printable"):
        sent(msgspec.structs.replace(QUESTION, message="a\nb"))
    with pytest.raises(ProviderFault):
        sent(QUESTION, msgspec.structs.replace(METADATA, backchannel_authentication_endpoint=None))
    named = msgspec.structs.replace(QUESTION, whom=NamedByPesel("83041741039"))
    with pytest.raises(ValueError, match="key"):
        ask_request(REGISTRATION, METADATA, ClientCredentials(), named, DPOP, IDS, NOW)


def test_what_is_remembered() -> None:
    found = pending()
    assert (found.number, found.expires_at, found.interval, found.subject) == ("42", NOW + 120, 2, "sub-1")
    assert "42" not in repr(found)
    assert msgspec.json.decode(msgspec.json.encode(found), type=PendingApproval) == found


@pytest.mark.parametrize(
    "taken",
    [
        {},
        {"auth_req_id": "r"},
        {"auth_req_id": "r", "expires_in": 0},
        {"auth_req_id": "r", "expires_in": "120"},
        {"auth_req_id": "r", "expires_in": True},
        {"auth_req_id": "r", "expires_in": 10_000},
        {"auth_req_id": "r", "expires_in": 120, "interval": 0},
        {"auth_req_id": "r", "expires_in": 120, "matching_number": "ab"},
        {"auth_req_id": "x" * 300, "expires_in": 120},
    ],
)
def test_an_answer_that_is_none_is_the_provider_s_fault(taken: dict[str, Any]) -> None:
    with pytest.raises(ProviderFault):
        asked(REGISTRATION, QUESTION, DPOP, answer(taken), NOW)


def test_a_refused_question_is_a_fault_and_a_nonce_is_brought_once() -> None:
    with pytest.raises(ProviderFault):
        asked(REGISTRATION, QUESTION, DPOP, answer({"error": "invalid_request"}, 400), NOW)
    wanted = answer({"error": "use_dpop_nonce"}, 400, **{"dpop-nonce": "n"})
    assert asked(REGISTRATION, QUESTION, DPOP, wanted, NOW) == RetryWithNonce(nonce="n")
    assert look(wanted) == RetryWithNonce(nonce="n")


def test_a_poll_goes_to_whom_was_asked() -> None:
    request = poll_request(REGISTRATION, METADATA, CREDENTIALS, pending(), IDS, NOW)
    form = dict(parse_qsl(request.body.decode()))
    assert (form["grant_type"], form["auth_req_id"]) == (GRANT_TYPE, "r-1")
    with pytest.raises(ValueError, match="asked"):
        poll_request(REGISTRATION, METADATA, CREDENTIALS, pending(issuer="https://x.example"), IDS, NOW)


def test_how_it_stands() -> None:
    assert look(answer({"error": "authorization_pending"}, 400)) == StillWaiting(interval=2)
    assert look(answer({"error": "slow_down"}, 400)) == StillWaiting(interval=7)
    assert look(answer({"error": "access_denied"}, 400)) == NotApproved(expired=False)
    assert look(answer({"error": "expired_token"}, 400)) == NotApproved(expired=True)
    for error in ("invalid_grant", "invalid_client", "?"):
        with pytest.raises(ProviderFault):
            look(answer({"error": error}, 400))


def test_an_approval_is_a_sign_in_of_the_person_who_was_meant() -> None:
    found = look(tokens())
    assert isinstance(found, SignedIn)
    assert found.sub == "sub-1"
    assert isinstance(look(tokens(sub="another"), pending(subject=None)), SignedIn), "named by PESEL"


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "another"},
        {REQUEST_CLAIM: "r-2"},
        {"nonce": "n"},
        {"aud": "other"},
        {"iss": "https://x.example"},
        {"exp": NOW - 100},
        {"iat": NOW - 3600},
    ],
)
def test_another_answer_is_not_believed(changes: dict[str, Any]) -> None:
    with pytest.raises(ProviderFault):
        look(tokens(**changes))


def test_a_level_that_was_asked_for_must_be_reached() -> None:
    wanted = pending(minimum_acr="http://eidas.europa.eu/LoA/substantial")
    with pytest.raises(ProviderFault):
        look(tokens(acr="http://eidas.europa.eu/LoA/low"), wanted)
    assert isinstance(look(tokens(acr="http://eidas.europa.eu/LoA/high"), wanted), SignedIn)
