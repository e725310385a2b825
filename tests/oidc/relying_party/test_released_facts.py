from typing import Any

import pytest

from poreka.oidc.errors import TokenRefused
from poreka.oidc.relying_party.registration import ClaimNames, VerifiedRequest
from poreka.oidc.relying_party.released_facts import Verification, released_facts
from tests.oidc.relying_party.foreign_provider import PESEL, plain_registration, registration

PLAIN = {"given_name": "Jagoda", "family_name": "Wrona", "pesel": PESEL}
ASKING = registration(verified=VerifiedRequest(trust_framework="pl_bank"))


def statement(framework: str = "pl_bank", **claims: Any) -> dict[str, Any]:
    return {
        "verification": {
            "trust_framework": framework,
            "assurance_level": "substantial",
            "time": "2026-01-01T10:00Z",
        },
        "claims": claims or PLAIN,
    }


def test_plain_facts() -> None:
    facts = released_facts(registration(), {**PLAIN, "birthdate": "2002-07-08"})
    assert (facts.given_name, facts.family_name, facts.pesel) == ("Jagoda", "Wrona", PESEL)
    assert facts.verified == frozenset()
    assert "Wrona" not in repr(facts)


def test_what_was_not_asked_for_is_not_taken() -> None:
    assert released_facts(plain_registration(), PLAIN).pesel is None
    assert released_facts(registration(), {**PLAIN, "verified_claims": statement()}).verification is None


def test_what_was_not_released_is_none() -> None:
    facts = released_facts(registration(), {"given_name": "Jagoda", "family_name": None})
    assert (facts.given_name, facts.family_name, facts.pesel) == ("Jagoda", None, None)


def test_a_foreign_name_for_the_pesel() -> None:
    name = "https://names.example/personIdentifier"
    known = registration(claim_names=ClaimNames(pesel=name))
    assert released_facts(known, {name: PESEL}).pesel == PESEL


def test_verified_facts() -> None:
    """Also `ekyc-server-happypath`, seen from the other side."""
    facts = released_facts(ASKING, {"verified_claims": statement()})
    assert facts.pesel == PESEL
    assert facts.verified == {"given_name", "family_name", "pesel"}
    assert facts.verification == Verification(
        trust_framework="pl_bank", assurance_level="substantial", process=None, time="2026-01-01T10:00Z"
    )


def test_it_stays_known_which_facts_are_verified() -> None:
    facts = released_facts(ASKING, {**PLAIN, "verified_claims": statement(pesel=PESEL)})
    assert facts.verified == {"pesel"}
    assert facts.given_name == "Jagoda"


def test_a_plain_fact_that_contradicts_the_verified_one() -> None:
    with pytest.raises(TokenRefused) as refused:
        released_facts(ASKING, {**PLAIN, "verified_claims": statement(family_name="Wilga")})
    assert refused.value.detail.startswith("family_name")
    assert "Wilga" not in refused.value.detail


def test_the_statement_under_the_framework_asked_for() -> None:
    listed = [statement("other", given_name="Jagoda"), statement()]
    assert released_facts(ASKING, {"verified_claims": listed}).pesel == PESEL
    assert released_facts(ASKING, {"verified_claims": listed[:1]}).verification is None
    assert released_facts(ASKING, {}).verification is None


def test_any_framework_when_none_was_named() -> None:
    known = registration(verified=VerifiedRequest())
    assert released_facts(known, {"verified_claims": statement("other")}).verified


@pytest.mark.parametrize(
    "verified",
    [
        "text",
        [7],
        {},
        {"verification": {"trust_framework": "pl_bank"}},
        {"verification": "pl_bank", "claims": PLAIN},
        {"verification": {}, "claims": PLAIN},
        {"verification": {"trust_framework": "pl_bank"}, "claims": [PESEL]},
        {"verification": {"trust_framework": "pl_bank"}, "claims": {"pesel": 2070803628}},
        [statement("other")] * 17,
    ],
)
def test_malformed_statements(verified: object) -> None:
    with pytest.raises(TokenRefused):
        released_facts(ASKING, {"verified_claims": verified})


@pytest.mark.parametrize("value", [2070803628, "", ["a"], {"a": 1}, True, "a" * 201])
def test_a_fact_is_a_text(value: object) -> None:
    with pytest.raises(TokenRefused):
        released_facts(registration(), {"pesel": value})
