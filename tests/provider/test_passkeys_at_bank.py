"""Passkeys at a bank (docs/adr/0040): added with the present tool's yes, used in place of what is typed, ended."""

import dataclasses
import json

import pytest

from poreka.demo.walk.authenticator import Authenticator
from poreka.for_everyone.passkeys.own import end_all_keys
from poreka.rules.levels import Factor
from poreka.store.passkeys import Passkey, Passkeys
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import BankInProcess
from tests.support.passkeys import made, used

KEYS = "/settings/security/passkeys"


def authenticator(bank: BankInProcess, **how: bool) -> Authenticator:
    return Authenticator(bank.bank.origin, **how)


async def permitted(bank: BankInProcess, browser: AsgiBrowser) -> AsgiPage:
    """The page on which a key is made, after the code."""
    page = await (await browser.open(KEYS)).submit(KEYS)
    assert "Nowy klucz dostępu" in page.text
    await bank.deliver()
    return await page.submit("/code", code=bank.phones.last_code())


async def with_passkey(bank: BankInProcess, key: Authenticator, person: str = "jan") -> AsgiBrowser:
    """A browser in which somebody is signed in with a password and has added this key."""
    browser = await bank.signed_in(person)
    page = await permitted(bank, browser)
    page = await page.submit(page.path, **made(page.html, key), name="Telefon Jana")
    assert page.path == f"{KEYS}?done=added", page.text
    return browser


async def told(bank: BankInProcess, words: str) -> list[tuple[str, str]]:
    """Where a notice with these words went."""
    await bank.worker.send_due()
    return sorted((one.channel, one.recipient) for one in bank.phones.messages if words in one.body)


async def at_sign_in(bank: BankInProcess, browser: AsgiBrowser | None = None, path: str = "/") -> AsgiPage:
    return await (browser or bank.browser()).open(f"/sign-in?next={path}")


async def factors(bank: BankInProcess, person: str = "jan") -> list[tuple[Factor, ...]]:
    return [one.factors for one in await bank.bank.sessions.of_person(person)]


async def stored(bank: BankInProcess, person: str = "jan") -> list[Passkey]:
    return await Passkeys(bank.bank.database).of_person(person)


async def test_a_key_added_with_a_code_opens_a_session_without_anything_typed(bank: BankInProcess) -> None:
    key = authenticator(bank)
    browser = await with_passkey(bank, key)
    assert await told(bank, "nowy klucz dostępu") == [("email", "jan@poczta.example"), ("sms", "600201011")]
    page = await browser.open(KEYS)
    assert "Telefon Jana" in page.text
    assert "jeszcze nie" in page.text
    fresh = bank.browser()
    page = await at_sign_in(bank, fresh, KEYS)
    page = await page.submit("/passkey", **used(page.html, key))
    assert page.path == KEYS
    assert "jeszcze nie" not in page.text
    assert sorted(map(str, await factors(bank))) == sorted(map(str, [(Factor.PASSWORD,), (Factor.PASSKEY,)]))
    assert {"PasskeyAdded", "SignedIn"} <= set(await bank.events())
    rows = await bank.bank.database.all("SELECT details FROM audit_entries")
    (kept,) = await stored(bank)
    assert not [row for row in rows if kept.key_id in str(row["details"])], "no event holds a credential's id"


async def test_the_key_is_on_every_page_of_the_masked_sign_in(bank: BankInProcess) -> None:
    key = authenticator(bank)
    await with_passkey(bank, key)
    page = await (await at_sign_in(bank)).submit("/number", number="21570133")
    assert page.html.css_first("[name^=characters_]") is not None
    assert page.html.css_first("form[data-beside][hidden] button#passkey") is not None, "the script shows it"
    assert (await page.submit("/passkey", **used(page.html, key))).path == "/"


async def test_what_proves_nothing_is_answered_alike(bank: BankInProcess) -> None:
    """A key nobody has, one without its owner's check, another origin's, another's handle, no handle, nonsense."""
    key = authenticator(bank)
    await with_passkey(bank, key)
    answers = []

    async def tried(fields: dict[str, str], page: AsgiPage) -> None:
        answers.append(await page.submit("/passkey", **fields))

    page = await at_sign_in(bank)
    await tried(used(page.html, authenticator(bank)), page)
    key.verifies = False
    await tried(used(page.html, key), page)
    key.verifies = True
    await tried(used(page.html, key, "https://evil.example"), page)
    handle, key.handle = key.handle, "YW5uYQ"
    await tried(used(page.html, key), page)
    key.handle = ""
    await tried(used(page.html, key), page)
    key.handle = handle
    for nonsense in ("{}", "x" * 3000, "[" * 2000, '{"id": 1}', json.dumps({"id": "a", "response": {"userHandle": 7}})):
        await tried(used(page.html, key) | {"credential": nonsense}, page)
    other = await at_sign_in(bank)
    await tried(used(page.html, key), other)
    assert {(one.status, one.text) for one in answers} == {(422, answers[0].text)}
    assert await factors(bank) == [(Factor.PASSWORD,)]


async def test_an_assertion_opens_one_session_in_its_own_browser_and_journey(bank: BankInProcess) -> None:
    key = authenticator(bank, syncs=True)  # which counts nothing: single use alone stops the second
    await with_passkey(bank, key)
    browser = bank.browser()
    page, elsewhere = await at_sign_in(bank, browser), await at_sign_in(bank, browser)
    fields = used(page.html, key)
    assert (await elsewhere.submit("/passkey", **fields)).status == 422
    assert (await page.submit("/passkey", **fields)).path == "/"
    stranger = await at_sign_in(bank)
    assert (await stranger.submit("/passkey", **fields)).status == 422
    page = await at_sign_in(bank, browser := bank.browser())
    fields = used(page.html, key)
    bank.clock.advance(300)
    assert (await page.submit("/passkey", **fields)).status == 422, "too old"


async def test_a_count_that_does_not_grow_or_other_backup_flags_are_a_copy(bank: BankInProcess) -> None:
    key = authenticator(bank)
    await with_passkey(bank, key)
    page = await at_sign_in(bank)
    await page.submit("/passkey", **used(page.html, key))
    page = await at_sign_in(bank)
    copy = dataclasses.replace(key, uses=0)
    assert (await page.submit("/passkey", **used(page.html, copy))).status == 422
    synced = dataclasses.replace(key, uses=40, syncs=True)
    page = await at_sign_in(bank)
    synced.uses = 41
    assert (await page.submit("/passkey", **used(page.html, synced))).status == 422


async def test_without_the_tools_yes_no_key_is_made(bank: BankInProcess) -> None:
    browser, key = await bank.signed_in(), authenticator(bank)
    page = await (await browser.open(KEYS)).submit(KEYS)
    await bank.deliver()
    right = bank.phones.last_code()
    wrong = await page.submit("/code", code=f"{(int(right) + 1) % 1_000_000:06}")
    assert wrong.status == 422
    making = await wrong.submit("/code", code=right)
    fields = made(making.html, key)
    for person in ("anna", "jan"):
        other = await bank.signed_in(person)
        await other.open("/")
        assert (await other.open(making.path)).status == 410, "another browser's"
    await bank.signed_in("anna", browser=browser)
    assert (await browser.open(making.path)).status == 410, "another person's"
    await bank.signed_in("jan", browser=browser)
    key.verifies = False
    refused = await making.submit(making.path, **made(making.html, key), name="x")
    assert refused.status == 422
    key.verifies = True
    assert (await making.submit(making.path, **fields, name="x")).path == f"{KEYS}?done=added"
    assert (await browser.open(making.path)).status == 410, "one key, not two"
    assert len(await stored(bank)) == 1


async def test_a_permission_ends_and_there_is_an_end_to_keys(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    making = await permitted(bank, browser)
    bank.clock.advance(300)
    assert (await browser.open(making.path)).status == 200
    bank.clock.advance(300)
    assert (await browser.open(making.path)).status == 410
    for number in range(10):
        key = Passkey(
            id=f"p{number}", person_id="jan", key_id=f"k{number}", name="x", public_key=b"", uses=0,
            may_sync=False, synced=False, added_at=1,
        )  # fmt: skip
        await bank.bank.database.insert(Passkeys(bank.bank.database).adding(key))
    page = await (await bank.signed_in()).open(KEYS)
    assert "Masz już tyle kluczy" in page.text
    assert page.html.css_first(f'form[action="{KEYS}"]') is None


async def test_a_removed_key_opens_nothing_and_what_it_opened_ends(bank: BankInProcess) -> None:
    key = authenticator(bank)
    browser = await with_passkey(bank, key)
    thief = bank.browser()
    page = await at_sign_in(bank, thief)
    await page.submit("/passkey", **used(page.html, key))
    (kept,) = await stored(bank)
    other = await bank.signed_in("anna")
    assert (await other.open(f"{KEYS}/{kept.id}/remove")).status == 404, "another person's key is not there"
    asked = await browser.open(f"{KEYS}/{kept.id}/remove")
    gone = await asked.submit("/remove")
    assert "Klucz dostępu jest usunięty." in gone.text
    assert (await thief.open("/settings")).path.startswith("/sign-in")
    assert (await browser.open("/settings")).path == "/settings", "the owner's own session goes on"
    page = await at_sign_in(bank)
    assert (await page.submit("/passkey", **used(page.html, key))).status == 422
    assert (await browser.open(f"{KEYS}/{kept.id}/remove")).status == 404
    assert len(await told(bank, "klucz dostępu usunięty")) == 2
    assert "PasskeyEnded" in await bank.events()


async def test_a_consent_needs_its_code_as_ever(bank: BankInProcess) -> None:
    key = authenticator(bank)
    await with_passkey(bank, key)
    browser, client = bank.browser(), bank.fapi()
    page = await client.send(browser)
    page = await page.submit("/passkey", **used(page.html, key))
    page = await page.submit("/consent", consent="yes")
    assert page.html.css_first("#code") is not None, "a new consent is authorised by a code"


async def test_who_is_told_hears_what_was_used_and_at_which_level(bank: BankInProcess) -> None:
    """Two factors in one gesture are substantial (`rules/levels.py`); a code that was not typed is not claimed."""
    key = authenticator(bank)
    await with_passkey(bank, key)
    await bank.agreed("sandbox-fapi")
    browser, client = bank.browser(), bank.fapi()
    page = await client.send(browser, acr_values="http://eidas.europa.eu/LoA/substantial")
    page = await page.submit("/passkey", **used(page.html, key))
    answer = await client.redeem(page.answer["code"])
    claims = await client.claims_of(answer.json()["id_token"])
    assert claims["acr"] == "http://eidas.europa.eu/LoA/substantial"
    assert claims["amr"] == ["mfa", "swk", "user"]


async def test_a_lock_by_strangers_does_not_keep_the_key_out(bank: BankInProcess) -> None:
    key = authenticator(bank)
    await with_passkey(bank, key)
    page = await (await at_sign_in(bank)).submit("/number", number="21570133")
    for _ in range(30):
        answers = {name: "0" for name in page.form_to("/password").fields if name.startswith("characters_")}
        page = await page.submit("/password", password="zgadywane", **answers)
        bank.clock.advance(61)
        if page.status == 429:
            break
        page = await (await at_sign_in(bank)).submit("/number", number="21570133")
    page = await at_sign_in(bank)
    assert (await page.submit("/passkey", **used(page.html, key))).path == "/"


@pytest.mark.parametrize("path", [KEYS, f"{KEYS}/new/x", f"{KEYS}/x/remove"])
async def test_switched_off_there_are_none(bank: BankInProcess, path: str) -> None:
    key = authenticator(bank)
    browser = await with_passkey(bank, key)
    before = await at_sign_in(bank)
    object.__setattr__(bank.bank, "passkeys", None)
    assert (await browser.open(path)).status == 404
    assert (await at_sign_in(bank)).html.css_first("form[data-key]") is None
    assert (await before.submit("/passkey", **used(before.html, key))).status == 404
    assert "Klucze" not in (await browser.open("/settings/security")).text


async def test_refusals_are_written_down_so_often_and_no_more(bank: BankInProcess) -> None:
    key = authenticator(bank)
    await with_passkey(bank, key)
    browser = bank.browser()
    page = await at_sign_in(bank, browser)
    statuses = [(await page.submit("/passkey", token="", credential="{}")).status for _ in range(22)]
    assert statuses == [422] * 20 + [429] * 2
    assert (await bank.events()).count("PasskeyRejected") == 20
    assert (await page.submit("/passkey", **used(page.html, key))).path == "/", "a right key is let in"


async def test_an_operator_ends_all_keys_of_a_person_and_what_they_opened(bank: BankInProcess) -> None:
    key = authenticator(bank)
    await with_passkey(bank, key)
    browser = bank.browser()
    page = await at_sign_in(bank, browser)
    await page.submit("/passkey", **used(page.html, key))
    async with bank.bank.audit.transaction() as (transaction, record):
        assert await end_all_keys(bank.bank, transaction, record, "jan", by="operator") == 1
    assert (await browser.open("/settings")).path.startswith("/sign-in")
    page = await at_sign_in(bank)
    assert (await page.submit("/passkey", **used(page.html, key))).status == 422
