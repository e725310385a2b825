"""The HTTP directory against a real small server: what goes wrong there, and what never leaves here."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
import yaml
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from poreka.outgoing.breaker import FAILURES, REST
from poreka.provider.customers.over_http import CustomersOverHttp
from poreka.provider.store.customer_directory import DirectoryUnavailable, RecordRefused, Typed
from poreka.provider.store.guarded_directory import GuardedDirectory
from tests.provider.store.test_customer_directories import ANNA, ANNA_PASSWORD, JAN, JAN_PASSWORD, over_http, told
from tests.support.customer_system import TOKEN, CustomerSystem, running

CONTRACT = Path(__file__).parents[3] / "docs" / "customer-directory.openapi.yaml"
TYPED = Typed(password=ANNA_PASSWORD, places=(2, 9), characters="Y9")


@pytest.fixture
def system() -> Iterator[CustomerSystem]:
    with running(CustomerSystem([told(ANNA, ANNA_PASSWORD), told(JAN, JAN_PASSWORD)])) as served:
        yield served


@pytest_asyncio.fixture
async def directory(system: CustomerSystem) -> AsyncIterator[CustomersOverHttp]:
    async with over_http(system) as opened:
        yield opened


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(CONTRACT.read_text("utf-8"))
    return read


def fits(contract: dict[str, Any], schema: str, document: object) -> None:
    registry: Registry[Any] = Registry().with_resource("urn:api", Resource(contract, DRAFT202012))
    OAS31Validator({"$ref": f"urn:api#/components/schemas/{schema}"}, registry=registry).validate(document)


def test_the_contract_is_a_valid_openapi_document(contract: dict[str, Any]) -> None:
    validate(contract)


async def test_the_server_of_these_tests_keeps_to_the_contract(
    system: CustomerSystem, contract: dict[str, Any]
) -> None:
    sign_in = {"number": ANNA.number, "password": ANNA_PASSWORD, "characters": [{"place": 1, "character": "x"}]}
    async with httpx2.AsyncClient(
        trust_env=False, base_url=system.origin, headers={"authorization": f"Bearer {TOKEN}"}
    ) as client:
        for path, schema in (
            ("/v1/customers/anna", "Customer"),
            ("/v1/customers/jan", "Customer"),
            (f"/v1/identifiers?number={ANNA.number}", "Identifier"),
        ):
            fits(contract, schema, (await client.get(path)).json())
        for password in (ANNA_PASSWORD, "wrong"):
            answer = await client.post("/v1/authentications", json={**sign_in, "password": password})
            fits(contract, "Authentication", answer.json())


async def test_what_we_send_keeps_to_the_contract(
    directory: CustomersOverHttp, system: CustomerSystem, contract: dict[str, Any]
) -> None:
    await directory.check(ANNA.number, TYPED)
    await directory.check(ANNA.number, Typed(password="x"))
    for _, path, sent in system.asked:
        assert path == "/v1/authentications"
        fits(contract, "SignIn", sent)


async def test_a_number_is_never_part_of_a_path(directory: CustomersOverHttp, system: CustomerSystem) -> None:
    for number in ("../customers/anna", "1?x=1&number=2", "ą / %2f", "21571404#"):
        assert await directory.identifier_of(number) is None
        assert system.asked[-1] == ("GET", "/v1/identifiers", number)


@pytest.mark.parametrize("trouble", ["500", "429", "redirect", "huge", "garbage", "text", "liar"])
async def test_an_answer_that_is_none_is_not_believed(
    directory: CustomersOverHttp, system: CustomerSystem, trouble: Any
) -> None:
    system.trouble = trouble
    for asked in (directory.by_id("anna"), directory.check(ANNA.number, TYPED)):
        with pytest.raises(DirectoryUnavailable) as refused:
            await asked
        assert isinstance(refused.value, RecordRefused) == (trouble in ("garbage", "text", "liar"))
        assert not any(text in str(refused.value) for text in (ANNA_PASSWORD, ANNA.number, "Anna", "Jan"))
    assert len(system.asked) == 2


async def test_a_read_is_tried_once_more_and_a_sign_in_is_not(
    directory: CustomersOverHttp, system: CustomerSystem
) -> None:
    system.trouble = "once"
    assert await directory.by_id("anna") is not None
    assert len(system.asked) == 2
    system.trouble = "503"
    with pytest.raises(DirectoryUnavailable, match="status 503"):
        await directory.by_id("anna")
    assert len(system.asked) == 4
    with pytest.raises(DirectoryUnavailable, match="status 503"):
        await directory.check(ANNA.number, TYPED)
    assert len(system.asked) == 5


async def test_who_takes_too_long_is_not_waited_for(system: CustomerSystem) -> None:
    system.trouble = "slow"
    async with over_http(system, seconds=0.1) as hurried:
        with pytest.raises(DirectoryUnavailable, match="time"):
            await hurried.check(ANNA.number, TYPED)
        with pytest.raises(DirectoryUnavailable, match="time"):
            await hurried.by_id("anna")
    assert len(system.asked) <= 3


async def test_a_directory_that_wants_another_token_is_unavailable(system: CustomerSystem) -> None:
    async with over_http(system) as directory:
        directory._headers["authorization"] = "Bearer of-somebody-else"
        with pytest.raises(DirectoryUnavailable, match="status 401"):
            await directory.by_id("anna")


async def test_a_directory_that_fails_is_left_alone_and_tried_again(
    directory: CustomersOverHttp, system: CustomerSystem
) -> None:
    moment = [0.0]
    guarded = GuardedDirectory(directory, lambda: moment[0])
    system.trouble = "500"
    for _ in range(FAILURES + 3):
        with pytest.raises(DirectoryUnavailable) as away:
            await guarded.by_id("anna")
    assert len(system.asked) == FAILURES
    assert away.value.retry_seconds == int(REST)
    moment[0] = REST
    with pytest.raises(DirectoryUnavailable):
        await guarded.identifier_of(ANNA.number)
    assert len(system.asked) == FAILURES + 1
    system.trouble, moment[0] = "", 2 * REST
    assert await guarded.by_id("anna") is not None
    assert (await guarded.check(ANNA.number, TYPED)).customer is not None


async def test_a_record_that_is_not_believed_leaves_the_circuit_closed(
    directory: CustomersOverHttp, system: CustomerSystem
) -> None:
    guarded = GuardedDirectory(directory, lambda: 0.0)
    system.trouble = "liar"
    for _ in range(FAILURES + 3):
        with pytest.raises(RecordRefused):
            await guarded.by_id("anna")
    assert len(system.asked) == FAILURES + 3
