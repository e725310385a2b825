"""docs/desk.openapi.yaml: what a desk and the trusted profile send one another is what it says."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from poreka.contracts import desk as messages
from poreka.contracts.desk_words import Act, ProposalState, Reason, TrustedProfileState
from poreka.contracts.identity_check import Document, IdentityCheck, RefusalReason, Way
from poreka.rules.warsaw_time import warsaw_moment
from poreka.systems.desk.office_over_http import NO
from poreka.systems.trusted_profile.routes import ROUTES

CONTRACT = Path(__file__).parents[2] / "docs" / "desk.openapi.yaml"
NOW = warsaw_moment(1_800_000_000)
CLERK = messages.ClerkNamed(id="c1", name="Grażyna Lis", pesel="69051744280")
NAMED = {"id": "c1", "name": "Grażyna Lis", "pesel": "69051744280"}
FACTS = messages.NewFacts(first_name="Jan", surname="Nowy", pesel="83041741039")
CHECK = IdentityCheck(way=Way.VIDEO, document=Document.PASSPORT, photo_fits=True, data_agree=True, call="N-1")
WAITING = messages.Waiting(number="1", applied_at=NOW, until=NOW, own=False, second=False)
SIGNED = messages.KeySigned(key="aw", public_key="cHVi", token="t.1", said="approve p\nnie", assertion="{}")
SIGNED_TOO = {"key": "aw", "public_key": "cHVi", "token": "t.1", "said": "approve p\nnie", "assertion": "{}"}
OPEN = messages.OpenProposal(id="p", act=Act.CHANGE, proposed_by="G", proposed_at=NOW, until=NOW, own=True, mine=False)
PROPOSAL = messages.ProposalTold(
    id="p",
    profile="z",
    act=Act.CHANGE,
    state=ProposalState.OPEN,
    first_name="J",
    surname="K",
    pesel="",
    proposed_by="G",
    proposed_at=NOW,
    until=NOW,
    own=True,
    mine=False,
    facts=FACTS,
)


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(CONTRACT.read_text("utf-8"))
    return read


def fits(contract: dict[str, Any], name: str, document: object) -> bool:
    schema = {"$ref": f"#/components/schemas/{name}", "components": contract["components"]}
    return bool(OAS31Validator(schema).is_valid(document))


def test_the_contract_is_a_valid_openapi_document(contract: dict[str, Any]) -> None:
    validate(contract)


def test_its_addresses_are_those_of_the_trusted_profile(contract: dict[str, Any]) -> None:
    told = {re.sub(r"\{\w+\}", "{}", path) for path in contract["paths"]}
    there = {re.sub(r"\{\w+\}", "{}", one.path) for one in ROUTES if one.path.startswith("/desk/")}
    assert told == there
    assert {one.method for one in ROUTES if one.path.startswith("/desk/")} == {"POST"}, "a PESEL is in no address"


def test_its_refusals_are_those_that_a_desk_has_words_for(contract: dict[str, Any]) -> None:
    text = CONTRACT.read_text("utf-8")
    assert all(f"`{one}`" in text for one in NO)


def test_its_words_are_those_of_the_rules(contract: dict[str, Any]) -> None:
    kinds = {
        "Way": Way,
        "Document": Document,
        "RefusalReason": RefusalReason,
        "Act": Act,
        "Reason": Reason,
        "ProposalState": ProposalState,
        "ProfileState": TrustedProfileState,
    }
    for name, kind in kinds.items():
        assert contract["components"]["schemas"][name]["enum"] == [one.value for one in kind], name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ByClerk", messages.ByClerk(clerk=CLERK)),
        ("Queue", messages.Queue(applications=(WAITING,), more=False)),
        (
            "Case",
            messages.Case(
                number="1",
                state=TrustedProfileState.APPLIED,
                first_name="E",
                surname="W",
                pesel="",
                applied_at=NOW,
                until=NOW,
                own=True,
                held=False,
            ),
        ),
        ("Confirming", messages.Confirming(clerk=CLERK, check=CHECK, signed=SIGNED)),
        ("Refusing", messages.Refusing(clerk=CLERK, way=Way.OFFICE, reason=RefusalReason.NOT_SEEN, signed=SIGNED)),
        ("CaseDecided", messages.CaseDecided(number="1", state=TrustedProfileState.VALID)),
        ("Finding", messages.Finding(clerk=CLERK, pesel="83041741039")),
        ("Found", messages.Found(id="z")),
        (
            "Profile",
            messages.ProfileShown(
                id="z",
                first_name="J",
                surname="K",
                pesel="83041741039",
                valid_from=NOW,
                until=NOW,
                locked=False,
                own=False,
            ),
        ),
        ("Proposing", messages.Proposing(clerk=CLERK, signed=SIGNED, act=Act.INVALIDATION, reason=Reason.RULING)),
        ("Proposing", messages.Proposing(clerk=CLERK, signed=SIGNED, act=Act.CHANGE, reference="R", facts=FACTS)),
        (
            "Proposing",
            messages.Proposing(clerk=CLERK, signed=SIGNED, act=Act.DEATH, reference="R", approval="a.b-c.d_e"),
        ),
        ("Proposals", messages.Proposals(proposals=(OPEN,))),
        ("Proposal", PROPOSAL),
        ("Approving", messages.Approving(clerk=CLERK, signed=SIGNED)),
        ("Rejecting", messages.Rejecting(clerk=CLERK, signed=SIGNED, note="nie")),
        ("ProposalDecided", messages.ProposalDecided(id="p", state=ProposalState.LAPSED)),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_sent_is_what_the_contract_says(contract: dict[str, Any], name: str, told: object) -> None:
    document = msgspec.json.decode(msgspec.json.encode(told))
    assert fits(contract, name, document)
    assert not fits(contract, name, {**document, "more": 1})
    assert "69051744280" not in repr(told)
    assert "83041741039" not in repr(told)


@pytest.mark.parametrize(
    ("kind", "name", "document", "good"),
    [
        (messages.ByClerk, "ByClerk", {"clerk": NAMED}, True),
        (messages.ByClerk, "ByClerk", {}, False),
        (messages.ByClerk, "ByClerk", {"clerk": {**NAMED, "pesel": "1"}}, False),
        (messages.ByClerk, "ByClerk", {"clerk": {**NAMED, "id": ""}}, False),
        (messages.ByClerk, "ByClerk", {"clerk": {**NAMED, "name": "a\nb"}}, False),
        (messages.Finding, "Finding", {"clerk": NAMED, "pesel": "851212569836"}, False),
        (
            messages.Refusing,
            "Refusing",
            {"clerk": NAMED, "signed": SIGNED_TOO, "way": "office", "reason": "withdrawn"},
            True,
        ),
        (
            messages.Refusing,
            "Refusing",
            {"clerk": NAMED, "signed": SIGNED_TOO, "way": "phone", "reason": "withdrawn"},
            False,
        ),
        (
            messages.Refusing,
            "Refusing",
            {"clerk": NAMED, "signed": SIGNED_TOO, "way": "office", "reason": "withdrawn", "note": "x" * 501},
            False,
        ),
        (
            messages.Proposing,
            "Proposing",
            {"clerk": NAMED, "signed": SIGNED_TOO, "act": "death", "reference": "R\tx"},
            False,
        ),
        (
            messages.Proposing,
            "Proposing",
            {"clerk": NAMED, "signed": SIGNED_TOO, "act": "death", "approval": "a b"},
            False,
        ),
        (
            messages.Proposing,
            "Proposing",
            {"clerk": NAMED, "signed": SIGNED_TOO, "act": "death", "approval": "x" * 4097},
            False,
        ),
        (messages.Rejecting, "Rejecting", {"clerk": NAMED, "signed": SIGNED_TOO, "note": "a\nb"}, True),
        (messages.Rejecting, "Rejecting", {"clerk": NAMED, "signed": SIGNED_TOO, "note": "a\u0000b"}, False),
        (messages.Approving, "Approving", {"clerk": NAMED, "signed": SIGNED_TOO}, True),
        (messages.Approving, "Approving", {"clerk": NAMED}, False),
        (messages.Approving, "Approving", {"clerk": NAMED, "signed": {**SIGNED_TOO, "token": "a b"}}, False),
        (messages.Approving, "Approving", {"clerk": NAMED, "signed": {**SIGNED_TOO, "said": "x" * 4097}}, False),
    ],
)
def test_what_is_read_is_what_the_contract_says(
    contract: dict[str, Any], kind: type, name: str, document: dict[str, Any], good: bool
) -> None:
    assert fits(contract, name, document) is good
    try:
        msgspec.convert(document, kind)
        read = True
    except msgspec.ValidationError:
        read = False
    assert read is good
