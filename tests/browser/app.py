"""What people do with the bank's app and their tools, at real windows: asked at one, answered at another.

Banks here sign people in on one page. Steps are found by field names and by where forms go, as in `citizen.py`.
"""

import re

from playwright.async_api import Locator, expect

from tests.browser.citizen import Citizen
from tests.support.waiting import looks_again

TOOLS = "/settings/security/tools"


async def sign_in_at(citizen: Citizen, bank: str) -> None:
    """A login and a password on one page, wherever the bank's sign-in stands."""
    account = citizen.account(bank)
    await citizen.send("/password", number=account["login"], password=account["password"])


async def at_bank(citizen: Citizen, bank: str, path: str = "/") -> None:
    """Signed in, at this page."""
    await citizen.open(bank, path)
    await sign_in_at(citizen, bank)
    await citizen.at(bank, re.escape(path))


async def to_consent(citizen: Citizen, bank: str) -> None:
    """Portal first, to the question for consent."""
    await citizen.open("pue", "/banks")
    await citizen.send(f"/banks/{bank}")
    await expect(citizen.page).to_have_url(re.compile(r"/(sign-in|release)/"))
    if "/sign-in/" in citizen.page.url:
        await sign_in_at(citizen, bank)
    await citizen.at(bank, "/release/.+")


async def agree(citizen: Citizen) -> None:
    """Tick the box and go on."""
    await citizen.page.locator("#consent").check()
    await citizen.send("/consent")
    await expect(citizen.page.locator("#consent")).to_have_count(0)


async def number_on(citizen: Citizen) -> str:
    """The number that the page shows, to be typed in the app."""
    shown = citizen.page.locator("main dd").filter(has_text=re.compile(r"^\d\d$"))
    await expect(shown).to_have_count(1)
    return (await shown.inner_text()).strip()


async def question_of(citizen: Citizen, phone: Citizen) -> None:
    """Open the newest question on the phone."""
    link, number = phone.page.locator('main a[href*="/requests/"]').first, phone.page.locator("#number")
    async for _ in looks_again():  # it comes when it comes, and an answered one may be there already
        await phone.open("phone", f"/{citizen.key}")
        if await link.count():
            await link.click()
            if await number.count():
                break
    await expect(number).to_be_visible()


async def approve(citizen: Citizen, phone: Citizen) -> None:
    """Type the page's number in the app."""
    number = await number_on(citizen)
    await question_of(citizen, phone)
    await phone.send("/approve", number=number)
    await expect(phone.page.locator("#number")).to_have_count(0)


async def refuse(citizen: Citizen, phone: Citizen) -> None:
    """Say no in the app."""
    await question_of(citizen, phone)
    await phone.page.locator('button[formaction$="/refuse"]').click()
    await expect(phone.page.locator("#number")).to_have_count(0)


def tool_button(citizen: Citizen, tool: str) -> Locator:
    """The button that begins something with a tool."""
    return citizen.page.locator(f'main button[name="tool"][value="{tool}"]')
