"""docs/patient-account.openapi.yaml: what the patient account and its app send one another is what it says."""

import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
import yaml
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from poreka.contracts.binding import Tool
from poreka.contracts.patient_account import (
    AccountFound,
    AccountTold,
    BoundDevice,
    BoundDevices,
    DeviceCopied,
    FirstEntry,
    HistoryLine,
    HistoryTold,
    LaterEntry,
    OfAccount,
    PersonTold,
    RecordKind,
    RecordsTold,
    RecordTold,
    What,
)
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import PeerUnreachable
from poreka.systems.mojeikp.account_over_http import AccountAway, AccountOverHttp, AccountUnknown
from poreka.systems.mojeikp.routes import ROUTES as APP_ROUTES
from poreka.systems.patient_account.routes import ROUTES

CONTRACT = Path(__file__).parents[2] / "docs" / "patient-account.openapi.yaml"
FIRST = {"first_name": "Jan", "surname": "Kowalski", "pesel": "83041741039", "issuer": "https://a.b", "level": "high"}
ME = PersonTold(id="self", name="Jan Kowalski")


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
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, methods in contract["paths"].items()
        for method in methods
        if method in ("get", "post")
    }
    there = {(one.method, re.sub(r"\{\w+\}", "{}", one.path)) for one in [*ROUTES, *APP_ROUTES]}
    assert len(asked) == 8
    assert asked <= there


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("FirstEntry", msgspec.convert(FIRST, FirstEntry)),
        ("AccountFound", AccountFound(account="06h008qn7e")),
        ("LaterEntry", LaterEntry(tool=Tool.PIN, level="substantial")),
        ("Account", AccountTold(people=(ME,), chosen="self", counts={"visit": 0})),
        ("Records", RecordsTold(chosen=ME, records=(RecordTold(at=1, what="a", by="b"),))),
        ("History", HistoryTold(lines=(HistoryLine(at=1, what="opened", how="pin", level="substantial", app=True),))),
        ("History", HistoryTold(lines=(HistoryLine(at=1, what="left"),))),
        ("Devices", BoundDevices(devices=(BoundDevice(id="d", name="T", tool=Tool.PASSKEY, added_at=1, used_at=2),))),
        ("OfAccount", OfAccount(account="a")),
        ("DeviceCopied", DeviceCopied(tool=Tool.PIN)),
    ],
)
def test_what_is_sent_is_what_the_contract_says(contract: dict[str, Any], name: str, told: object) -> None:
    document = msgspec.json.decode(msgspec.json.encode(told))
    assert fits(contract, name, document)
    assert not fits(contract, name, {**document, "more": 1})


def test_the_lists_of_words_are_the_same(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    assert schemas["Kind"]["enum"] == list(get_args(RecordKind))
    assert schemas["Line"]["properties"]["what"]["enum"] == list(get_args(What))
    assert schemas["Tool"]["enum"] == [tool.value for tool in Tool]


@pytest.mark.parametrize(
    ("kind", "name", "document", "good"),
    [
        (FirstEntry, "FirstEntry", FIRST, True),
        (FirstEntry, "FirstEntry", {**FIRST, "pesel": "1"}, False),
        (FirstEntry, "FirstEntry", {**FIRST, "surname": ""}, False),
        (FirstEntry, "FirstEntry", {**FIRST, "level": "best"}, False),
        (FirstEntry, "FirstEntry", {**FIRST, "phone": "600"}, False),
        (LaterEntry, "LaterEntry", {"tool": "pin", "level": "low"}, True),
        (LaterEntry, "LaterEntry", {"tool": "word", "level": "low"}, False),
        (OfAccount, "OfAccount", {"account": "a b"}, False),
        (OfAccount, "OfAccount", {}, False),
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


class Scripted:
    """A channel that gives these answers in turn; None is nobody."""

    def __init__(self, *answers: Answer | None) -> None:
        self.answers, self.asked = list(answers), list[Outgoing]()

    async def send(self, request: Outgoing) -> Answer:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if answer is None:
            raise PeerUnreachable("connect")
        return answer


async def at_once() -> None:
    """No pause."""


def answer(status: int, body: bytes = b"{}", kind: str = "application/json") -> Answer:
    return Answer(status=status, headers={"content-type": kind}, body=body)


def asking(channel: Scripted) -> AccountOverHttp:
    return AccountOverHttp(channel, "https://ikp.example", "s" * 32, 3, at_once)  # type: ignore[arg-type]


HISTORY = answer(200, b'{"lines":[]}')


async def test_a_question_is_asked_once_more_and_an_entry_is_not() -> None:
    channel = Scripted(None, HISTORY)
    assert (await asking(channel).history("a")).lines == ()
    assert len(channel.asked) == 2
    assert dict(channel.asked[0].headers)["authorization"] == f"Bearer {'s' * 32}"
    channel = Scripted(None, HISTORY)
    with pytest.raises(AccountAway):
        await asking(channel).enter(msgspec.convert(FIRST, FirstEntry))
    assert len(channel.asked) == 1


@pytest.mark.parametrize(
    "wrong",
    [answer(200, b"{"), answer(200, b"[]"), answer(200, HISTORY.body, "text/html"), answer(401), answer(302)],
)
async def test_whatever_is_not_as_the_contract_says_is_away(wrong: Answer) -> None:
    with pytest.raises(AccountAway):
        await asking(Scripted(wrong, wrong)).history("a")
    with pytest.raises(AccountUnknown):
        await asking(Scripted(answer(404))).history("a")


async def test_ids_and_choices_cannot_lead_elsewhere() -> None:
    channel = Scripted(answer(404))
    with pytest.raises(AccountUnknown):
        await asking(channel).account("../x?y", "a&b=c")
    assert channel.asked[0].url == "https://ikp.example/app/accounts/..%2Fx%3Fy?for=a%26b%3Dc"
