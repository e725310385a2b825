"""What rests on a session ends with it, also what was begun in the very moment in which it ended (P7, Z10).

The order is arranged, not hoped for: one request stands still between what it read and what it writes, while
another is answered.
"""

import asyncio
from dataclasses import replace

import pytest

from poreka.systems.bank import routes as app
from poreka.web.application import Application
from tests.support.asgi import AsgiBrowser, Site
from tests.support.halting import HaltingAudit
from tests.support.in_process import BankInProcess

OTHER = ("other-fapi", "https://other.example/callback")


def slow(bank: BankInProcess, browser: AsgiBrowser) -> tuple[AsgiBrowser, HaltingAudit]:
    """The same browser at the same bank, where its requests stand still before they write."""
    audit = HaltingAudit(bank.bank.audit)
    system = replace(bank.bank, audit=audit)  # type: ignore[arg-type]
    site = Site(Application(system, app.ROUTES, app.turn_away), bank.bank.origin)
    return AsgiBrowser(site, cookies=browser.cookies, token=browser.token), audit


async def test_a_code_issued_while_its_session_ends_is_worth_nothing(bank_on_each: BankInProcess) -> None:
    browser, client = await bank_on_each.returning("other-fapi"), bank_on_each.fapi(*OTHER)
    path = client.authorize_path(await client.reference())
    late, audit = slow(bank_on_each, browser)
    entering = asyncio.create_task(late.open(path))
    await audit.reached.wait()
    await (await browser.open("/")).submit("/sign-out")
    audit.go_on.set()
    code = (await entering).answer["code"]
    assert (await client.redeem(code)).json()["error"] == "invalid_grant"


async def test_who_only_names_a_service_does_not_keep_it_from_being_told(bank: BankInProcess) -> None:
    """Any page can send a browser to /end-session in a service's name; the service must not stay signed in by it."""
    browser, client = await bank.returning("other-fapi"), bank.fapi(*OTHER)
    await client.tokens(browser)
    page = await browser.open("/end-session?client_id=other-fapi")
    await page.submit("/confirm")
    waiting = await bank.bank.database.all("SELECT channel FROM outbox")
    assert [row["channel"] for row in waiting] == ["logout"]

    again = await bank.signed_in()
    id_token = (await client.tokens(again))["id_token"]
    await again.open(f"/end-session?id_token_hint={id_token}")
    told = await bank.bank.database.all("SELECT channel FROM outbox")
    assert len(told) == 2, "who asks may run on many machines, and is told like all others"


@pytest.mark.parametrize("way", ["sign-out", "withdrawal"])
async def test_a_service_entered_while_the_session_ends_is_told(bank_on_each: BankInProcess, way: str) -> None:
    consent = await bank_on_each.agreed("other-fapi")
    browser, client = await bank_on_each.signed_in(), bank_on_each.fapi(*OTHER)
    await browser.open("/")
    late, audit = slow(bank_on_each, browser)
    path = "/sign-out" if way == "sign-out" else f"/settings/security/consents/{consent}/withdraw"
    ending = asyncio.create_task(late.post(path))
    await audit.reached.wait()
    code = await client.code(browser)
    audit.go_on.set()
    assert (await ending).status_code == 303
    waiting = await bank_on_each.bank.database.all("SELECT channel FROM outbox")
    assert [row["channel"] for row in waiting] == ["logout"]
    assert (await client.redeem(code)).json()["error"] == "invalid_grant"
