from typing import Any

import pytest

from poreka.oidc.errors import AnsweredAsJson, ShownToPerson
from poreka.oidc.parameters import Parameters
from poreka.oidc.provider.pushed_request import (
    PushedRequest,
    check_pushed,
    pushed_answer,
    redeem,
    reference_of,
)
from tests.oidc.provider.samples import SUPPORTED, client, pairs, parameters
from tests.oidc.signing_keys import NOW


def pushed(given: Parameters | None = None, proof_jkt: str | None = None) -> PushedRequest:
    return check_pushed(given or parameters(), client(), SUPPORTED, now=NOW, proof_jkt=proof_jkt)


def test_rfc_9126_2_2_the_answer_names_the_reference() -> None:
    assert pushed_answer("abc") == {"request_uri": "urn:ietf:params:oauth:request_uri:abc", "expires_in": 60}
    assert pushed().expires_at == NOW + 60


def test_the_client_may_be_named_by_its_authentication_alone() -> None:
    assert pushed(parameters(client_id=None)).request.client_id == "portal"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"request_uri": "urn:ietf:params:oauth:request_uri:abc"}, "invalid_request"),
        ({"redirect_uri": "https://evil.example"}, "invalid_request"),
        ({"client_id": "other"}, "invalid_client"),
        ({"scope": "unknown"}, "invalid_scope"),
    ],
)
def test_rfc_9126_2_3_faults_are_json(changes: dict[str, Any], error: str) -> None:
    with pytest.raises(AnsweredAsJson) as refused:
        pushed(parameters(**changes))
    assert (refused.value.status, refused.value.error) == (400, error)


def test_a_repeated_parameter_is_json_too() -> None:
    with pytest.raises(AnsweredAsJson):
        pushed(Parameters.of_pairs([*pairs(), ("x", "1"), ("x", "2")]))


def test_rfc_9449_10_1_a_proof_binds_the_code_like_dpop_jkt() -> None:
    assert pushed(proof_jkt="j" * 43).request.dpop_jkt == "j" * 43
    assert pushed(parameters(dpop_jkt="j" * 43), "j" * 43).request.dpop_jkt == "j" * 43
    with pytest.raises(AnsweredAsJson) as refused:
        pushed(parameters(dpop_jkt="k" * 43), "j" * 43)
    assert refused.value.error == "invalid_dpop_proof"


def asked(*given: tuple[str, str]) -> Parameters:
    return Parameters.of_pairs(given)


def test_only_references_of_our_own_are_understood() -> None:
    assert reference_of(asked()) is None
    assert reference_of(asked(("request_uri", "urn:ietf:params:oauth:request_uri:abc"))) == "abc"
    prefix = "urn:ietf:params:oauth:request_uri:"
    for request_uri in ("https://evil.example/r", prefix + "a" * 255, prefix.upper() + "a"):
        with pytest.raises(ShownToPerson):
            reference_of(asked(("request_uri", request_uri)))
    with pytest.raises(ShownToPerson):
        reference_of(asked(("request_uri", "a"), ("request_uri", "b")))


def test_rfc_9126_4_only_the_client_that_pushed_redeems_and_in_time() -> None:
    waiting = pushed()
    assert redeem(asked(("client_id", "portal"), ("scope", "other")), waiting, now=NOW + 59) == waiting.request
    for given, found, now in (
        (asked(("client_id", "other")), waiting, NOW),
        (asked(), waiting, NOW),
        (asked(("client_id", "portal")), None, NOW),
        (asked(("client_id", "portal")), waiting, NOW + 60),
        (asked(("client_id", "portal"), ("client_id", "portal")), waiting, NOW),
    ):
        with pytest.raises(ShownToPerson):
            redeem(given, found, now=now)


def test_too_many_parameters_are_json() -> None:
    from poreka.oidc.parameters import ParameterRefused
    from poreka.oidc.provider.pushed_request import answered_as_json

    with pytest.raises(AnsweredAsJson), answered_as_json():
        raise ParameterRefused("The request has too many parameters.")
