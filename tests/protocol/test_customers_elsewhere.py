"""A bank whose customers are another system's: every journey with it, and what a person sees while it is away.

The same bank as everywhere, built from settings; the other system is real and answers over HTTP.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from poreka.rules.limits.attempts import Attempts
from poreka.store.sqlite.engine import open_sqlite
from tests.provider.store.test_customer_directories import COLUMNS, JAN_PASSWORD, their_database, told
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.customer_system import TOKEN, CustomerSystem, running
from tests.support.in_process import ANNA, JAN, PASSWORD, BankInProcess, BankTemplate


@pytest.fixture
def system() -> Iterator[CustomerSystem]:
    people = [told(JAN, PASSWORD), told(ANNA, PASSWORD)]
    people[0].customer["first_name"] = "Janusz"  # so that it shows whom the facts come from
    with running(CustomerSystem(people)) as served:
        yield served


@pytest_asyncio.fixture
async def bank(sqlite_bank: BankTemplate, system: CustomerSystem, tmp_path: Any) -> AsyncIterator[BankInProcess]:
    token = tmp_path / "directory.token"
    token.touch(mode=0o600)
    token.write_text(f"{TOKEN}\n")
    settings = {"source": "http", "url": f"{system.origin}/v1", "token_file": str(token), "seconds": 10}
    async with sqlite_bank.copy(customers=settings) as started:
        yield started


async def at_question(bank: BankInProcess, browser: AsgiBrowser) -> AsgiPage:
    return await (await browser.open("/sign-in")).submit("/number", number=JAN.number)


async def answered(page: AsgiPage, password: str = PASSWORD) -> AsgiPage:
    fields = [name for name in page.form_to("/password").fields if name.startswith("characters_")]
    characters = {name: JAN.identifier[int(name.split("_")[1]) - 1] for name in fields}
    return await page.submit("/password", password=password, **characters)


async def attempts(bank: BankInProcess) -> list[Attempts]:
    rows = await bank.bank.database.all("SELECT failures, not_before FROM password_attempts")
    return [Attempts(failures=row["failures"], not_before=row["not_before"]) for row in rows]


async def test_a_customer_of_another_system_signs_in_and_releases_facts(
    bank: BankInProcess, system: CustomerSystem
) -> None:
    browser, client = bank.browser(), bank.fapi()
    page = await answered(await at_question(bank, browser))
    assert (page.path, page.status) == ("/", 200)
    assert "Janusz" in page.response.text
    assert await bank.bank.right_answers.of("jan") == 1
    page = await client.send(browser)
    assert "Janusz" in page.response.text
    page = await page.submit("/consent", consent="yes")
    code = await bank.deliver()
    left = await (await browser.open(page.path)).submit("/code", code=code)
    tokens = (await client.redeem(left.answer["code"])).json()
    assert (await client.facts(tokens["access_token"]))["given_name"] == "Janusz"
    assert "code" in (await client.send(browser)).answer  # the second time nothing is asked (P6)


async def test_a_wrong_password_and_a_number_of_nobody_look_the_same(
    bank: BankInProcess, system: CustomerSystem
) -> None:
    wrong = await answered(await at_question(bank, bank.browser()), "wrong")
    page = await (await bank.browser().open("/sign-in")).submit("/number", number="10000000")
    fields = [name for name in page.form_to("/password").fields if name.startswith("characters_")]
    nobody = await page.submit("/password", password="wrong", **dict.fromkeys(fields, "1"))
    assert (wrong.status, wrong.heading) == (nobody.status, nobody.heading) == (422, wrong.heading)
    assert [path for _, path, _ in system.asked[-3:]].count("/v1/authentications") == 1
    assert (await bank.events()).count("SignInFailed") == 2


@pytest.mark.parametrize("where", ["/v1/", "/v1/authentications"])
@pytest.mark.parametrize("trouble", ["500", "garbage", "liar"])
async def test_while_it_is_away_the_person_tries_again_in_a_moment_and_nothing_is_lost(
    bank: BankInProcess, system: CustomerSystem, trouble: Any, where: str
) -> None:
    browser = bank.browser()
    page = await at_question(bank, browser)
    system.trouble, system.trouble_at = trouble, where
    away = await answered(page)
    assert (away.status, away.heading) == (503, "Spróbuj za chwilę")
    assert int(away.response.headers["retry-after"]) > 0
    assert PASSWORD not in away.response.text
    again = next(link.attributes["href"] for link in away.html.css("main a.govuk-button"))
    assert again == page.path
    assert set(await attempts(bank)) <= {Attempts()}  # nobody looked at this try
    assert "SignInFailed" not in await bank.events()
    system.trouble = ""
    page = await answered(await browser.open(page.path))
    assert page.path == "/"


async def test_a_release_under_way_waits_for_it(bank: BankInProcess, system: CustomerSystem) -> None:
    browser = await bank.signed_in()
    page = await bank.fapi().send(browser)
    system.trouble = "500"
    away = await page.submit("/consent", consent="yes")
    assert away.status == 503
    assert (await browser.open(page.path)).status == 503
    assert "Spróbuj za chwilę" in (await browser.open("/")).heading
    system.trouble = ""
    page = await (await browser.open(page.path)).submit("/consent", consent="yes")
    assert page.form_to("/code")


async def test_an_arrival_may_be_repeated_and_a_silent_one_is_answered(
    bank: BankInProcess, system: CustomerSystem
) -> None:
    browser, client = await bank.returning(), bank.fapi()
    address = client.authorize_path(await client.reference())
    silent = client.authorize_path(await client.reference(prompt="none"))
    system.trouble = "500"
    away = await browser.open(address)
    assert away.status == 503
    assert next(link.attributes["href"] for link in away.html.css("main a.govuk-button")) == address
    assert (await browser.open(silent)).answer["error"] == "temporarily_unavailable"
    system.trouble = ""
    assert "code" in (await browser.open(address)).answer


async def test_userinfo_is_answered_later_with_the_same_token(bank: BankInProcess, system: CustomerSystem) -> None:
    browser, client = await bank.returning(), bank.fapi()
    tokens = await client.tokens(browser)
    system.trouble = "500"
    away = await client.userinfo(tokens["access_token"])
    assert (away.status_code, away.json()["error"]) == (503, "temporarily_unavailable")
    assert int(away.headers["retry-after"]) > 0
    system.trouble = ""
    assert (await client.facts(tokens["access_token"]))["given_name"] == "Janusz"


async def test_nobodys_token_asks_nothing_about_anybody(bank: BankInProcess, system: CustomerSystem) -> None:
    tokens = await bank.fapi().tokens(await bank.returning())
    asked = len(system.asked)
    for token, proven in ((tokens["access_token"], False), ("unknown", True)):
        headers = [("authorization", f"{'DPoP' if proven else 'Bearer'} {token}")]
        assert (await bank.site.call("GET", "/userinfo", headers=headers)).status_code == 401
    assert len(system.asked) == asked


async def test_a_customer_who_is_none_any_more_is_told_nothing(bank: BankInProcess, system: CustomerSystem) -> None:
    browser, client = await bank.returning(), bank.fapi()
    tokens = await client.tokens(browser)
    system.people.pop(0)
    assert (await client.userinfo(tokens["access_token"])).status_code == 401
    assert (await browser.open("/")).status == 404


async def test_customers_in_a_view_sign_in_and_are_told_when_it_is_away(
    sqlite_bank: BankTemplate, tmp_path: Any
) -> None:
    crm = tmp_path / "crm.db"
    await their_database(str(crm))
    settings = {"source": "view", "database": f"sqlite:{crm}", "view": "shown", "columns": COLUMNS, "seconds": 10}
    async with sqlite_bank.copy(customers=settings) as bank:
        browser = bank.browser()
        page = await answered(await at_question(bank, browser), JAN_PASSWORD)
        assert page.path == "/"
        assert "Jan" in page.response.text
        theirs = open_sqlite(crm)
        await theirs.script("ALTER TABLE people RENAME TO gone")
        await theirs.script("DROP VIEW shown")
        assert (await browser.open("/")).heading == "Spróbuj za chwilę"
        assert (await (await bank.browser().open("/sign-in")).submit("/number", number=JAN.number)).status == 503
        await theirs.close()
