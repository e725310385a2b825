"""One password tried over many names: so many from one browser or network, and then everybody there has to wait.

Whoever signed in before in their browser is let through; so is everybody elsewhere; and nobody's own name is locked.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from poreka.rules.limits.limits import HOUR, Limits
from poreka.store.database import DatabaseUnavailable
from tests.abuse.test_locked_out_by_strangers import signed_out, typed
from tests.abuse.test_outages_count_nothing import while_looking
from tests.support.asgi import AsgiBrowser
from tests.support.hashes import noted
from tests.support.in_process import ANNA, PASSWORD, BankInProcess
from tests.support.portal_with_mail import PortalWithMail, portal_with_mail
from tests.systems.portal.test_own_sign_in import LOGIN, lukasz, sign_in
from tests.systems.portal.test_own_sign_in import PASSWORD as PORTAL_PASSWORD
from tests.systems.portal.test_registration import registering

BY_BROWSER, BY_NETWORK = 3, 5
ONE_PASSWORD = "Wiosna2026!!"


@pytest.fixture
def limited(bank_on_each: BankInProcess) -> BankInProcess:
    limits = Limits(passwords_by_browser=BY_BROWSER, passwords_by_network=BY_NETWORK)
    object.__setattr__(bank_on_each.bank.limit_counts, "limits", limits)
    return bank_on_each


def at(bank: BankInProcess, address: str) -> AsgiBrowser:
    return AsgiBrowser(replace(bank.site, client=address))


async def spray(bank: BankInProcess, names: int, browser: AsgiBrowser | None = None, address: str = "") -> list[int]:
    """One password over so many names, from a browser, or each from a fresh one at an address."""
    return [
        (await typed(bank, browser or at(bank, address), ONE_PASSWORD, str(70000000 + number))).status
        for number in range(names)
    ]


async def test_one_browser_tries_few_names(limited: BankInProcess) -> None:
    assert await spray(limited, 5, limited.browser()) == [422] * BY_BROWSER + [429] * 2


async def test_one_network_tries_not_many_names_whatever_browsers_it_has(limited: BankInProcess) -> None:
    assert await spray(limited, 7, address="192.0.2.7") == [422] * BY_NETWORK + [429] * 2
    assert await spray(limited, 1, address="192.0.2.8") == [422]


async def test_one_subscriber_is_one_network_with_all_addresses_of_ipv6(limited: BankInProcess) -> None:
    codes = [
        (await typed(limited, at(limited, f"2001:db8:0:1::{number:x}"), ONE_PASSWORD, str(70000000 + number))).status
        for number in range(BY_NETWORK + 1)
    ]
    assert codes == [422] * BY_NETWORK + [429]
    assert await spray(limited, 1, address="2001:db8:0:2::1") == [422]


async def test_whoever_has_to_wait_is_told_for_how_long_and_nothing_is_looked_at(limited: BankInProcess) -> None:
    await spray(limited, BY_NETWORK, address="192.0.2.7")
    with noted() as computed:
        page = await typed(limited, at(limited, "192.0.2.7"), PASSWORD)
    assert (page.status, computed.hashes, page.heading) == (429, [], "Zbyt wiele prób")
    wait = int(page.response.headers["retry-after"])
    assert 0 < wait <= HOUR
    assert "Spróbuj ponownie za" in page.text
    limited.clock.advance(wait)
    assert (await typed(limited, at(limited, "192.0.2.7"), PASSWORD)).path == "/"


async def test_an_owner_is_let_through_in_a_browser_in_which_they_signed_in_before(limited: BankInProcess) -> None:
    own = await signed_out(limited)
    await spray(limited, BY_NETWORK + 1, address="127.0.0.1")
    assert (await typed(limited, limited.browser(), PASSWORD)).status == 429
    assert (await typed(limited, own, PASSWORD)).path == "/"


async def test_a_right_password_gives_back_what_its_owner_mistyped(limited: BankInProcess) -> None:
    address = "192.0.2.7"
    await spray(limited, BY_NETWORK - 2, address=address)
    assert (await typed(limited, at(limited, address), "pomyłka")).status == 422
    assert (await typed(limited, at(limited, address), PASSWORD)).path == "/"
    codes = [(await typed(limited, at(limited, address), ONE_PASSWORD, str(80000000 + one))).status for one in range(3)]
    assert codes == [422, 422, 429]


async def test_a_right_password_of_ones_own_gives_nothing_else_back(limited: BankInProcess) -> None:
    address = "192.0.2.7"
    await spray(limited, BY_NETWORK - 1, address=address)
    for _ in range(3):
        assert (await typed(limited, at(limited, address), PASSWORD, ANNA.number)).path == "/"
    codes = [(await typed(limited, at(limited, address), ONE_PASSWORD, str(80000000 + one))).status for one in range(2)]
    assert codes == [422, 429]


async def test_one_name_that_is_tried_often_is_one(limited: BankInProcess) -> None:
    browser = limited.browser()
    for _ in range(BY_BROWSER + 2):
        assert (await typed(limited, browser, ONE_PASSWORD)).status == 422
        limited.clock.advance(60)
    assert (await typed(limited, browser, ONE_PASSWORD, ANNA.number)).status == 422


async def test_many_names_at_once_are_no_more_than_one_after_another(limited: BankInProcess) -> None:
    browsers = [at(limited, "192.0.2.7") for _ in range(4 * BY_NETWORK)]
    tries = (typed(limited, browser, ONE_PASSWORD, str(70000000 + n)) for n, browser in enumerate(browsers))
    with noted() as computed:
        pages = await asyncio.gather(*tries)
    assert len(computed.hashes) <= BY_NETWORK
    assert {page.status for page in pages} <= {422, 429}
    assert not limited.bank.limit_counts.under_way


async def test_an_outage_counts_no_name(limited: BankInProcess) -> None:
    for number in range(2 * BY_NETWORK):
        with pytest.MonkeyPatch.context() as patch:
            while_looking(limited, patch, DatabaseUnavailable("gone"))
            assert (await typed(limited, at(limited, ""), ONE_PASSWORD, str(70000000 + number))).status == 503
    assert not limited.bank.limit_counts.under_way
    assert await spray(limited, 1) == [422]


async def test_neither_names_nor_addresses_stand_in_the_database(limited: BankInProcess) -> None:
    await spray(limited, BY_NETWORK, address="192.0.2.7")
    rows = await limited.bank.database.all("SELECT counter, item FROM limit_counts")
    assert rows
    stored = b"".join(bytes(row["counter"]) + bytes(row["item"]) for row in rows)
    assert b"192.0.2" not in stored
    assert b"7000" not in stored


@pytest_asyncio.fixture
async def portal(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        object.__setattr__(running.portal.limit_counts, "limits", Limits(passwords_by_network=3))
        yield running


async def test_at_the_portal_too(portal: PortalWithMail) -> None:
    await lukasz(portal)
    known = await sign_in(portal, LOGIN, PORTAL_PASSWORD)
    assert known.response.status_code == 303
    for number in range(4):
        last = await sign_in(portal, str(1000000000 + number), ONE_PASSWORD)
    assert (last.response.status_code, "Zbyt wiele prób" in last.words) == (429, True)
    assert (await sign_in(portal, LOGIN, PORTAL_PASSWORD)).response.status_code == 429
    await known.get("/")
    await known.post("/sign-in", login=LOGIN, password=PORTAL_PASSWORD)
    assert known.response.status_code == 303


async def test_behind_a_proxy_that_does_not_tell_whom_it_speaks_for_nobody_waits_for_a_strangers_tries(
    limited: BankInProcess,
) -> None:
    settings = limited.bank.settings
    in_earnest = msgspec.structs.replace(settings, system=msgspec.structs.replace(settings.system, demo=False))
    object.__setattr__(limited.bank, "settings", in_earnest)
    assert await spray(limited, 2 * BY_NETWORK, address="127.0.0.1") == [422] * 2 * BY_NETWORK


async def test_passwords_and_codes_are_counted_apart(portal: PortalWithMail) -> None:
    for number in range(4):
        last = await sign_in(portal, str(1000000000 + number), ONE_PASSWORD)
    assert last.response.status_code == 429
    asked = await registering(portal)
    assert asked.response.status_code == 200
    assert len(portal.letters) == 1
