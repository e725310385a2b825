"""A receipt is for its owner, says nothing that it need not, and cannot be made or changed by anyone else."""

import base64
import json

import pytest

from poreka.oidc.errors import TokenRefused
from poreka.oidc.keys import SigningKey
from poreka.oidc.lasting.receipt import sign_receipt, verify_receipt
from tests.support.asgi import AsgiBrowser
from tests.support.in_process import BankInProcess
from tests.support.relying_client import new_key

CONSENTS = "/settings/security/consents"


async def agreed(bank: BankInProcess) -> tuple[AsgiBrowser, str]:
    """Jan, signed in, and his consent."""
    record = await bank.agreed("sandbox-fapi")
    return await bank.signed_in(), f"{CONSENTS}/{record}/receipt"


async def keys_of(bank: BankInProcess) -> dict[str, object]:
    found: dict[str, object] = (await bank.site.call("GET", "/receipt-keys")).json()
    return found


async def test_another_persons_receipt_is_not_found(bank_on_each: BankInProcess) -> None:
    _, path = await agreed(bank_on_each)
    other = await bank_on_each.signed_in("anna")
    assert (await other.request("GET", path)).status_code == 404
    stranger = await bank_on_each.browser().request("GET", path)
    assert (stranger.status_code, stranger.headers["location"][:9]) == (303, "/sign-in?")
    assert "ReceiptIssued" not in await bank_on_each.events()


@pytest.mark.parametrize("name", ["x", "0" * 26, "%00", "..%2f..", "' OR 1=1 --"])
async def test_a_receipt_of_no_consent_is_not_found(bank_on_each: BankInProcess, name: str) -> None:
    browser = await bank_on_each.signed_in()
    assert (await browser.request("GET", f"{CONSENTS}/{name}/receipt")).status_code in (400, 404)


async def test_a_receipt_holds_no_value_of_a_fact_and_no_internal_name(bank: BankInProcess) -> None:
    browser, path = await agreed(bank)
    answer = await browser.request("GET", path)
    said = base64.urlsafe_b64decode(answer.text.split(".")[1] + "==").decode()
    assert "pesel" in said
    for value in ("83041741039", "Kowalski", '"jan"', "600201011", "21570133"):
        assert value not in said
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_name_of_the_file_cannot_be_written_by_a_service(bank: BankInProcess) -> None:
    record = await bank.agreed('a"; filename=evil.exe\r\nSet-Cookie: x=y; ../../etc')
    browser = await bank.signed_in()
    answer = await browser.request("GET", f"{CONSENTS}/{record}/receipt")
    assert answer.status_code == 200
    named = answer.headers["content-disposition"]
    assert named.startswith('attachment; filename="receipt-a-filename-evil-exe-Set-Cookie-')
    assert named.count('"') == 2
    assert "set-cookie" not in answer.headers


async def test_only_the_banks_own_keys_make_a_receipt(bank: BankInProcess) -> None:
    browser, path = await agreed(bank)
    token, keys = (await browser.request("GET", path)).text.strip(), await keys_of(bank)
    found = verify_receipt(token, keys)
    header, payload, signature = token.split(".")
    bad = json.loads(base64.urlsafe_b64decode(payload + "=="))
    bad["consent_receipt"]["purposes"][0]["pii_information"].append({"pii_type": "balance"})
    changed = base64.urlsafe_b64encode(json.dumps(bad).encode()).rstrip(b"=").decode()
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"consent-receipt+jwt"}').rstrip(b"=").decode()
    own = new_key()
    named_alike = SigningKey.of_jwk({**own.private_jwk, "kid": found.kid})
    made = [
        sign_receipt(found.receipt, key, issuer=found.issuer, receipt_id="r", now=bank.clock())
        for key in (own, named_alike)
    ]
    for forged in (f"{header}.{changed}.{signature}", f"{none}.{payload}.", f"{none}.{payload}.AAAA", *made):
        with pytest.raises(TokenRefused):
            verify_receipt(forged, keys)


async def test_no_other_token_of_the_bank_is_a_receipt(bank: BankInProcess) -> None:
    client, browser = bank.fapi(), await bank.returning()
    tokens = await client.tokens(browser)
    with pytest.raises(TokenRefused, match="another kind"):
        verify_receipt(tokens["id_token"], await keys_of(bank))
