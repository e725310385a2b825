"""Steps at the patient account and its app that several tests take: in by the trusted profile, bound with a PIN."""

from playwright.async_api import expect

from tests.browser.citizen import Citizen, code_in


async def enter(citizen: Citizen, system: str, arrives: str, *, known: bool = False) -> None:
    """Through the trusted profile: password, consent and code; signed in there already when `known`."""
    account = citizen.account("pz")
    await citizen.open(system)
    await citizen.send("/enter/pz")
    if not known:
        await citizen.send("/password", number=account["login"], password=account["password"])
    await citizen.at("pz", "/release/.+")
    seen = citizen.messages()
    await citizen.page.locator("#consent").check()
    await citizen.send("/consent")
    await citizen.send("/code", code=code_in(await citizen.new_message(seen)))
    await citizen.at(system, arrives)


async def open_with(citizen: Citizen, pin: str) -> None:
    """Bind the device that has just signed in, with this PIN."""
    await citizen.send("/pin", pin=pin, pin_again=pin)
    await citizen.at("mojeikp", "/account")
    await expect(citizen.page.locator("header")).to_contain_text(citizen.person["last_name"])
