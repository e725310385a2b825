"""Receipts that the customer downloads and anyone verifies, also when the keys have long been changed (P7)."""

import httpx2
import pytest

from poreka.oidc.errors import TokenRefused
from poreka.oidc.lasting.key_rotation import DAY
from poreka.oidc.lasting.receipt import SignedReceipt, verify_receipt
from poreka.running.key_ring import KeyRing
from tests.protocol.test_release import at_code
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import BankInProcess
from tests.support.relying_client import FapiClient

CONSENTS = "/settings/security/consents"


async def page_of_consents(bank: BankInProcess) -> AsgiPage:
    """The page after a consent was given by the whole journey."""
    page, code = await at_code(bank)
    await page.submit("/code", code=code)
    return await page.browser.open(CONSENTS)


def receipt_link(page: AsgiPage) -> str:
    [link, *_] = [node.attributes["href"] or "" for node in page.html.css("a[download]")]
    return link


async def downloaded(page: AsgiPage) -> httpx2.Response:
    return await page.browser.request("GET", receipt_link(page))


async def verified(bank: BankInProcess, token: str) -> SignedReceipt:
    """Believed by the keys that the bank publishes now."""
    return verify_receipt(token.strip(), (await bank.site.call("GET", "/receipt-keys")).json())


async def turn_keys(bank: BankInProcess) -> None:
    """Ninety days and more, in the steps in which a running bank looks at its keys."""
    ring: KeyRing = bank.bank.key_ring
    for days in (89, 1, 1, 1):
        bank.clock.advance(days * DAY)
        ring._read_at = 0.0
        await ring.refresh()


async def test_what_a_receipt_says(bank_on_each: BankInProcess) -> None:
    page = await page_of_consents(bank_on_each)
    answer = await downloaded(page)
    assert answer.headers["content-type"].startswith("application/jwt")
    assert answer.headers["content-disposition"].startswith('attachment; filename="receipt-sandbox-fapi-')
    found = await verified(bank_on_each, answer.text)
    assert (found.issuer, found.signed_at) == (bank_on_each.bank.origin, bank_on_each.clock())
    said = found.receipt
    assert said["purposes"][0]["recipient_third_parties"] == ["sandbox-fapi"]
    assert [one["pii_type"] for one in said["purposes"][0]["pii_information"]] == ["given_name", "family_name", "pesel"]
    assert said["privacy_notice"]["version"] == "2026-01"
    assert all(sentence in page.text for sentence in said["privacy_notice"]["text"])
    assert said["event"][0]["operation"].startswith("1 of 20")
    assert (await bank_on_each.events()).count("ReceiptIssued") == 1


async def test_the_person_has_the_name_that_the_service_knows(bank: BankInProcess) -> None:
    page = await page_of_consents(bank)
    client: FapiClient = bank.fapi()
    tokens = await client.tokens(page.browser)
    claims = await client.claims_of(tokens["id_token"])
    found = await verified(bank, (await downloaded(page)).text)
    assert found.receipt["pii_principal_id"] == claims["sub"]
    assert found.receipt["event"][0]["entity_id"] == claims["sub"]


async def test_a_withdrawn_consent_has_a_receipt_that_says_so(bank: BankInProcess) -> None:
    page = await page_of_consents(bank)
    before = (await downloaded(page)).text
    asked = await page.browser.open(receipt_link(page).replace("/receipt", "/withdraw"))
    page = await asked.submit("/withdraw")
    states = [one["event_state"] for one in (await verified(bank, (await downloaded(page)).text)).receipt["event"]]
    assert states == ["given", "withdrawn"]
    assert len((await verified(bank, before)).receipt["event"]) == 1  # it tells what was so when it was made


async def test_a_receipt_outlives_the_key_that_signed_it(bank_on_each: BankInProcess) -> None:
    token = (await downloaded(await page_of_consents(bank_on_each))).text
    kid = (await verified(bank_on_each, token)).kid
    await turn_keys(bank_on_each)
    assert kid not in {key["kid"] for key in (await bank_on_each.site.call("GET", "/jwks")).json()["keys"]}
    assert (await verified(bank_on_each, token)).kid == kid


async def test_a_key_that_leaked_proves_nothing_and_a_new_receipt_does(bank: BankInProcess) -> None:
    page = await page_of_consents(bank)
    token = (await downloaded(page)).text
    await bank.bank.key_ring.rotate_now()
    with pytest.raises(TokenRefused, match="leaked"):
        await verified(bank, token)
    assert await verified(bank, (await downloaded(page)).text)


async def test_receipt_keys_are_public_halves_of_one_algorithm(bank: BankInProcess) -> None:
    await bank.bank.key_ring.rotate_now()
    answer = await bank.site.call("GET", "/receipt-keys")
    keys = answer.json()["keys"]
    assert len(keys) == 2
    assert all(key["alg"] == "ES256" and "d" not in key for key in keys)
    assert [key["revoked"]["reason"] for key in keys if "revoked" in key] == ["compromised"]
    assert "max-age" in answer.headers["cache-control"]


async def test_a_consent_of_before_words_were_kept_has_a_receipt_without_them(bank: BankInProcess) -> None:
    record = await bank.agreed("sandbox-fapi")
    browser: AsgiBrowser = await bank.signed_in()
    answer = await browser.request("GET", f"{CONSENTS}/{record}/receipt")
    found = await verified(bank, answer.text)
    assert found.receipt["privacy_notice"] == {"version": "2026-01", "text": []}


async def test_a_service_that_is_gone_keeps_its_name_in_the_receipt(bank: BankInProcess) -> None:
    page = await page_of_consents(bank)
    before = (await verified(bank, (await downloaded(page)).text)).receipt
    async with bank.bank.database.transaction() as transaction:
        await bank.bank.clients.remove(transaction, "sandbox-fapi")
    after = (await verified(bank, (await downloaded(page)).text)).receipt
    assert after == before
    assert before["purposes"][0]["services"][0] in (await page.browser.open(CONSENTS)).text
