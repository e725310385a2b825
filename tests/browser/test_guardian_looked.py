"""One's own history at the patient account, after a guardian looked: with and without scripts.

A child of the demonstration cannot sign in, so a grown person takes the child's place in the health service's table:
what their guardian opens stands in their history.
"""

import sqlite3
from contextlib import closing

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizen, Citizens
from tests.browser.patient import enter
from tests.support.axe import assert_accessible
from tests.support.browser import Window
from tests.support.server import Demo

pytestmark = pytest.mark.browser
LOOKED = "Opiekun otworzył Twoje dane"


def stand_for_the_child(demo: Demo, surname: str) -> None:
    """Who has this surname is found as the child whom Agnieszka looks for."""
    with closing(sqlite3.connect(demo.log.with_name("data") / "ikp.db", timeout=10)) as connection, connection:
        changed = connection.execute(
            "UPDATE guardianships SET ward_index = (SELECT pesel_index FROM patient_accounts WHERE surname = ?)",
            (surname,),
        )
        assert changed.rowcount == 1


async def guardian_looks(guardian: Citizen) -> None:
    """Choose the child, and open the prescriptions."""
    await guardian.open("ikp", "/account")
    await guardian.page.locator('input[name="person"]').last.check()
    await guardian.send("/account/for")
    await guardian.says("Pola")
    await guardian.open("ikp", "/account/prescription")
    await guardian.says("Witamina D")
    await assert_accessible(guardian.page)


@pytest.mark.parametrize("window", [Window(), Window(320, script=False)], ids=str)
async def test_one_s_own_history_shows_that_a_guardian_looked(window: Window, newcomers: Citizens) -> None:
    guardian = await newcomers.come("agnieszka", window)
    await enter(guardian, "ikp", "/account")
    ward = await newcomers.come("stanislaw", window)
    await enter(ward, "ikp", "/account")
    stand_for_the_child(newcomers.demo, ward.person["last_name"])
    await ward.open("ikp", "/account/history")
    await expect(ward.page.locator("main")).not_to_contain_text(LOOKED)
    await guardian_looks(guardian)
    await ward.page.reload()
    await ward.says(LOOKED)
    await assert_accessible(ward.page)
    await guardian.open("ikp", "/account/history")
    await expect(guardian.page.locator("main")).not_to_contain_text(LOOKED)
