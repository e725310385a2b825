"""docs/phone-devices.openapi.yaml: what a provider and the app's back end send one another is what it says."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from poreka.contracts.phone_devices import (
    Confirmation,
    DeviceRemoved,
    DevicesTold,
    DeviceTold,
    EnrolmentTold,
    ForCustomer,
    Offer,
    Offered,
)
from poreka.rules.enrolment_code import EnrolmentState, code_of, shown_code
from poreka.rules.warsaw_time import warsaw_moment
from poreka.systems.mobywatel.routes import ROUTES
from poreka.systems.trusted_profile.routes import ROUTES as PROFILE_ROUTES

CONTRACT = Path(__file__).parents[2] / "docs" / "phone-devices.openapi.yaml"
NOW = warsaw_moment(1_800_000_000)
CODE = shown_code(code_of(b"x" * 16))
OFFER = {"customer": "stanislaw.golab", "first_name": "Stanisław", "surname": "Gołąb", "pesel": "71120285435"}


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(CONTRACT.read_text("utf-8"))
    return read


def fits(contract: dict[str, Any], name: str, document: object) -> bool:
    schema = {"$ref": f"#/components/schemas/{name}", "components": contract["components"]}
    return bool(OAS31Validator(schema).is_valid(document))


def test_the_contract_is_a_valid_openapi_document(contract: dict[str, Any]) -> None:
    validate(contract)


def test_every_address_of_the_contract_is_there(contract: dict[str, Any]) -> None:
    asked = {
        (method.upper(), path.replace("{id}", "")) for path, methods in contract["paths"].items()
        for method in methods if method in ("get", "post")
    }  # fmt: skip
    routes = [*ROUTES, *PROFILE_ROUTES]
    there = {
        (one.method, one.path.replace("{enrolment}", "").replace("{device}", "").replace("{request}", ""))
        for one in routes
    }
    assert asked <= there


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Offer", Offer(**OFFER)),
        (
            "Offered",
            Offered(id="e1", code=CODE, address="https://a.b/enrol#X", expires_at=NOW),
        ),
        ("Enrolment", EnrolmentTold(id="e1", state=EnrolmentState.KEYED, device="Telefon")),
        ("Confirmation", Confirmation(customer="a", number="1234")),
        ("ForCustomer", ForCustomer(customer="a")),
        ("Devices", DevicesTold(devices=(DeviceTold(id="d", name="T", added_at=NOW, used_at=NOW),))),
        ("Devices", DevicesTold(devices=(DeviceTold(id="d", name="T", added_at=NOW),))),
        ("Removed", DeviceRemoved(customer="a", device="d", name="T", left=0)),
    ],
)
def test_what_is_sent_is_what_the_contract_says(contract: dict[str, Any], name: str, told: object) -> None:
    document = msgspec.json.decode(msgspec.json.encode(told))
    assert fits(contract, name, document)
    assert not fits(contract, name, {**document, "more": 1})
    assert contract["components"]["schemas"]["State"]["enum"] == [state.value for state in EnrolmentState]


@pytest.mark.parametrize(
    ("kind", "name", "document", "good"),
    [
        (Offer, "Offer", OFFER, True),
        (Offer, "Offer", {**OFFER, "pesel": "1"}, False),
        (Offer, "Offer", {**OFFER, "surname": ""}, False),
        (Offer, "Offer", {**OFFER, "phone": "600"}, False),
        (Confirmation, "Confirmation", {"customer": "a", "number": "1234"}, True),
        (Confirmation, "Confirmation", {"customer": "a", "number": "12345"}, False),
        (Confirmation, "Confirmation", {"customer": "a"}, False),
        (ForCustomer, "ForCustomer", {"customer": ""}, False),
        (ForCustomer, "ForCustomer", {"customer": "a\0b"}, False),
        (ForCustomer, "ForCustomer", {"customer": "a.b"}, True),
        (DeviceRemoved, "Removed", {"customer": "a", "device": "d", "name": "T", "left": -1}, False),
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
