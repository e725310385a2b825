import msgspec

from poreka.oidc.relying_party.registration import ClaimNames, VerifiedRequest
from poreka.oidc.relying_party.requested_claims import claims_parameter
from tests.oidc.relying_party.foreign_provider import HIGH, SUBSTANTIAL, registration


def test_the_level_is_essential_and_every_fact_is_named() -> None:
    asked = msgspec.json.decode(claims_parameter(registration(), (SUBSTANTIAL, HIGH)))
    assert asked == {
        "userinfo": {"given_name": None, "family_name": None, "pesel": None},
        "id_token": {"acr": {"essential": True, "values": [SUBSTANTIAL, HIGH]}},
    }


def test_verified_facts_by_the_names_the_provider_uses() -> None:
    known = registration(
        claims=(),
        verified=VerifiedRequest(trust_framework="eidas", facts=("pesel",)),
        claim_names=ClaimNames(pesel="https://names.example/personIdentifier"),
    )
    asked = msgspec.json.decode(claims_parameter(known, ()))
    assert asked == {
        "userinfo": {
            "verified_claims": {
                "verification": {
                    "trust_framework": {"value": "eidas"},
                    "assurance_level": None,
                    "time": None,
                },
                "claims": {"https://names.example/personIdentifier": None},
            }
        }
    }


def test_any_trust_framework() -> None:
    known = registration(claims=(), verified=VerifiedRequest(facts=("pesel",)))
    asked = msgspec.json.decode(claims_parameter(known, ()))
    assert asked["userinfo"]["verified_claims"]["verification"]["trust_framework"] is None


def test_nothing_to_ask_for() -> None:
    assert claims_parameter(registration(claims=()), ()) == ""
