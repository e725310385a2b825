"""One of the demo's people at a real browser window, and what such a person does in every journey.

Steps are found by field names and by where a form goes, so they work in both languages; what a page says
is for the tests to read. Every step ends where the next page can be seen.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.support.browser import ON_A_DESK, Window, Windows
from tests.support.server import Demo
from tests.support.waiting import looks_again

PANEL = r"/dashboard"
NO_CODES = ("letter", "push")
NEWS = "To nie Ty?"  # a notice, and no code


@dataclass(frozen=True)
class Citizen:
    """Someone, and the page in front of them."""

    demo: Demo
    page: Page
    key: str

    @property
    def person(self) -> dict[str, Any]:
        return self.demo.person(self.key)

    def account(self, system: str = "millenet") -> dict[str, str]:
        found: dict[str, str] = next(one for one in self.person["accounts"] if one["system"] == system)
        return found

    # --- looking and pressing -------------------------------------------------------------------------------

    async def open(self, system: str, path: str = "/") -> None:
        await self.page.goto(self.demo.url(system, path))

    async def at(self, system: str, path: str) -> None:
        """The address is this one; `path` is a pattern."""
        await expect(self.page).to_have_url(re.compile(rf"^{re.escape(self.demo.origin(system))}{path}(\?.*)?$"))

    async def reads(self, heading: str) -> None:
        await expect(self.page.locator("h1")).to_contain_text(heading)

    async def says(self, text: str) -> None:
        await expect(self.page.locator("main")).to_contain_text(text)

    def form(self, action: str) -> Locator:
        """The form in the page that goes to where `action` ends."""
        return self.page.locator(f'main form[action$="{action}"]')

    async def send(self, action: str, **values: str) -> None:
        """Fill in the fields of a form and press its first button."""
        for name, value in values.items():
            await self.form(action).locator(f'[name="{name}"]').fill(value)
        await self.form(action).locator("button[type=submit]:not([formaction])").first.click()

    async def press(self, name: str) -> None:
        """The button that carries this name."""
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def follow(self, name: str) -> None:
        await self.page.locator("main").get_by_role("link", name=name).first.click()

    async def other_tab(self) -> "Citizen":
        """The same browser, one tab more."""
        return replace(self, page=await self.page.context.new_page())

    # --- at the bank ----------------------------------------------------------------------------------------

    async def to_bank(self) -> None:
        """From the portal's sign-in page to the bank, by the list (Z1, Z2)."""
        await self.open("pue")
        await self.page.locator('main a[href="/banks"]').click()
        await self.send("/banks/millenet")
        await self.at("millenet", "/(sign-in|release)/.+")

    async def sign_in(self, *, password: str | None = None) -> None:
        """The bank's two pages: the number, then the password and two characters (P9)."""
        account = self.account()
        await self.send("/number", number=account["login"])
        asked = self.page.locator('input[name^="characters_"]')
        await expect(asked).to_have_count(2)
        for box in await asked.all():
            place = int(str(await box.get_attribute("name")).removeprefix("characters_"))
            await box.fill(account["identifier"][place - 1])
        await self.send("/password", password=password or account["password"])

    async def sign_in_at_bank(self) -> None:
        await self.open("millenet")
        await self.sign_in()
        await self.at("millenet", "/")

    async def to_consent(self) -> None:
        """From nothing to the consent page, portal first."""
        await self.to_bank()
        await self.sign_in()
        await self.at("millenet", "/release/.+")

    async def to_bank_again(self) -> None:
        """By the list once more; signs in at the bank only where it asks for that (P6)."""
        await self.open("pue", "/banks")
        await self.send("/banks/millenet")
        await expect(self.page).to_have_url(re.compile(r"/(sign-in|release|entry|dashboard)\b"))
        if "/sign-in/" in self.page.url:
            await self.sign_in()

    async def consent(self) -> str:
        """Tick the box and go on; returns the text of the SMS."""
        seen = self.messages()
        await self.page.locator("#consent").check()
        await self.send("/consent")
        return await self.new_message(seen)

    async def type_code(self, sms: str) -> None:
        await self.send("/code", code=code_in(sms))

    def messages(self) -> set[str]:
        """The ids of what was sent so far; without letters, which come when they come, and what apps ask."""
        return {message["id"] for message in self.demo.messages(self.key) if message["channel"] not in NO_CODES}

    async def new_message(self, seen: set[str], channel: str = "") -> str:
        """The newest message that was not there before, by this channel or by any."""
        async for _ in looks_again():
            for message in self.demo.messages(self.key):
                fits = message["channel"] == channel if channel else message["channel"] not in NO_CODES
                if fits and message["id"] not in seen and NEWS not in message["text"]:
                    return str(message["text"])
        raise AssertionError(f"no message came to {self.key}")

    # --- at the portal --------------------------------------------------------------------------------------

    async def fill_form(self) -> None:
        """The form of the first entry (Z3)."""
        email = self.person["email"]
        await self.tick("regulations", "contact_data")
        await self.send("/form", email=email, email_again=email)

    async def tick(self, *names: str) -> None:
        for name in names:
            await self.page.locator(f'main [name="{name}"]').check()

    async def enter_first(self) -> None:
        """The whole first entry, portal first, up to the panel."""
        await self.to_consent()
        await self.type_code(await self.consent())
        await self.at("pue", "/entry/.+")
        await self.fill_form()
        await self.at("pue", PANEL)

    async def sign_out(self) -> None:
        await self.page.locator('header form[action="/sign-out"] button').click()


@dataclass(frozen=True)
class Citizens:
    """Opens a window for each: `jan = await citizens.come("jan", window)`."""

    demo: Demo
    windows: Windows

    async def come(self, key: str, window: Window = ON_A_DESK) -> Citizen:
        return Citizen(self.demo, await self.windows.open("about:blank", window), key)


def code_in(text: str) -> str:
    """The six digits that stand alone in a message, at its end in an SMS."""
    found: list[str] = re.findall(r"(?<!\d)\d{6}(?!\d)", text)
    return found[-1]


def wrong_code(right: str) -> str:
    return f"{(int(right) + 1) % 1_000_000:06}"
