from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.provider.claims_request import ClaimWish, VerifiedWish
from poreka.oidc.provider.verified_claims import (
    Evidence,
    Unmet,
    Verification,
    as_json,
    narrowed,
    verified_claims,
)
from tests.oidc.signing_keys import NOW

FACTS = {"given_name": "Anna", "pesel": "x"}
VERIFICATION = Verification(
    trust_framework="eidas",
    assurance_level="substantial",
    policy="kyc",
    time=NOW - 1000,
    verification_process="ref-1",
    evidence=(Evidence(type="electronic_record", record_type="bank_account"), Evidence(type="vouch")),
)
FULL = as_json(VERIFICATION)


def answer(verification: dict[str, Any], **claims: ClaimWish | None) -> Any:
    return verified_claims([VerifiedWish(verification, claims or {"pesel": None})], FACTS, VERIFICATION, NOW)


def test_the_whole_element() -> None:
    assert FULL["assurance_process"] == {"policy": "kyc"}
    assert FULL["time"].endswith("Z")
    assert FULL["evidence"] == [
        {"type": "electronic_record", "record": {"type": "bank_account"}},
        {"type": "vouch"},
    ]
    assert as_json(Verification(trust_framework="a", assurance_level="b", time=0)) == {
        "trust_framework": "a",
        "assurance_level": "b",
        "time": "1970-01-01T00:00:00Z",
    }


def test_identity_assurance_6_only_what_was_asked_is_told() -> None:
    assert answer({"trust_framework": None}) == {
        "verification": {"trust_framework": "eidas"},
        "claims": {"pesel": "x"},
    }
    assert answer({"time": None}, given_name=None, nickname=None) == {
        "verification": {"trust_framework": "eidas", "time": FULL["time"]},
        "claims": {"given_name": "Anna"},
    }


@pytest.mark.parametrize(
    ("verification", "met"),
    [
        ({"trust_framework": {"value": "eidas"}}, True),
        ({"trust_framework": {"value": "other"}}, False),
        ({"assurance_level": {"values": ["high", "substantial"]}}, True),
        ({"assurance_level": {"values": ["high"]}}, False),
        ({"assurance_level": {"values": "substantial"}}, False),
        ({"assurance_level": "substantial"}, False),
        ({"time": {"max_age": 1000}}, True),
        ({"time": {"max_age": 999}}, False),
        ({"time": {"max_age": "x"}}, False),
        ({"trust_framework": {"max_age": 5}}, False),
        ({"assurance_process": {"policy": {"value": "kyc"}}}, True),
        ({"assurance_process": {"procedure": None}}, True),
        ({"assurance_process": {"procedure": {"essential": True}}}, False),
        ({"unknown": None}, True),
        ({"unknown": {"value": 1}}, False),
        ({"evidence": [{"type": {"value": "electronic_record"}}]}, True),
        ({"evidence": [{"type": {"value": "document"}}, {"type": {"value": "vouch"}}]}, True),
        ({"evidence": [{"type": {"value": "document"}}]}, False),
        ({"evidence": {"value": 5}}, False),
    ],
)
def test_identity_assurance_6_3_an_unmet_condition_leaves_the_element_out(
    verification: dict[str, Any], met: bool
) -> None:
    assert (answer(verification) is not None) == met


def test_evidence_is_narrowed_element_by_element() -> None:
    told = answer({"evidence": [{"type": {"value": "electronic_record"}, "record": {"type": None}}]})
    assert told["verification"]["evidence"] == [{"type": "electronic_record", "record": {"type": "bank_account"}}]


def test_facts_with_another_value_or_without_consent_are_left_out() -> None:
    assert answer({}, given_name=ClaimWish(value="Jan")) is None
    assert answer({}, given_name=ClaimWish(values=("Jan",))) is None
    assert answer({}, given_name=ClaimWish(value="Anna", values=("Anna",))) is not None
    assert answer({}, email=None) is None


def test_several_wishes_give_an_array() -> None:
    wish = VerifiedWish({"trust_framework": None}, {"pesel": None})
    assert len(verified_claims([wish, wish], FACTS, VERIFICATION, NOW) or []) == 2
    assert isinstance(verified_claims([wish, wish], FACTS, VERIFICATION, NOW), list)


WISHES = st.recursive(
    st.none() | st.text(max_size=3) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*FULL, "type", "value", "values", "max_age", "essential", "record"]),
            inner,
            max_size=4,
        )
    ),
)


@given(st.dictionaries(st.sampled_from([*FULL, "other"]), WISHES, max_size=4))
def test_no_wish_breaks_the_reader_or_gets_more_than_there_is(wish: dict[str, Any]) -> None:
    try:
        told = narrowed(wish, FULL, NOW)
    except Unmet:
        return
    assert set(told) <= set(FULL)


def test_what_is_not_on_record_is_left_out_and_meets_no_condition() -> None:
    """When and how surely somebody was verified is the bank's record; a sign-in of today is neither."""
    unknown = Verification(trust_framework="pl_poreka_demo")
    assert as_json(unknown) == {"trust_framework": "pl_poreka_demo"}
    for condition in ({"time": {"max_age": 10**9}}, {"assurance_level": {"value": "substantial"}}):
        wish = VerifiedWish({"trust_framework": None, **condition}, {"pesel": None})
        assert verified_claims([wish], FACTS, unknown, NOW) is None
