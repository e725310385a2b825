"""What every relying system may conclude from what a provider said (docs/adr/0030), by the same journeys at each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.profile_and_app import ProfileAndApp
from tests.support.relying_systems import PROVIDER, RELYING, RelyingSystem, RelyingSystems, relying_systems

SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"


@pytest_asyncio.fixture
async def every(tmp_path: Path) -> AsyncIterator[RelyingSystems]:
    async with relying_systems(tmp_path) as running:
        yield running


@pytest.fixture(params=RELYING)
def one(every: RelyingSystems, request: pytest.FixtureRequest) -> RelyingSystem:
    return every[request.param]


async def test_who_is_vouched_for_gets_in(one: RelyingSystem) -> None:
    browser, _ = await one.enters()
    assert await one.is_inside(browser)


# --- when, how and how strongly ------------------------------------------------------------------------


async def test_a_session_is_as_old_as_the_providers_word_says(one: RelyingSystem) -> None:
    earlier = one.system.clock() - 480
    one.provider.spoil_id_token = {"auth_time": earlier}
    await one.enters()
    assert {session.auth_time for session in await one.sessions()} == {earlier}


async def test_a_sign_in_in_the_providers_future_counts_from_now(one: RelyingSystem) -> None:
    one.provider.spoil_id_token = {"auth_time": one.system.clock() + 5}
    await one.enters()
    assert {session.auth_time for session in await one.sessions()} == {one.system.clock()}


async def test_a_sign_in_that_does_not_say_when_is_never_taken_for_a_new_one(one: RelyingSystem) -> None:
    one.provider.spoil_id_token = {"auth_time": None}
    await one.enters()
    assert all(session.auth_time == 0 for session in await one.sessions())


@pytest.mark.parametrize("acr", ["http://eidas.europa.eu/LoA/low", "urn:unknown", None])
async def test_a_level_lower_than_asked_opens_nothing(one: RelyingSystem, acr: str | None) -> None:
    one.provider.spoil_id_token = {"acr": acr}
    if one.key == "pue" and acr == "http://eidas.europa.eu/LoA/low":
        one.provider.spoil_id_token = {"acr": "urn:lower"}  # the portal lets low in where nothing more is at stake
    browser, _ = await one.enters()
    assert not await one.is_inside(browser)


# --- the trusted profile restates it -------------------------------------------------------------------


def profile_of(every: RelyingSystems) -> ProfileAndApp:
    return every.patients.both


async def test_a_clients_wish_for_a_new_sign_in_goes_on_to_the_bank_and_its_answer_comes_back(
    every: RelyingSystems,
) -> None:
    pz, both = every["pz"], profile_of(every)
    await both.agreed("sandbox-fapi")
    client = both.service()
    browser, _ = await pz.enters()  # signed in a while ago
    every.clock.advance(480)
    page = await client.send(browser, prompt="login", acr_values=SUBSTANTIAL)
    page = await page.submit("/provider/millenet")
    asked = pz.provider.asked[-1]
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    signed_in_at = every.clock()
    pz.provider.spoil_id_token = {"auth_time": signed_in_at, "amr": ["pwd", "otp", "sms", "mfa"]}
    every.clock.advance(30)
    page = await pz.comes_back(browser, page.left_for or "")
    claims = await client.claims_of((await client.redeem(page.answer["code"])).json()["id_token"])
    assert claims["auth_time"] == signed_in_at
    assert (claims["acr"], claims["amr"]) == (SUBSTANTIAL, ["mfa", "otp", "pwd", "sms"])


@pytest.mark.parametrize("wish", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "60"}])
async def test_a_bank_that_answers_a_wish_for_a_new_sign_in_with_an_old_one_is_not_believed(
    every: RelyingSystems, wish: dict[str, str]
) -> None:
    pz, both = every["pz"], profile_of(every)
    await both.agreed("sandbox-fapi")
    browser, _ = await pz.enters()
    every.clock.advance(480)
    page = await both.service().send(browser, **wish)
    page = await page.submit("/provider/millenet")
    pz.provider.spoil_id_token = {"auth_time": every.clock() - 480}
    page = await pz.comes_back(browser, page.left_for or "")
    assert page.path == f"/not-signed-in/{PROVIDER['pz']}/too_old"


async def test_a_wish_for_a_certain_age_is_passed_on_as_it_is(every: RelyingSystems) -> None:
    pz, both = every["pz"], profile_of(every)
    await both.agreed("sandbox-fapi")
    browser, _ = await pz.enters()
    every.clock.advance(480)
    page = await both.service().send(browser, max_age="300")
    every.clock.advance(20)
    page = await page.submit("/provider/millenet")
    assert pz.provider.asked[-1]["max_age"] == "310", "what was old enough for the client then, less what clocks differ"
    assert "prompt" not in pz.provider.asked[-1]
    pz.provider.spoil_id_token = {"auth_time": every.clock() - 300}
    page = await pz.comes_back(browser, page.left_for or "")
    assert "code" in page.answer


async def test_a_further_factor_at_the_profile_makes_the_banks_sign_in_no_newer(every: RelyingSystems) -> None:
    pz, both = every["pz"], profile_of(every)
    pz.provider.spoil_id_token = {"auth_time": every.clock() - 400, "amr": ["pwd"]}
    browser, _ = await pz.enters()
    client = both.service()
    page = await (await client.send(browser)).submit("/consent", consent="yes")
    await both.pz_worker.send_due()
    page = await (await browser.open(page.path)).submit("/code", code=both.phones.last_code())
    claims = await client.claims_of((await client.redeem(page.answer["code"])).json()["id_token"])
    assert claims["auth_time"] == every.clock() - 400
    assert claims["amr"] == ["otp", "pwd", "sms"], "what the bank told, and what was used here"
    assert (await client.send(browser, max_age="300")).path.startswith("/sign-in")


async def test_the_profile_always_asks_its_bank_when_the_person_signed_in(every: RelyingSystems) -> None:
    pz = every["pz"]
    await pz.sets_out()
    assert int(pz.provider.asked[-1]["max_age"]) == pz.system.settings.system.session_seconds
