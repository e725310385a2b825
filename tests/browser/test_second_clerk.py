"""What a second clerk sees at real windows of an application that another clerk opened, confirmed or refused.

An application whose phone somebody else gave, too, takes two clerks; here a profile of the demonstration gets it in
the trusted profile's database. Keys need scripts; what the pages say can be read without.
"""

import sqlite3
from contextlib import closing

import pytest
from playwright.async_api import Page, expect

from tests.browser.citizen import Citizens
from tests.browser.desk import seated
from tests.browser.handset import Handset
from tests.browser.test_looks_of_the_desk import signed
from tests.support.axe import assert_accessible
from tests.support.browser import Window, Windows
from tests.support.server import Demo

pytestmark = pytest.mark.browser
EWA, CASE = "ewa.wojcik", "/applications/4100200301"


def share_a_phone(demo: Demo) -> None:
    """Somebody else's profile has the phone that Ewa gave."""
    database = demo.log.with_name("data") / "pz.db"
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        changed = connection.execute(
            "UPDATE trusted_profiles SET phone = (SELECT phone FROM trusted_profiles WHERE user_name = ?)"
            " WHERE id = (SELECT id FROM trusted_profiles WHERE state = 'valid' ORDER BY id LIMIT 1)",
            (EWA,),
        )
        assert changed.rowcount == 1


async def checked_in_person(clerk: Handset, demo: Demo) -> None:
    """The form of a check in person, filled in and not yet signed."""
    await clerk.page.goto(demo.url("clerk", f"{CASE}/confirm/office"))
    for box in ("#document", "#photo_fits", "#data_agree"):
        await clerk.page.locator(box).check()


async def at_the_desk(demo: Demo, windows: Windows, login: str, window: Window) -> Handset:
    """A clerk who is signed in, with a key that outlives a look by axe."""
    clerk = await seated(demo, windows, login, window)
    await clerk.remember()
    return clerk


async def read_without_scripts(clerk: Handset, windows: Windows, demo: Demo) -> Page:
    """The same clerk's session in a narrow window that runs no scripts, at the case."""
    kept = await clerk.page.context.storage_state()
    return await windows.open(demo.url("clerk", CASE), Window(320, script=False), storage_state=kept)


async def says(page: Page, *sentences: str) -> None:
    for sentence in sentences:
        await expect(page.locator("main")).to_contain_text(sentence)
    await assert_accessible(page)


async def test_what_one_clerk_confirmed_waits_for_another_who_is_told_whose_word_there_is(
    fresh_demo: Demo, chromium_windows: Windows
) -> None:
    share_a_phone(fresh_demo)
    grazyna = await at_the_desk(fresh_demo, chromium_windows, "grazyna.lis", Window())
    robert = await at_the_desk(fresh_demo, chromium_windows, "robert.sowa", Window(320, "dark"))
    for clerk in (grazyna, robert):  # both have it open; nobody has decided
        await clerk.page.goto(fresh_demo.url("clerk", CASE))
        await says(clerk.page, "Ten telefon albo e-mail podał też ktoś inny", "W urzędzie")
    await checked_in_person(robert, fresh_demo)
    await checked_in_person(grazyna, fresh_demo)
    await signed(grazyna)
    await says(grazyna.page, "Ten wniosek jest już potwierdzony przez Ciebie")
    await expect(grazyna.page.locator('main a[href*="/confirm/"]')).to_have_count(0)
    without = await read_without_scripts(grazyna, chromium_windows, fresh_demo)
    await says(without, "Ten wniosek jest już potwierdzony przez Ciebie")

    await robert.page.goto(fresh_demo.url("clerk"))
    await says(robert.page, "Drugi urzędnik")
    await robert.page.locator(f'main a[href="{CASE}"]').click()
    await says(robert.page, "potwierdził już urzędnik: Grażyna Lis", "Sprawdź wszystko od nowa")
    without = await read_without_scripts(robert, chromium_windows, fresh_demo)
    await says(without, "potwierdził już urzędnik: Grażyna Lis")
    await checked_in_person(robert, fresh_demo)
    await signed(robert)
    await says(robert.page, "Wniosek potwierdzony: profil jest ważny", "dostaje o tym wiadomość")
    await grazyna.page.reload()
    await says(grazyna.page, "Wniosek potwierdzony: profil jest ważny")
    await expect(grazyna.page.locator(f'main a[href^="{CASE}/"]')).to_have_count(0)


async def test_a_clerk_whose_form_was_open_while_another_refused_is_told_so(
    newcomers: Citizens, chromium_windows: Windows
) -> None:
    grazyna = await at_the_desk(newcomers.demo, chromium_windows, "grazyna.lis", Window(320))
    robert = await at_the_desk(newcomers.demo, chromium_windows, "robert.sowa", Window())
    await checked_in_person(grazyna, newcomers.demo)
    await robert.page.goto(newcomers.demo.url("clerk", f"{CASE}/refuse"))
    for name in ("way", "reason"):
        await robert.page.locator(f'main [name="{name}"]').first.check()
    await signed(robert)
    await says(robert.page, "Wniosek odrzucony")
    await signed(grazyna)
    await says(grazyna.page, "Wniosek odrzucony")
    await expect(grazyna.page.locator(".govuk-error-summary")).to_be_visible()
    without = await read_without_scripts(grazyna, chromium_windows, newcomers.demo)
    await says(without, "Wniosek odrzucony")
    await without.goto(newcomers.demo.url("clerk", f"{CASE}/refuse"))
    await expect(without).to_have_url(newcomers.demo.url("clerk", CASE))
