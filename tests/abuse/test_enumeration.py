"""Nobody learns who is known here: not by what a failed sign-in says, nor by what it does, nor by how long it takes.

Time is counted in password hashes (`tests/support/hashes.py`): everything else takes less than the network's noise.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.hashes import noted
from tests.support.in_process import ANNA, PASSWORD, BankInProcess
from tests.support.portal_with_mail import PortalWithMail, portal_with_mail
from tests.support.profile_and_app import ProfileAndApp, profile_and_app
from tests.systems.portal.test_own_sign_in import LOGIN, lukasz, recovering, sign_in

NOBODY = ("9999999999", "<nikt>", "x" * 200, "' OR 1=1 --")
LONG = "x" * 129


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        yield running


def seen(response: httpx2.Response) -> tuple[int, list[str], list[str]]:
    """What an answer shows before anyone reads its page: status, headers, cookies that are set."""
    cookies = [cookie.partition("=")[0] for cookie in response.headers.get_list("set-cookie")]
    return response.status_code, sorted(set(response.headers) - {"content-length"}), cookies


@pytest.mark.parametrize("password", ["zły", LONG])
async def test_at_the_portal_known_and_unknown_cost_and_show_the_same(place: PortalWithMail, password: str) -> None:
    await lukasz(place)
    costs, shown = [], []
    for login in (*NOBODY, LOGIN):
        with noted() as computed:
            browser = await sign_in(place, login, password)
        costs.append(len(computed.hashes))
        shown.append((seen(browser.response), browser.words.replace(login, "")))
    assert costs == [0 if password == LONG else 1] * len(costs)
    assert len({str(one) for one in shown}) == 1


async def test_a_recovery_costs_and_shows_the_same_for_a_login_of_nobody(place: PortalWithMail) -> None:
    await lukasz(place)
    shown = []
    for login in (LOGIN, *NOBODY):
        with noted() as computed:
            browser = await recovering(place, login)
        assert computed.hashes == []
        await browser.post(browser.response.url.path, do="try", code="000000" if place.code() != "000000" else "1" * 6)
        shown.append((seen(browser.response), browser.words))
    assert len({str(one) for one in shown}) == 1
    rows = await place.portal.database.all("SELECT attempts, resends, state FROM operations")
    assert len({tuple(row) for row in rows}) == 1


async def asked_for_password(bank: BankInProcess, number: str) -> AsgiPage:
    """The second page of a sign-in, which every well-formed number leads to."""
    return await (await bank.browser().open("/sign-in")).submit("/number", number=number)


def answers(page: AsgiPage, password: str) -> dict[str, str]:
    """The form's fields, filled in wrongly."""
    names = [node.attributes.get("name") or "" for node in page.html.css("main input")]
    characters = {name: "x" for name in names if name.startswith("characters_")}  # no PESEL has one
    assert len(characters) == 2
    return {"password": password, **characters}


@pytest.mark.parametrize("password", ["zły", PASSWORD, LONG])
async def test_at_the_bank_known_and_unknown_cost_and_show_the_same(bank: BankInProcess, password: str) -> None:
    """With the right password, too: wrong characters hide that it was right."""
    costs, shown = [], []
    for number in ("29999990", "21579999", ANNA.number):
        page = await asked_for_password(bank, number)
        form = answers(page, password)
        with noted() as computed:
            answer = await page.browser.post(f"{page.path}/password", **form)
        costs.append(len(computed.hashes))
        shown.append((seen(page.response), seen(answer)))
    assert costs == [0 if password == LONG else 1] * 3
    assert len({str(one) for one in shown}) == 1
    assert await bank.bank.database.all("SELECT sid FROM sessions") == []


OWNED = ("stanislaw.golab", "stanislaw@poczta.example")
STRANGERS = ("nie.ma.mnie", "nikt@poczta.example", "<nikt>", "@", "' OR 1=1 --")


@pytest_asyncio.fixture
async def profiles(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as both:
        owned = await both.pz.profiles.load("stanislaw")
        assert owned is not None
        hashed = replace(owned, password_hash=await both.pz.passwords.hash(PASSWORD))
        await both.pz.profiles.save(both.pz.database, owned, hashed)
        yield both


@pytest.mark.parametrize("password", ["zły", LONG])
async def test_user_names_and_emails_of_trusted_profiles_cost_and_show_the_same(
    profiles: ProfileAndApp, password: str
) -> None:
    costs, shown = [], []
    for name in (*OWNED, *STRANGERS):
        page = await AsgiBrowser(profiles.pz_site).open("/sign-in?next=/profile")
        with noted() as computed:
            answer = await page.browser.post(f"{page.path}/password", number=name, password=password)
        costs.append(len(computed.hashes))
        shown.append(seen(answer))
    assert costs == [0 if password == LONG else 1] * len(costs)
    assert len({str(one) for one in shown}) == 1


async def test_a_forgotten_password_of_nobodys_profile_costs_and_shows_the_same(profiles: ProfileAndApp) -> None:
    shown = []
    for name in (*OWNED, *STRANGERS):
        page = await AsgiBrowser(profiles.pz_site).open("/password")
        with noted() as computed:
            begun = await page.submit("/password", name=name)
        assert computed.hashes == []
        wrong = await begun.submit(begun.path, code="000000")
        shown.append((seen(begun.response), seen(wrong.response), wrong.text))
    assert len({str(one) for one in shown}) == 1
    rows = await profiles.pz.database.all("SELECT attempts, resends, state FROM operations")
    assert len(rows) == len(shown)
    assert len({tuple(row) for row in rows}) == 1
