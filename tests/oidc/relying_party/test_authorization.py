from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from poreka.oidc import dpop, pkce
from poreka.oidc.relying_party.authorization import (
    FreshSecrets,
    PendingSignIn,
    begin,
    plain_redirect,
    push_request,
    pushed,
    secret_hash,
)
from poreka.oidc.relying_party.client_authentication import ClientCredentials
from poreka.oidc.relying_party.exchange import Answer
from poreka.oidc.relying_party.faults import ProviderBusy, ProviderFault
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce
from tests.oidc.relying_party.foreign_provider import (
    CLIENT,
    CREDENTIALS,
    HIGH,
    IDS,
    ISSUER,
    NOW,
    SUBSTANTIAL,
    begun,
    form_of,
    json_answer,
    metadata,
    plain_registration,
    registration,
)


def test_what_is_remembered_is_not_what_travels() -> None:
    started = begun(target="https://portal.example/letters")
    kept = msgspec.json.encode(started.pending)
    assert started.parameters["state"].encode() not in kept
    assert started.parameters["nonce"].encode() not in kept
    assert msgspec.json.decode(kept, type=PendingSignIn) == started.pending
    assert started.pending.state_hash == secret_hash("state-of-this-browser")
    assert started.pending.expires_at == NOW + 1800
    assert started.pending.target == "https://portal.example/letters"


def test_oidcc_client_test_nonce_unless_code_flow() -> None:
    assert begun().parameters["nonce"] == "nonce-of-this-sign-in"


def test_the_question_says_everything_once() -> None:
    asked = begun(ui_locale="pl", max_age=0, acr=HIGH).parameters
    assert asked["response_type"] == "code"
    assert asked["scope"] == "openid"
    assert asked["code_challenge"] == pkce.challenge_of("v" * 43)
    assert asked["code_challenge_method"] == "S256"
    assert asked["acr_values"] == HIGH
    assert (asked["max_age"], asked["prompt"]) == ("0", "login")
    assert asked["ui_locales"] == "pl"
    assert msgspec.json.decode(asked["claims"])["id_token"]["acr"]["values"] == [HIGH]


def test_what_is_not_wished_is_not_sent() -> None:
    asked = begun(plain_registration(), metadata(claims_parameter_supported=False)).parameters
    assert asked.keys().isdisjoint({"acr_values", "claims", "max_age", "prompt", "ui_locales"})


def test_a_stronger_level_is_remembered() -> None:
    assert begun(acr=HIGH).pending.minimum_acr == HIGH
    assert begun().pending.minimum_acr == SUBSTANTIAL


def test_a_dpop_key_exactly_when_it_is_used() -> None:
    secrets = FreshSecrets(state="s", nonce="n", code_verifier="v" * 43)
    with pytest.raises(ValueError, match="DPoP key"):
        begin(registration(), metadata(), secrets, NOW)


def test_registration_and_metadata_are_of_one_provider() -> None:
    with pytest.raises(ValueError, match="another provider"):
        begun(provider=metadata(issuer="https://other.example"))


def test_a_pushed_request_carries_proof_of_client_and_key() -> None:
    started = begun()
    request = push_request(registration(), metadata(), CREDENTIALS, started, IDS, NOW, proof_nonce="n-1")
    form = form_of(request)
    assert request.url == f"{ISSUER}/request"
    assert form.items() >= started.parameters.items()
    assert "client_assertion" in form
    dpop.check_proof(request.headers["dpop"], method="POST", url=request.url, now=NOW, nonces=frozenset({"n-1"}))


def test_a_pushed_request_without_dpop() -> None:
    known = plain_registration(use_par=True)
    secret = ClientCredentials(secret="s3cret")
    request = push_request(known, metadata(), secret, begun(known), IDS, NOW)
    assert "dpop" not in request.headers
    assert request.headers["authorization"].startswith("Basic ")


def test_a_provider_that_takes_no_pushed_requests() -> None:
    with pytest.raises(ProviderFault):
        push_request(
            registration(),
            metadata(pushed_authorization_request_endpoint=None),
            CREDENTIALS,
            begun(),
            IDS,
            NOW,
        )


@pytest.mark.parametrize("status", [200, 201])
def test_after_a_pushed_request_the_browser_carries_only_a_handle(status: int) -> None:
    answer = json_answer({"request_uri": "urn:x:1", "expires_in": 60}, status)
    url = pushed(registration(), metadata(), answer)
    assert isinstance(url, str)
    assert url.startswith(f"{ISSUER}/auth?")
    assert dict(parse_qsl(urlsplit(url).query)) == {"client_id": CLIENT, "request_uri": "urn:x:1"}


def test_an_endpoint_keeps_its_own_query() -> None:
    there = metadata(authorization_endpoint=f"{ISSUER}/auth?tenant=1")
    url = pushed(registration(), there, json_answer({"request_uri": "urn:x:1"}, 201))
    assert isinstance(url, str)
    assert url.startswith(f"{ISSUER}/auth?tenant=1&client_id=")


@pytest.mark.parametrize(
    "answer",
    [
        json_answer({"error": "invalid_request"}, 400),
        json_answer({"request_uri": 1}, 201),
        json_answer({}, 201),
        json_answer({"request_uri": "urn:x"}, 302),
        Answer(status=500, headers={"content-type": "text/html"}, body=b"<html>"),
    ],
)
def test_a_push_that_was_not_taken(answer: Answer) -> None:
    with pytest.raises(ProviderFault) as fault:
        pushed(registration(), metadata(), answer)
    assert fault.value.kind == "pushed_request"


@pytest.mark.parametrize(("says", "seconds"), [("17", 17), ("0", 1), ("9999", 3600)])
def test_a_provider_with_too_much_to_do_says_when_to_come_back(says: str, seconds: int) -> None:
    busy = json_answer({"error": "temporarily_unavailable"}, 503, retry_after=says)
    with pytest.raises(ProviderBusy) as fault:
        pushed(registration(), metadata(), busy)
    assert fault.value.retry_seconds == seconds


@pytest.mark.parametrize("says", ["", "soon", "-5", "Tue, 01 Dec 2026 12:00:00 GMT", "99999", "\u0661"])
def test_a_provider_that_does_not_say_when_is_at_fault(says: str) -> None:
    with pytest.raises(ProviderFault) as fault:
        pushed(registration(), metadata(), json_answer({}, 503, retry_after=says))
    assert not isinstance(fault.value, ProviderBusy)


def test_a_push_to_repeat_with_a_nonce() -> None:
    answer = json_answer({"error": "use_dpop_nonce"}, 400, dpop_nonce="n-1")
    assert pushed(registration(), metadata(), answer) == RetryWithNonce(nonce="n-1")
    with pytest.raises(ProviderFault):
        pushed(registration(), metadata(), answer, retried=True)


def test_a_plain_redirect_for_the_older_profile() -> None:
    known = plain_registration()
    started = begun(known)
    url = plain_redirect(known, metadata(), started)
    assert dict(parse_qsl(urlsplit(url).query)) == started.parameters


def test_fapi2_never_redirects_in_the_open() -> None:
    with pytest.raises(ProviderFault):
        plain_redirect(registration(), metadata(), begun())
    demanding = metadata(require_pushed_authorization_requests=True)
    with pytest.raises(ProviderFault):
        plain_redirect(plain_registration(), demanding, begun(plain_registration()))
