"""A phone with an authenticator of Chromium's own (CDP), and what its owner does with it and at the profile."""

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession, Page, expect

from tests.browser.citizen import Citizen
from tests.browser.owner import confirm, enter
from tests.support.browser import Window, Windows

ON_A_PHONE = Window(360)
OPTIONS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@dataclass
class Handset:
    """A phone: its page, and the line on which its authenticator is told what its owner does."""

    page: Page
    line: CDPSession
    authenticator: str = ""
    keys: list[dict[str, Any]] = field(default_factory=list)

    async def power_on(self) -> None:
        """An authenticator with the keys that are remembered. Whoever looks at the page through a line of their own
        (axe) takes the authenticator along when they hang up."""
        await self.power_off()
        await self.line.send("WebAuthn.enable")
        made = await self.line.send("WebAuthn.addVirtualAuthenticator", {"options": OPTIONS})
        self.authenticator = made["authenticatorId"]
        for key in self.keys:
            await self.line.send("WebAuthn.addCredential", {**self._named(), "credential": key})

    async def power_off(self) -> None:
        """No authenticator: what the browser offers by itself waits for a touch that does not come."""
        await self.line.send("WebAuthn.disable")

    async def remember(self) -> None:
        """Keep the keys, with their counts."""
        self.keys = (await self.line.send("WebAuthn.getCredentials", self._named()))["credentials"]

    async def owner_is_there(self, there: bool) -> None:
        """Whether the finger, face or PIN is the owner's."""
        await self.line.send("WebAuthn.setUserVerified", {**self._named(), "isUserVerified": there})

    async def use_key(self, button: str = "#use") -> None:
        """Press the button that asks the key."""
        await self.page.locator(button).click()

    async def put_away(self) -> None:
        """Its pages ask the server now and then; a demo that stops must not be missed by them."""
        await self.page.goto("about:blank")

    def _named(self) -> dict[str, str]:
        return {"authenticatorId": self.authenticator}


async def handset(windows: Windows, url: str, window: Window = ON_A_PHONE) -> Handset:
    page = await windows.open(url, window)
    phone = Handset(page, await page.context.new_cdp_session(page))
    await phone.power_on()
    return phone


async def at_the_code(citizen: Citizen) -> str:
    """Signed in to the profile, one more phone authorised, its code on the page."""
    await enter(citizen, "/profile/devices")
    await citizen.send("/profile/devices")
    await confirm(citizen)
    await citizen.at("pz", "/profile/devices/new/.+")
    await citizen.send("/code")
    found = CODE.search(await citizen.page.inner_text("main"))
    assert found is not None
    return found[0]


async def make_key(citizen: Citizen, phone: Handset, code: str) -> str:
    """The phone scans the code and makes its key; the number that it shows."""
    await phone.page.goto("about:blank")
    await phone.page.goto(citizen.demo.url("mobywatel", f"/enrol#{code.replace('-', '')}"))
    await phone.use_key("#make")
    return (await phone.page.locator("[data-number]").inner_text()).strip()


async def type_number(citizen: Citizen, number: str) -> None:
    """At the profile; the page has seen by itself that a number is asked for now."""
    await expect(citizen.page.locator("#number")).to_be_visible()
    await citizen.page.locator("#number").fill(number)
    await citizen.page.locator('form[action$="/number"] button').click()
    await citizen.at("pz", "/profile/devices")


async def enrolled(citizen: Citizen, phone: Handset) -> None:
    """A connected phone, the app open on it."""
    code = await at_the_code(citizen)
    await type_number(citizen, await make_key(citizen, phone, code))
    await phone.page.locator('main a[href="/sign-in"]').click()
    await phone.use_key()
    await expect(phone.page.locator("h1")).to_have_text("Prośby, które czekają")


async def choose_push(citizen: Citizen, phone: Handset) -> None:
    """The change of method: a code by SMS, then the app (T4)."""
    await citizen.open("pz", "/settings/security/tools")
    seen = citizen.messages()
    await citizen.page.locator("main button[value=push]").click()
    await citizen.type_code(await citizen.new_message(seen))
    await answer(phone, await number_on(citizen))
    await citizen.at("pz", "/settings/security/tools")


async def number_on(citizen: Citizen) -> str:
    """The two digits on the page that waits for the app."""
    await expect(citizen.page.locator("[data-await-answer]")).to_be_visible()
    found = re.search(r"^\s*(\d\s*\d)\s*$", await citizen.page.inner_text(".p-operation"), re.MULTILINE)
    assert found is not None
    return "".join(found[1].split())


async def answer(phone: Handset, number: str) -> None:
    """Open the one request that waits, type the number, approve."""
    await phone.page.locator(".p-tile a").click()
    await phone.page.locator("#number").fill(number)
    await phone.use_key()
    await expect(phone.page.locator("h1")).to_contain_text("Potwierdzono")
