"""Codes to numbers and addresses that nobody has proven: few from one browser, not many from one network, few to one.

Whoever gives the right code has proven the number, and it counts no more. What a stranger asks for in somebody's name
leaves enough for the owner.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.rules.limits.limits import Limits
from poreka.rules.limits.sending import RecipientLimits
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.portal_with_mail import PortalWithMail, portal_with_mail
from tests.support.profile_and_app import ProfileAndApp, profile_and_app
from tests.systems.portal.test_own_sign_in import LOGIN, PASSWORD, lukasz, sign_in
from tests.systems.portal.test_registration import give, registering

FACTS = {"first_name": "Piotr", "surname": "Wiśniewski", "pesel": "85121256983"}
BY_BROWSER, BY_NETWORK, BY_DESTINATION = 3, 5, 4


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as running:
        limit(running.pz)
        yield running


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        limit(running.portal)
        yield running


def limit(system: object) -> None:
    limits = Limits(codes_by_browser=BY_BROWSER, codes_by_network=BY_NETWORK, codes_by_destination=BY_DESTINATION)
    object.__setattr__(system.limit_counts, "limits", limits)  # type: ignore[attr-defined]


async def applying(both: ProfileAndApp, phone: str, browser: AsgiBrowser) -> AsgiPage:
    """An application in a browser, up to the number to which the code goes."""
    page = await (await browser.open("/create")).submit("/apply")
    page = await page.submit("/facts", **FACTS)
    email = f"a{phone}@poczta.example"
    fields = {"phone": phone, "email": email, "regulations": "yes"}
    return await page.submit("/contact", **fields)


async def again(page: AsgiPage) -> int:
    """What the wish for another code leads to."""
    browser = page.browser
    fields = {"csrf_token": browser.token, "code": "", "do": "again"}
    return (await browser.send("POST", f"{page.path.partition('?')[0]}/code", fields)).status


def at(both: ProfileAndApp, address: str) -> AsgiBrowser:
    return AsgiBrowser(replace(both.pz_site, client=address))


async def sent(both: ProfileAndApp) -> int:
    rows = await both.pz.database.all("SELECT id FROM outbox WHERE channel = 'sms'")
    return len(rows)


async def test_one_browser_sends_few_codes_to_numbers_of_strangers(both: ProfileAndApp) -> None:
    browser = at(both, "192.0.2.7")
    pages = [await applying(both, f"60020100{number}", browser) for number in range(BY_BROWSER + 2)]
    assert [page.status for page in pages] == [200] * BY_BROWSER + [429] * 2
    assert await sent(both) == BY_BROWSER
    assert pages[-1].heading == "Zbyt wiele prób"
    assert int(pages[-1].response.headers["retry-after"]) > 0


async def test_one_network_sends_not_many_whatever_browsers_it_has(both: ProfileAndApp) -> None:
    pages = [await applying(both, f"60020100{one}", at(both, f"2001:db8::{one}")) for one in range(BY_NETWORK + 2)]
    assert [page.status for page in pages] == [200] * BY_NETWORK + [429] * 2
    assert await sent(both) == BY_NETWORK
    assert (await applying(both, "600201009", at(both, "192.0.2.9"))).status == 200


async def test_one_number_gets_few_from_all_the_world_also_by_sending_again(both: ProfileAndApp) -> None:
    for one in range(2):
        page = await applying(both, "600201001", at(both, f"192.0.2.{one}"))
        both.clock.advance(31)
        assert await again(page) == 200
        both.clock.advance(31)
    assert await sent(both) == BY_DESTINATION
    both.clock.advance(31)
    assert await again(page) == 429
    assert (await applying(both, "600201001", at(both, "192.0.2.9"))).status == 429
    assert await sent(both) == BY_DESTINATION


def test_what_strangers_may_send_to_a_number_leaves_its_owner_most_of_what_it_may_get() -> None:
    assert 2 * Limits().codes_by_destination <= RecipientLimits().an_hour


async def test_the_right_code_gives_back_what_was_sent_for_it(place: PortalWithMail) -> None:
    for one in range(BY_NETWORK + 2):
        browser = await registering(place, email=f"a{one}@poczta.example")
        await give(browser, place.code())
    counters = await place.portal.database.all("SELECT used FROM limit_counts")
    assert [row["used"] for row in counters if row["used"]] == []


async def test_registrations_that_are_left_count(place: PortalWithMail) -> None:
    for one in range(BY_NETWORK):
        await registering(place, email=f"a{one}@poczta.example")
    browser = await place.lone.browser().get("/register")
    with pytest.raises(AssertionError, match="429"):
        await registering(place)
    assert browser.response.status_code == 200
    assert len(place.letters) == BY_NETWORK


async def test_an_owner_gets_a_code_in_a_known_browser_though_strangers_used_up_the_days(place: PortalWithMail) -> None:
    object.__setattr__(place.portal.limit_counts, "limits", Limits())
    await lukasz(place)
    own = await sign_in(place)
    for _ in range(10):
        stranger = await place.lone.browser().get("/password")
        await stranger.post("/password", login=LOGIN)
        place.advance(31)
    stranger = await place.lone.browser().get("/password")
    await stranger.post("/password", login=LOGIN)
    assert "za 24 godziny" in stranger.words
    await own.get("/password")
    await own.post("/password", login=LOGIN)
    assert own.location.startswith("/password/")


async def test_known_and_unknown_names_are_limited_the_same(both: ProfileAndApp) -> None:
    """What goes to the address of a profile counts for whoever asks and for the name, not for the address."""
    seen = []
    for name in ("stanislaw.golab", "stanislaw@poczta.example", "nikt", "nikt@poczta.example"):
        browser = at(both, f"192.0.2.{len(seen)}")
        codes = []
        for _ in range(BY_BROWSER + 1):
            page = await browser.open("/password")
            codes.append((await page.submit("/password", name=name)).status)
            both.clock.advance(31)
        seen.append(codes)
    assert seen == [[200] * BY_BROWSER + [429]] * 4


async def test_at_the_trusted_profile_a_known_browser_has_its_own_count_too(both: ProfileAndApp) -> None:
    object.__setattr__(both.pz.limit_counts, "limits", Limits())
    owned = await both.pz.profiles.named("stanislaw.golab")
    assert owned is not None
    hashed = await both.pz.passwords.hash(PASSWORD)
    async with both.pz.database.transaction() as transaction:
        await both.pz.profiles.save(transaction, owned, replace(owned, password_hash=hashed))
    own = at(both, "192.0.2.1")
    page = await own.open("/sign-in")
    await page.submit("/password", number="stanislaw.golab", password=PASSWORD)
    for _ in range(10):
        page = await at(both, "192.0.2.2").open("/password")
        assert (await page.submit("/password", name="stanislaw.golab")).status == 200
        both.clock.advance(31)
    page = await at(both, "192.0.2.3").open("/password")
    assert (await page.submit("/password", name="stanislaw.golab")).status == 422
    page = await own.open("/password")
    assert (await page.submit("/password", name="stanislaw.golab")).status == 200
