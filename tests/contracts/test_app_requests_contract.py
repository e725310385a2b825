"""docs/app-requests.openapi.yaml: what is sent to the app's back end, and what it may send, is what it says."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from poreka.contracts.app_request import push_message
from poreka.provider.authorising.app_answer import Answer
from poreka.rules.authorising.operation import OperationLimits, issue
from poreka.rules.authorising.push_request import PushLimits, PushState, open_request
from poreka.rules.authorising.shown_document import ShownDocument

CONTRACT = Path(__file__).parents[2] / "docs" / "app-requests.openapi.yaml"
NOW = 1_760_000_000


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(CONTRACT.read_text("utf-8"))
    return read


def fits(contract: dict[str, Any], name: str, document: object) -> bool:
    schema = {"$ref": f"#/components/schemas/{name}", "components": contract["components"]}
    return bool(OAS31Validator(schema).is_valid(document))


def test_the_contract_is_a_valid_openapi_document(contract: dict[str, Any]) -> None:
    validate(contract)


def test_what_the_app_is_told_is_what_the_contract_says(contract: dict[str, Any]) -> None:
    request = open_request(
        request_id="r1", person_id="jan", operation_id="o1", service="PUE", now=NOW, limits=PushLimits()
    )
    operation = issue(
        operation_id="o1", last_today=0, purpose="p", code_hash=b"", now=NOW, limits=OperationLimits(), push_life=240
    )
    told = push_message(request, operation, customer="21570133", provider="iPKO", now=NOW)
    document = msgspec.json.decode(msgspec.json.encode(told))
    assert fits(contract, "Request", document)
    assert not fits(contract, "Request", {**document, "number_to_type": "42"})
    signing = msgspec.structs.replace(operation, document=ShownDocument(name="a.pdf", hash="ab12 " * 15 + "ab12"))
    told = push_message(request, signing, customer="21570133", provider="iPKO", now=NOW)
    assert fits(contract, "Request", msgspec.json.decode(msgspec.json.encode(told)))
    assert contract["components"]["schemas"]["State"]["enum"] == [state.value for state in PushState]


@pytest.mark.parametrize(
    ("document", "good"),
    [
        ({"customer": "1", "answer": "refuse"}, True),
        ({"customer": "1", "answer": "approve", "number": "42"}, True),
        ({"customer": "1", "answer": "approve", "number": "421"}, False),
        ({"customer": "1", "answer": "perhaps"}, False),
        ({"customer": "", "answer": "refuse"}, False),
        ({"answer": "refuse"}, False),
        ({"customer": "1", "answer": "refuse", "more": 1}, False),
    ],
)
def test_an_answer_is_read_as_the_contract_says(contract: dict[str, Any], document: dict[str, str], good: bool) -> None:
    assert fits(contract, "Answer", document) is good
    try:
        msgspec.convert(document, Answer)
        read = True
    except msgspec.ValidationError:
        read = False
    assert read is good
