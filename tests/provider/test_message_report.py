"""What SMS gateways report over HTTP: only who was given the address is believed."""

from collections.abc import Mapping
from dataclasses import replace

import httpx2
import msgspec
import pytest

from poreka.delivery.sms_settings import HttpGateway
from poreka.store.outbox import Message, Outbox
from poreka.systems.bank import routes as app
from poreka.web.application import Application
from tests.support.in_process import BankInProcess

GATEWAY = HttpGateway(
    name="operator", url="https://sms.example/", report_field="state", delivered=("OK", "1"), undelivered=("NO",)
)


async def ask(bank: BankInProcess, path: str, query: Mapping[str, str], form: Mapping[str, str] | None = None) -> int:
    settings = bank.bank.settings
    sms = msgspec.structs.replace(settings.sms, sender="gateways", gateways=(GATEWAY,))
    system = replace(bank.bank, settings=msgspec.structs.replace(settings, sms=sms))
    transport = httpx2.ASGITransport(app=Application(system, app.ROUTES, app.turn_away))
    async with httpx2.AsyncClient(transport=transport, base_url=bank.bank.origin) as client:
        method = "GET" if form is None else "POST"
        return (await client.request(method, path, params=dict(query), data=dict(form) if form else None)).status_code


async def handed_over(bank: BankInProcess) -> tuple[Outbox, str]:
    """A message that this gateway has; the address it was given."""
    outbox, now = bank.bank.outbox, bank.clock()
    message = Message(
        id="m1", channel="sms", recipient="600201011", body="x", about="a", created_at=now, due_at=now,
        expires_at=now + 300, attempts=0,
    )  # fmt: skip
    await bank.bank.database.insert(outbox.adding(message))
    assert await outbox.handing_over(bank.bank.database, message, "operator", now)
    return outbox, f"/message-report/operator/m1/{outbox.proof_of('m1')}"


async def report_of(outbox: Outbox) -> str | None:
    delivery = await outbox.status_of("a")
    assert delivery is not None
    return delivery.report


@pytest.mark.parametrize(
    ("query", "form", "report"),
    [
        ({"state": "OK", "MsgId": "7"}, None, "delivered"),
        ({}, {"state": "1", "other": "x"}, "delivered"),
        ({"state": "NO"}, None, "undelivered"),
        ({"state": "buffered"}, None, None),
        ({}, None, None),
        ({"state": "OK"}, {"state": "NO"}, None),
    ],
)
async def test_a_report_is_taken_as_the_settings_read_it(
    bank: BankInProcess, query: dict[str, str], form: dict[str, str] | None, report: str | None
) -> None:
    outbox, path = await handed_over(bank)
    assert await ask(bank, path, query, form) == 200
    assert await report_of(outbox) == report


@pytest.mark.parametrize("change", [("m1", "m2"), ("operator", "other"), (-3, ""), (-1, "x")])
async def test_nobody_else_can_say_that_a_message_arrived(bank: BankInProcess, change: tuple[str | int, str]) -> None:
    outbox, path = await handed_over(bank)
    old, new = change
    forged = path.replace(old, new, 1) if isinstance(old, str) else path[:old] + new
    assert await ask(bank, forged, {"state": "OK"}) == 404
    assert await report_of(outbox) is None
