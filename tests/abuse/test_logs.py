"""Nothing private is ever logged: canary values go through every door, and every log entry is searched."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from tests.protocol.test_release import at_code, wrong
from tests.support.in_process import PASSWORD, BankInProcess


@pytest.fixture
def log() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as entries:
        yield entries


async def test_a_whole_sign_in_and_its_faults_log_nothing_private(
    bank: BankInProcess, log: list[Any], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    client, secrets = bank.fapi(), {"83041741039", "79090344729", "600201011", "Kowalski", PASSWORD}

    page, code = await at_code(bank)
    browser = page.browser
    secrets |= {code, browser.cookie("session") or "", browser.cookie("browser") or "", browser.token}
    page = await page.submit("/code", code=wrong(code))
    secrets |= {wrong(code)}
    left = await page.submit("/code", code=code)
    secrets |= {left.answer["code"], browser.cookie("session") or ""}
    assertion, proof = client.assertion(), client.proof("POST", "/token")
    tokens = (await client.redeem(left.answer["code"], assertion=assertion, proof=proof)).json()
    secrets |= {assertion, proof, tokens["access_token"], tokens["id_token"]}
    facts = await client.userinfo(tokens["access_token"])
    secrets |= {facts.text}

    # and now everything wrong, so that faults are logged too
    await client.redeem(left.answer["code"], assertion=assertion)
    await client.redeem(left.answer["code"])
    await client.redeem("canary-code", proof=proof)
    await client.userinfo(tokens["access_token"], scheme="Bearer")
    await client.userinfo("canary-token")
    await client.push(assertion=client.assertion(aud="canary-audience"), state="canary-state")
    await client.push(claims="{canary-claims")
    reference = await client.reference()
    secrets |= {reference}
    for _ in range(2):
        await browser.open(client.authorize_path(reference))
    await client.send(await bank.signed_in("piotr"))
    await bank.openid().send(bank.browser(), state="canary-state", login_hint="canary-83041741039", prompt="none")
    await bank.site.call("POST", "/release/x/code", form={"code": code, "csrf_token": "canary-csrf"})
    await bank.bank.database.close()
    await client.userinfo(tokens["access_token"])

    written = repr(log) + caplog.text + "".join(capsys.readouterr())
    assert log
    for secret in secrets:
        assert secret not in written, f"a secret of {len(secret)} characters is logged"
    assert "canary" not in written


async def test_a_bug_logs_its_reference_and_path_and_no_form(bank: BankInProcess, log: list[Any]) -> None:
    page, code = await at_code(bank)
    await bank.bank.database.close()
    answer = await page.browser.post(f"{page.path}/code", code=code)
    assert answer.status_code in (500, 503)
    assert code not in repr([{**entry, "exc_info": str(entry.get("exc_info"))} for entry in log])
