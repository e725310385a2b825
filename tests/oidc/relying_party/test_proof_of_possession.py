from poreka.oidc import dpop
from poreka.oidc.keys import thumbprint
from poreka.oidc.relying_party.proof_of_possession import make_proof
from tests.oidc.relying_party.foreign_provider import DPOP_JWK, NOW


def test_a_proof_satisfies_the_other_side() -> None:
    proof = make_proof(DPOP_JWK, method="POST", url="https://a.example:443/t?x=1", proof_id="p-1", now=NOW)
    checked = dpop.check_proof(proof, method="POST", url="https://a.example/t", now=NOW)
    assert checked.jkt == thumbprint(DPOP_JWK)


def test_a_proof_is_bound_to_token_and_nonce() -> None:
    proof = make_proof(
        DPOP_JWK,
        method="GET",
        url="https://a.example/me",
        proof_id="p-2",
        now=NOW,
        nonce="n-1",
        access_token="access-1",
    )
    dpop.check_proof(
        proof,
        method="GET",
        url="https://a.example/me",
        now=NOW,
        access_token="access-1",
        nonces=frozenset({"n-1"}),
    )
