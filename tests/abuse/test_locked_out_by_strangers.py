"""Strangers' wrong passwords: they lock nobody out of a browser in which they signed in before, and gain no guesses."""

import pytest

from poreka.rules.limits.attempts import LOCK, LOCKED_AT
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import ANNA, JAN, PASSWORD, BankInProcess


async def typed(bank: BankInProcess, browser: AsgiBrowser, password: str, number: str = JAN.number) -> AsgiPage:
    page = await (await browser.open("/sign-in")).submit("/number", number=number)
    names = [name for name in page.form_to("/password").fields if name.startswith("characters_")]
    identifier = (JAN if number == JAN.number else ANNA).identifier
    characters = {name: identifier[int(name.split("_")[1]) - 1] for name in names}
    return await page.submit("/password", password=password, **characters)


async def guess_until_locked(bank: BankInProcess, browser: AsgiBrowser) -> None:
    for _ in range(LOCKED_AT):
        bank.clock.advance(60)
        await typed(bank, browser, "zgaduję")


async def signed_out(bank: BankInProcess, person: str = JAN.number) -> AsgiBrowser:
    """A browser in which somebody signed in before."""
    browser = bank.browser()
    assert (await typed(bank, browser, PASSWORD, person)).path == "/"
    await (await browser.open("/")).submit("/sign-out")
    return browser


async def test_a_browser_in_which_the_owner_signed_in_before_is_let_through_a_strangers_lock(
    bank_on_each: BankInProcess,
) -> None:
    own = await signed_out(bank_on_each)
    await guess_until_locked(bank_on_each, bank_on_each.browser())
    assert (await typed(bank_on_each, bank_on_each.browser(), PASSWORD)).status == 429
    assert (await typed(bank_on_each, own, PASSWORD)).path == "/"
    assert (await typed(bank_on_each, bank_on_each.browser(), PASSWORD)).status == 429


async def test_a_browser_that_is_known_guesses_no_faster_than_any_other(bank: BankInProcess) -> None:
    own = await signed_out(bank)
    await guess_until_locked(bank, own)
    assert (await typed(bank, own, PASSWORD)).status == 429
    assert (await typed(bank, bank.browser(), PASSWORD)).path == "/"
    bank.clock.advance(LOCK)
    assert (await typed(bank, own, PASSWORD)).path == "/"


async def test_a_browser_is_known_for_whoever_signed_in_there_and_for_nobody_else(bank: BankInProcess) -> None:
    annas = await signed_out(bank, ANNA.number)
    await guess_until_locked(bank, bank.browser())
    assert (await typed(bank, annas, PASSWORD)).status == 429


async def test_two_people_of_one_browser_are_both_known(bank: BankInProcess) -> None:
    shared = await signed_out(bank)
    assert (await typed(bank, shared, PASSWORD, ANNA.number)).path == "/"
    await (await shared.open("/")).submit("/sign-out")
    await guess_until_locked(bank, bank.browser())
    assert (await typed(bank, shared, PASSWORD)).path == "/"


@pytest.mark.parametrize("forged", ["x" * 65, "x" * 22 + "0" * 43, "ą" * 65, "." * 199, ""])
async def test_a_forged_mark_makes_no_browser_known(bank: BankInProcess, forged: str) -> None:
    await guess_until_locked(bank, bank.browser())
    browser = bank.browser()
    browser.set_cookie("known", forged.encode("utf-8").decode("latin-1"))
    assert (await typed(bank, browser, PASSWORD)).status == 429
