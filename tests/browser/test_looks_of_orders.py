"""An order signed with the trusted profile in a real browser, every page in each look; and one signed in the app."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.citizen import PANEL, Citizen, Citizens, code_in, wrong_code
from tests.browser.handset import answer, choose_push, enrolled, handset
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks
from tests.support.axe import assert_accessible
from tests.support.browser import Windows

pytestmark = pytest.mark.browser
ORDER = "/orders/[0-9a-v]{26}"


async def enter_by_profile(citizen: Citizen) -> None:
    """Into the portal through the trusted profile, for the first time."""
    account = citizen.account("pz")
    await citizen.open("pue")
    await citizen.send("/banks/pz")
    await citizen.send("/password", number=account["login"], password=account["password"])
    await citizen.type_code(await citizen.consent())
    await citizen.at("pue", "/entry/.+")
    await citizen.fill_form()
    await citizen.at("pue", PANEL)


async def file_order(citizen: Citizen, addressee: str = "Bank Spółdzielczy w Krakowie") -> None:
    await citizen.open("pue", "/orders/new")
    await citizen.page.locator("#purpose").select_option("credit")
    await citizen.send("/orders/new", addressee=addressee)
    await citizen.at("pue", ORDER)


@BOTH_LANGUAGES
async def test_an_order_signed_by_sms_and_verified(language: str, looks: Looks, newcomers: Citizens) -> None:
    citizen = await newcomers.come("stanislaw", WINDOWS[language])
    await enter_by_profile(citizen)
    await looks.at(citizen, "orders-none", "/orders")
    await citizen.open("pue", "/orders/new")
    await citizen.send("/orders/new", addressee="")
    await looks.at(citizen, "order-faults")
    await file_order(citizen)
    await looks.at(citizen, "order")
    await looks.at(citizen, "orders-waiting", "/orders")
    await citizen.page.locator(".p-tile a").click()
    await citizen.send("/confirm")
    await citizen.at("pz", "/release/.+")
    await looks.at(citizen, "sign")
    seen = citizen.messages()
    await citizen.send("/operation")
    sms = await citizen.new_message(seen)
    assert "; Podpis: Wniosek nr" in sms
    await citizen.type_code(f"{wrong_code(code_in(sms))}")
    await looks.at(citizen, "sign-code-wrong")
    await citizen.type_code(sms)
    await citizen.at("pue", ORDER)
    await expect(citizen.page.locator(".govuk-notification-banner--success")).to_be_visible()
    await looks.at(citizen, "order-signed")
    order = citizen.page.url.partition("?")[0]
    statement = await (await citizen.page.request.get(f"{order}/statement")).text()
    document = await (await citizen.page.request.get(f"{order}/document")).body()
    await looks.at(citizen, "orders-ended", "/orders")
    await looks.at(citizen, "history-signed", "/profile/history", "pz")
    await look_at_verifying(citizen, looks, statement, document)


async def look_at_verifying(citizen: Citizen, looks: Looks, statement: str, document: bytes) -> None:
    await looks.at(citizen, "verify", "/verify", "pz")
    await citizen.send("/verify")
    await looks.at(citizen, "verify-nothing")
    for name, content in (("valid", document), ("other", document + b"x")):
        await citizen.page.locator("#statement").fill(statement)
        file = {"name": "wniosek.txt", "mimeType": "text/plain", "buffer": content}
        await citizen.page.locator("#document").set_input_files(file)  # type: ignore[arg-type]
        await citizen.page.locator('main form[action="/verify"] button').click()
        await expect(citizen.page.locator("main .govuk-summary-list")).to_be_visible()
        await looks.at(citizen, f"verify-{name}")
    await citizen.send("/verify", statement="a.b.c")
    await expect(citizen.page.locator("main .govuk-notification-banner")).to_be_visible()
    await looks.at(citizen, "verify-invalid")


async def test_an_order_signed_in_the_app_without_leaving_the_page(
    newcomers: Citizens, chromium_windows: Windows
) -> None:
    owner = await newcomers.come("stanislaw")
    await enter_by_profile(owner)
    tab = await newcomers.come("stanislaw")  # another window, where he is not signed in yet
    phone = await handset(chromium_windows, owner.demo.url("mobywatel"))
    await enrolled(tab, phone)
    await choose_push(tab, phone)
    await file_order(owner)
    await owner.page.locator('main button[formaction$="/app"]').click()
    await owner.at("pue", f"{ORDER}/app/.+")
    await assert_accessible(owner.page)
    found = re.search(r"^\s*(\d\s*\d)\s*$", await owner.page.inner_text(".p-operation"), re.MULTILINE)
    assert found is not None
    await phone.page.goto(owner.demo.url("mobywatel"))
    await answer(phone, "".join(found[1].split()))
    await owner.at("pue", ORDER)
    await owner.says("Podpisane")
    await phone.put_away()
    await owner.page.goto("about:blank")
    await tab.page.goto("about:blank")
