"""The whole first entry by keyboard alone: Tab, Space, Enter, and digits; the focus can always be seen (WCAG 2.4.7)."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.citizen import PANEL, Citizen, Citizens

pytestmark = pytest.mark.browser

MOST_TABS = 60
FOCUSED = """() => {
  const e = document.activeElement;
  const name = e.getAttribute('aria-label') || (e.labels && e.labels[0] ? e.labels[0].innerText : e.innerText);
  const own = getComputedStyle(e), label = e.labels && e.labels[0] ? getComputedStyle(e.labels[0], '::before') : null;
  const drawn = s => s && ((s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none');
  const box = e.getBoundingClientRect();
  return {id: e.id, name: (name || '').trim(), field: e.getAttribute('name') || '', visible: drawn(own) || drawn(label),
    inView: box.bottom > 0 && box.top < innerHeight};
}"""


async def tab_to(page: Page, *, name: str = "", field: str = "") -> None:
    """Press Tab until the focus is there; on the way everything that takes it must show it."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        now = await page.evaluate(FOCUSED)
        assert now["visible"], f"no focus is drawn on {now} at {page.url}"
        assert now["inView"], f"the focus is out of view on {now} at {page.url}"
        if (name and now["name"].startswith(name)) or (field and now["field"] == field):
            return
    raise AssertionError(f"Tab never came to {name or field} at {page.url}")


async def press(page: Page, name: str) -> None:
    await tab_to(page, name=name)
    await page.keyboard.press("Enter")


async def type_into(page: Page, field: str, text: str) -> None:
    await tab_to(page, field=field)
    await page.keyboard.type(text)


async def test_first_entry_without_a_mouse(citizens: Citizens) -> None:
    jan = await citizens.come("jan")
    page = jan.page
    await jan.open("pue")
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Przejdź do treści")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await press(page, "Bankowość elektroniczna")
    await jan.at("pue", "/banks")
    await press(page, "Millenet")
    await sign_in(jan)
    await jan.reads("Logowanie do PUE")
    await press(page, "Dalej")
    await expect(page.locator("[data-error-summary]")).to_be_focused()
    await tab_to(page, name="Aby przejść dalej")
    await page.keyboard.press("Enter")
    await expect(page.locator("#consent")).to_be_focused()
    await page.keyboard.press("Space")
    seen = jan.messages()
    await press(page, "Dalej")
    await jan.reads("Potwierdź hasłem SMS")
    await type_into(page, "code", (await jan.new_message(seen))[-6:])
    await page.keyboard.press("Enter")
    await jan.reads("Rejestracja w portalu")
    await fill_form(jan)
    await jan.at("pue", PANEL)
    await press(page, "Wyloguj")
    await jan.reads("Wylogowano z portalu")


async def sign_in(citizen: Citizen) -> None:
    """Both pages of the bank; the focus stays where it is until it is moved."""
    account, page = citizen.account(), citizen.page
    await citizen.at("millenet", "/sign-in/.+")
    await type_into(page, "number", account["login"])
    await page.keyboard.press("Enter")
    asked = page.locator('input[name^="characters_"]')
    await expect(asked).to_have_count(2)
    places = [int(str(await box.get_attribute("name")).removeprefix("characters_")) for box in await asked.all()]
    await type_into(page, "password", account["password"])
    await tab_to(page, field=f"characters_{places[0]}")
    await page.keyboard.type(account["identifier"][places[0] - 1])
    await expect(asked.nth(0)).to_be_focused()
    await tab_to(page, field=f"characters_{places[1]}")
    await page.keyboard.type(account["identifier"][places[1] - 1])
    await page.keyboard.press("Enter")


async def fill_form(citizen: Citizen) -> None:
    email, page = citizen.person["email"], citizen.page
    await type_into(page, "email", email)
    await type_into(page, "email_again", email)
    for box in ("regulations", "contact_data"):
        await tab_to(page, field=box)
        await page.keyboard.press("Space")
    await press(page, "Dalej")
