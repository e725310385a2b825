import pytest

from poreka.oidc.relying_party.exchange import Answer
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce, nonce_demanded, nonce_offered
from tests.oidc.relying_party.foreign_provider import json_answer


def challenge(text: str, nonce: str = "n-1", status: int = 401) -> Answer:
    return Answer(status=status, headers={"www-authenticate": text, "dpop-nonce": nonce}, body=b"")


@pytest.mark.parametrize("status", [400, 401])
def test_an_authorisation_server_asks_in_json(status: int) -> None:
    answer = json_answer({"error": "use_dpop_nonce"}, status, dpop_nonce="n-1")
    assert nonce_demanded(answer, retried=False) == RetryWithNonce(nonce="n-1")


@pytest.mark.parametrize(
    "text",
    [
        'DPoP error="use_dpop_nonce", error_description="again"',
        'dpop error="use_dpop_nonce"',
        'DPOP realm="x", error = use_dpop_nonce',
        'Bearer realm="x", DPoP error="use_dpop_nonce", algs="ES256"',
    ],
)
def test_fapi2_security_profile_final_client_test_rs_dpop_auth_scheme_case_insensitivity(text: str) -> None:
    assert nonce_demanded(challenge(text), retried=False) == RetryWithNonce(nonce="n-1")


@pytest.mark.parametrize(
    "answer",
    [
        json_answer({"error": "invalid_grant"}, 400, dpop_nonce="n-1"),
        json_answer({"access_token": "a"}, 200, dpop_nonce="n-1"),
        challenge('DPoP error="invalid_token"'),
        challenge('Bearer error="use_dpop_nonce"'),
        challenge('DPoP error="use_dpop_nonce"', status=403),
        Answer(status=400, headers={"content-type": "text/plain"}, body=b"use_dpop_nonce"),
    ],
)
def test_other_answers_are_not_a_reason_to_repeat(answer: Answer) -> None:
    assert nonce_demanded(answer, retried=False) is None


def test_the_request_is_repeated_once_only() -> None:
    answer = json_answer({"error": "use_dpop_nonce"}, 400, dpop_nonce="n-2")
    with pytest.raises(ProviderFault) as fault:
        nonce_demanded(answer, retried=True)
    assert "twice" in fault.value.detail


def test_a_demand_without_a_nonce_cannot_be_met() -> None:
    with pytest.raises(ProviderFault) as fault:
        nonce_demanded(json_answer({"error": "use_dpop_nonce"}, 400), retried=False)
    assert "none" in fault.value.detail


def test_any_answer_may_bring_the_next_nonce() -> None:
    assert nonce_offered(json_answer({}, dpop_nonce="next")) == "next"
    assert nonce_offered(json_answer({})) is None
    assert nonce_offered(json_answer({}, dpop_nonce='quo"ted')) is None
    assert nonce_offered(json_answer({}, dpop_nonce="a" * 513)) is None
