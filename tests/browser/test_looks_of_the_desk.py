"""Every page of a clerk's desk, in each look: coming in, the queue, a case decided, four eyes."""

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizen, Citizens
from tests.browser.desk import key_link
from tests.browser.handset import Handset, handset
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks, open_everything
from tests.support.browser import Windows

pytestmark = pytest.mark.browser
EWA, PESEL = "4100200301", "88113052129"
CASE = f"/applications/{EWA}"


@BOTH_LANGUAGES
async def test_the_desk_s_pages(language: str, looks: Looks, newcomers: Citizens, chromium_windows: Windows) -> None:
    key, grazyna = await coming_in(looks, newcomers, chromium_windows, language)
    await applications(looks, grazyna, key)
    other_key, robert = await other_clerk(newcomers, chromium_windows, language)
    await four_eyes(looks, (grazyna, key), (robert, other_key))
    await grazyna.page.locator("header form button").click()
    await looks.at(grazyna, "signed-out")
    looks.assert_fine()


async def coming_in(looks: Looks, newcomers: Citizens, windows: Windows, language: str) -> tuple[Handset, Citizen]:
    clerk = await handset(windows, newcomers.demo.url("start"), WINDOWS[language])
    citizen = Citizen(newcomers.demo, clerk.page, "ewa")
    await looks.at(citizen, "clerks", "/clerks", "start")
    link = await key_link(newcomers.demo, clerk.page, "grazyna.lis")
    await looks.at(citizen, "clerks-made")
    await looks.at(citizen, "link", "/key", "clerk")
    await citizen.send("/key", code="ABCD-EFGH-JKMN")
    await looks.at(citizen, "link-wrong")
    await clerk.page.goto("about:blank")
    await clerk.page.goto(link)
    await clerk.page.locator("#make").wait_for()
    await looks.at(citizen, "key")
    await clerk.power_on()
    await clerk.use_key("#make")
    await clerk.page.locator("#use").wait_for()
    await clerk.remember()
    await open_everything(citizen)
    await looks.at(citizen, "sign-in")
    await clerk.power_on()
    await clerk.use_key()
    await expect(clerk.page.locator("header .p-person")).to_contain_text("Grażyna Lis")
    await clerk.remember()
    return clerk, citizen


async def signed(key: Handset, button: str = "#sign") -> None:
    """The decision on the page signed with the key; the next page is there."""
    await key.power_on()
    async with key.page.expect_navigation():
        await key.use_key(button)
    await key.remember()


async def applications(looks: Looks, clerk: Citizen, key: Handset) -> None:
    await looks.at(clerk, "queue")
    await clerk.send("/applications", number="12")
    await looks.at(clerk, "queue-wrong")
    await looks.at(clerk, "case", CASE, "clerk")
    for way in ("office", "video"):
        await clerk.open("clerk", f"{CASE}/confirm/{way}")
        await signed(key)
        await looks.at(clerk, f"confirm-{way}-wrong")
    await clerk.open("clerk", f"{CASE}/refuse")
    await signed(key)
    await looks.at(clerk, "refuse-wrong")
    await clerk.open("clerk", f"{CASE}/confirm/video")
    await clerk.page.locator("#document").check()
    await clerk.page.locator("#photo_fits").check()
    await clerk.page.locator("#data_agree").check()
    await clerk.page.locator("#call").fill("NAGR-1")
    await signed(key)
    await looks.at(clerk, "confirmed")
    await looks.at(clerk, "queue-empty", "/", "clerk")


async def four_eyes(looks: Looks, first: tuple[Citizen, Handset], second: tuple[Citizen, Handset]) -> None:
    (grazyna, key), (robert, other_key) = first, second
    await looks.at(grazyna, "proposals-none", "/proposals", "clerk")
    await grazyna.open("clerk", "/profiles")
    await grazyna.send("/profiles", pesel="851212569836"[:11])
    await looks.at(grazyna, "find-none")
    await grazyna.send("/profiles", pesel=PESEL)
    await looks.at(grazyna, "profile")
    at = grazyna.page.url
    await grazyna.send("/ask")
    await looks.at(grazyna, "owner-asked")
    for act in ("death", "change", "invalidation"):
        await grazyna.page.goto(f"{at}/{act}")
        if act == "change":
            await grazyna.page.locator("#surname").fill("")
        await signed(key)
        await looks.at(grazyna, f"{act}-wrong")
    await grazyna.page.locator("#reason").check()
    await grazyna.page.locator("#note").fill("Pismo z 3 marca")
    await signed(key)
    await looks.at(grazyna, "proposal-mine")
    await looks.at(grazyna, "proposals", "/proposals", "clerk")
    await robert.page.goto(grazyna.page.url)
    await robert.page.locator(".p-tile a").click()
    await looks.at(robert, "proposal")
    await signed(other_key, "#approve")
    await looks.at(robert, "proposal-approved")


async def other_clerk(newcomers: Citizens, windows: Windows, language: str) -> tuple[Handset, Citizen]:
    clerk = await handset(windows, newcomers.demo.url("start"), WINDOWS[language])
    await clerk.page.goto(await key_link(newcomers.demo, clerk.page, "robert.sowa"))
    await clerk.page.locator("#make").wait_for()
    await clerk.use_key("#make")
    await clerk.page.locator("#use").wait_for()
    await clerk.use_key()
    await expect(clerk.page.locator("header .p-person")).to_contain_text("Robert Sowa")
    await clerk.remember()
    return clerk, Citizen(newcomers.demo, clerk.page, "ewa")
