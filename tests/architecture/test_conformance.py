"""docs/conformance.md: each line of its matrix names a test, and its list of the metadata is what the code promises.

That the named tests are there is `test_docs_name_real_things.py`.
"""

import re
from typing import Any

import pytest

from poreka.oidc.backchannel_authentication import GRANT_TYPE
from poreka.oidc.provider.metadata import Endpoints, Offered, metadata
from poreka.oidc.provider.request_parameters import Supported
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "conformance.md").read_text("utf-8")
MATRIX, PROMISES = "## Standards matrix", "## What the metadata promises"
NAMED_TEST = re.compile(r"`tests/[\w/]+\.py::test_\w+`")
LISTED = (
    *("response_types", "response_modes", "grant_types", "code_challenge_methods", "prompt_values", "subject_types"),
    *("token_endpoint_auth_methods", "dpop_signing_alg_values", "backchannel_token_delivery_modes", "ui_locales"),
)
"""What has the same values at every provider: they stand in the page."""


def part(heading: str) -> str:
    """The text under a heading, until the next of its rank."""
    (found,) = re.findall(rf"^{re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return str(found)


def rows(text: str) -> list[list[str]]:
    """The cells of the tables' lines, without heads."""
    lines = re.findall(r"^\|(?!---)(.*)\|$", text, re.MULTILINE)
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [row for row in cells if row[0] not in ("clause", "members")]


def promised() -> dict[str, Any]:
    """The document of a provider that has everything."""
    names = list(Endpoints.__struct_fields__)
    supported = Supported(
        issuer="https://bank.example",
        scopes=frozenset({"openid", "profile"}),
        acr_values=("low",),
        backchannel=True,
        authorization_details_types=frozenset({"signature"}),
    )
    offered = Offered(
        signing_algorithms=("ES256",),
        trust_frameworks=("pl_poreka",),
        evidence=("electronic_record",),
        electronic_records=("bank_account",),
        service_documentation="https://bank.example/documentation",
    )
    return metadata(supported, Endpoints(**{name: f"https://bank.example/{name}" for name in names}), offered)


@pytest.mark.parametrize("heading", [MATRIX, PROMISES])
def test_every_line_names_the_test_that_proves_it(heading: str) -> None:
    found = rows(part(heading))
    assert len(found) > 20
    assert [row[0] for row in found if not NAMED_TEST.search(row[-1])] == []


def test_the_page_lists_what_the_metadata_promise() -> None:
    listed = {name for row in rows(part(PROMISES)) for name in re.findall(r"`(\w+)`", row[0])}
    assert listed == promised().keys()


@pytest.mark.parametrize("name", LISTED)
def test_values_that_are_the_same_everywhere_are_the_code_s(name: str) -> None:
    document = promised()
    (values,) = [row[1] for row in rows(part(PROMISES)) if f"`{name}_supported`" in row[0]]
    told = set(re.findall(r"`([^`]+)`", values))
    assert told == set(document[f"{name}_supported"])
    assert GRANT_TYPE in document["grant_types_supported"]


def test_each_standard_that_is_named_in_the_code_of_the_protocol_stands_in_the_page() -> None:
    code = "\n".join(file.read_text("utf-8") for file in (ROOT / "src" / "poreka" / "oidc").rglob("*.py"))
    named = set(re.findall(r"RFC (\d{4})", code))
    assert sorted(number for number in named if f"RFC {number}" not in PAGE) == []
