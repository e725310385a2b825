"""Each known barrier is still met: what nobody meets any more leaves the list, and with it the statement.

`WAYS` says how one comes to the barrier. An entry of `barriers.toml` without a way to it fails here, as one whose page
the checks find nothing on.
"""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from poreka.for_everyone.barriers import known_barriers
from tests.browser.app import agree, to_consent
from tests.browser.citizen import Citizen, Citizens
from tests.support.axe import assert_accessible, findings
from tests.support.barriers import is_known

pytestmark = pytest.mark.browser
KNOWN = {barrier.key: barrier for barrier in known_barriers().barriers}


async def to_masked_characters(citizen: Citizen) -> None:
    await citizen.open("millenet", "/sign-in")
    await citizen.send("/number", number=citizen.account()["login"])
    await expect(citizen.page.locator('input[name="password"]')).to_be_visible()


async def to_a_code_of_a_card(citizen: Citizen) -> None:
    await to_consent(citizen, "inteligo")
    await agree(citizen)
    await expect(citizen.page.locator("#code")).to_be_visible()


async def to_a_statement(citizen: Citizen) -> None:
    await citizen.open("pue", "/accessibility")


WAYS: dict[str, Callable[[Citizen], Awaitable[None]]] = {
    "masked": to_masked_characters,
    "code_card": to_a_code_of_a_card,
    "sign_language": to_a_statement,
    "not_studied": to_a_statement,
}


@pytest.mark.parametrize("key", sorted(KNOWN.keys() | WAYS.keys()))
async def test_a_known_barrier_is_still_met_and_nothing_else_is(key: str, visitors: Citizens) -> None:
    assert key in WAYS, f"nothing meets {key}: say here how one comes to it, or take it out of barriers.toml"
    citizen = await visitors.come("stanislaw")
    await WAYS[key](citizen)
    assert key in KNOWN, f"{key} is no known barrier any more: take its way out of this file"
    broken = {rule for rule, _ in await findings(citizen.page)}
    assert KNOWN[key].rule in broken, f"the checks meet {key} no more: take it out of barriers.toml"
    assert is_known(KNOWN[key].rule, citizen.page.url)
    await assert_accessible(citizen.page)
