"""Everything that is good once, raced: many bring it at the same moment, one gets something for it."""

import asyncio

from tests.support.in_process import BankInProcess

MANY = 8


async def test_one_reference_gives_one_code(bank_on_each: BankInProcess) -> None:
    browser, client = await bank_on_each.returning(), bank_on_each.fapi()
    path = client.authorize_path(await client.reference())
    answers = await asyncio.gather(*(browser.request("GET", path) for _ in range(MANY)))
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * (MANY - 1)
    assert (await bank_on_each.events()).count("CodeIssued") == 1


async def test_one_reference_begins_one_journey(bank_on_each: BankInProcess) -> None:
    """A browser that sends it often is led into that journey each time."""
    browser, client = await bank_on_each.signed_in(), bank_on_each.fapi()
    path = client.authorize_path(await client.reference())
    await browser.open("/sign-in")  # the browser's own cookie: without one, each would be another browser
    answers = await asyncio.gather(*(browser.request("GET", path) for _ in range(MANY)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"].partition("?")[0] for answer in answers}) == 1
    assert len(await bank_on_each.bank.database.all("SELECT id FROM journeys")) == 1


async def test_one_assertion_pushes_one_request(bank_on_each: BankInProcess) -> None:
    client = bank_on_each.fapi()
    assertion = client.assertion()
    answers = await asyncio.gather(*(client.push(assertion=assertion) for _ in range(MANY)))
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * (MANY - 1)
    assert len(await bank_on_each.bank.database.all("SELECT client_id FROM pushed_requests")) == 1


async def test_one_proof_opens_userinfo_once(bank_on_each: BankInProcess) -> None:
    browser, client = await bank_on_each.returning(), bank_on_each.fapi()
    token = (await client.tokens(browser))["access_token"]
    proof = client.proof("GET", "/userinfo", token)
    answers = await asyncio.gather(*(client.userinfo(token, proof=proof) for _ in range(MANY)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * (MANY - 1)
    assert (await bank_on_each.events()).count("FactsReleased") == 1


async def test_a_revocation_raced_with_its_use_leaves_the_token_dead(bank_on_each: BankInProcess) -> None:
    browser, client = await bank_on_each.returning(), bank_on_each.fapi()
    token = (await client.tokens(browser))["access_token"]
    await asyncio.gather(*(client.ask_about("/revoke", token) for _ in range(4)), client.userinfo(token))
    assert (await client.userinfo(token)).status_code == 401
    assert (await bank_on_each.events()).count("GrantRevoked") == 1


async def test_a_withdrawal_raced_by_double_clicks_is_one(bank_on_each: BankInProcess) -> None:
    consent = await bank_on_each.agreed("other-fapi")
    browser = await bank_on_each.signed_in()
    path = f"/settings/security/consents/{consent}/withdraw"
    await browser.open(path)
    answers = await asyncio.gather(*(browser.post(path) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert (await bank_on_each.events()).count("ConsentWithdrawn") == 1


async def test_the_audit_log_is_whole_after_all_of_it(bank_on_each: BankInProcess) -> None:
    from poreka.audit.entries import AuditEntries
    from poreka.audit.verify import verify_log
    from poreka.running.foundation import read_secrets
    from poreka.store.seal import derive

    bank = bank_on_each
    browser, client = await bank.returning(), bank.fapi()
    await asyncio.gather(*(client.tokens(browser) for _ in range(12)))
    secrets = read_secrets(bank.folder / "millenet.secrets", make=False)
    key = derive(secrets[1], "audit")
    verified = await verify_log(AuditEntries(bank.bank.database), key)
    assert verified.entries == len(await bank.events())
