from typing import Any

import msgspec
import pytest

from poreka.oidc.dpop import Proof
from poreka.oidc.errors import AnsweredAsJson, SingleUse
from poreka.oidc.jose import sign_with_embedded_key
from poreka.oidc.parameters import Parameters
from poreka.oidc.provider.token_request import Binding, check_code_exchange, checked_proof, presented_code
from tests.oidc.provider.samples import (
    AUTHENTICATED,
    BACK,
    TOKEN_ENDPOINT,
    VERIFIER,
    client,
    granted,
    openid_client,
)
from tests.oidc.signing_keys import NOW, signing_key

USED = SingleUse(kind="dpop", value="v", expires_at=NOW)
PROOF = Proof(jkt="j" * 43, single_use=USED)


def form(**changes: str | None) -> Parameters:
    given = {
        "grant_type": "authorization_code",
        "code": "c",
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        **changes,
    }
    return Parameters.of_pairs([(name, value) for name, value in given.items() if value is not None])


def exchange(given: Parameters | None = None, **changes: Any) -> Any:
    facts = {
        "client": client(),
        "authenticated": AUTHENTICATED,
        "grant": granted(),
        "proof": PROOF,
        "now": NOW,
        **changes,
    }
    return check_code_exchange(given or form(), **facts)


def refusal(given: Parameters | None = None, **changes: Any) -> str:
    with pytest.raises(AnsweredAsJson) as refused:
        exchange(given, **changes)
    assert refused.value.status == 400
    return refused.value.error


def test_a_good_exchange_establishes_the_binding_and_what_is_to_be_stored() -> None:
    good = exchange(authenticated=msgspec.structs.replace(AUTHENTICATED, single_use=USED))
    assert good.binding == Binding(jkt=PROOF.jkt)
    assert good.single_uses == (USED, USED)
    assert good.grant == granted()


def test_rfc_6749_5_2_the_grant_type_and_the_code() -> None:
    assert presented_code(form()) == "c"
    for changes, error in (
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"code": None}, "invalid_request"),
        ({"code": "c" * 129}, "invalid_grant"),
    ):
        with pytest.raises(AnsweredAsJson) as refused:
            presented_code(form(**changes))
        assert refused.value.error == error
    with pytest.raises(AnsweredAsJson, match="repeated"):
        presented_code(Parameters.of_pairs([("code", "a"), ("code", "b")]))


@pytest.mark.parametrize(
    "changes",
    [
        {"grant": None},
        {"authenticated": msgspec.structs.replace(AUTHENTICATED, client_id="other")},
        {"now": NOW + 60},
    ],
)
def test_rfc_6749_4_1_3_an_unknown_foreign_or_old_code_is_an_invalid_grant(changes: dict[str, Any]) -> None:
    assert refusal(**changes) == "invalid_grant"


def test_a_foreign_code_is_answered_like_an_unknown_one() -> None:
    words = []
    for changes in (
        {"grant": None},
        {"authenticated": msgspec.structs.replace(AUTHENTICATED, client_id="other")},
    ):
        with pytest.raises(AnsweredAsJson) as refused:
            exchange(**changes)
        words.append(refused.value.body())
    assert words[0] == words[1]


@pytest.mark.parametrize(
    "given",
    [
        form(redirect_uri=None),
        form(redirect_uri=BACK + "/"),
        form(code_verifier=None),
        form(code_verifier="w" * 43),
    ],
)
def test_another_address_or_verifier_is_an_invalid_grant(given: Parameters) -> None:
    assert refusal(given) == "invalid_grant"


def test_a_repeated_verifier_is_an_invalid_request() -> None:
    given = Parameters.of_pairs([("redirect_uri", BACK), ("code_verifier", "a"), ("code_verifier", "b")])
    assert refusal(given) == "invalid_request"


def test_fapi2_5_3_2_1_tokens_must_be_bound_to_a_key_or_a_certificate() -> None:
    """ensure-holder-of-key-required"""
    assert refusal(proof=None) == "invalid_request"
    by_certificate = msgspec.structs.replace(AUTHENTICATED, thumbprint="t")
    assert exchange(proof=None, authenticated=by_certificate).binding == Binding(x5t="t")
    assert exchange(proof=None, client=openid_client(), grant=granted(openid_client())).binding == Binding()
    dpop_only = openid_client(dpop_required=True)
    assert refusal(proof=None, client=dpop_only, authenticated=by_certificate) == "invalid_dpop_proof"


def test_rfc_9449_10_a_code_bound_to_a_key_is_only_for_its_holder() -> None:
    assert exchange(grant=granted(dpop_jkt="j" * 43))
    assert refusal(grant=granted(dpop_jkt="k" * 43)) == "invalid_dpop_proof"
    by_certificate = msgspec.structs.replace(AUTHENTICATED, thumbprint="t")
    assert refusal(grant=granted(dpop_jkt="k" * 43), proof=None, authenticated=by_certificate) == "invalid_dpop_proof"


def test_rfc_9449_5_and_8_the_proof_of_a_direct_request() -> None:
    claims = {"jti": "one", "htm": "POST", "htu": TOKEN_ENDPOINT, "iat": NOW}
    proof = sign_with_embedded_key(claims, signing_key(), "dpop+jwt")
    where: dict[str, Any] = {"method": "POST", "url": TOKEN_ENDPOINT}
    assert checked_proof(None, **where, now=NOW) is None
    established = checked_proof(proof, **where, now=NOW)
    assert established is not None
    assert established.jkt == signing_key().verification().thumbprint
    with pytest.raises(AnsweredAsJson) as refused:
        checked_proof(proof, **where, now=NOW + 999)
    assert refused.value.error == "invalid_dpop_proof"
    with pytest.raises(AnsweredAsJson) as refused:
        checked_proof(proof, **where, now=NOW, nonces=frozenset({"n"}), next_nonce="n")
    assert (refused.value.error, refused.value.headers) == ("use_dpop_nonce", {"DPoP-Nonce": "n"})
