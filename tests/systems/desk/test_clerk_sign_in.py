"""How clerks come in: a one-time link, a key with the clerk's own check, and nothing else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from poreka.demo.walk.authenticator import Authenticator, challenge_for
from tests.support.asgi import AsgiBrowser
from tests.support.profile_and_app import token_of
from tests.support.profile_and_desk import Clerk, ProfileAndDesk, profile_and_desk

INSIDE = ("/", "/applications/4100200301", "/applications/4100200301/confirm/office", "/profiles", "/proposals")


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndDesk]:
    async with profile_and_desk(tmp_path) as started:
        yield started


async def test_a_link_makes_one_key_and_the_key_opens_the_desk(both: ProfileAndDesk) -> None:
    clerk = await both.clerk()
    page = await clerk.browser.open("/")
    assert page.heading == "Wnioski"
    assert "Grażyna Lis" in page.html.css_first(".p-person").text()  # type: ignore[union-attr]
    events = [one for one in await both.events("desk") if one != "KeysRotated"]
    assert sorted(events) == ["ClerkAdded", "ClerkKeyAdded", "ClerkLinkMade", "SignedIn"]


async def test_a_link_works_once_and_for_an_hour(both: ProfileAndDesk) -> None:
    clerk = await both.clerk(signed_in=False)
    link = await both.roll.make_link(clerk.known)
    code = link.address.partition("#")[2]
    stranger, late = AsgiBrowser(both.desk_site), AsgiBrowser(both.desk_site)
    kept = await (await late.open("/key")).submit("/key", code=code)
    assert (await both.register(clerk, link.address)).path == "/sign-in?done=key"
    assert (await (await stranger.open("/key")).submit("/key", code=code)).status == 422
    assert (await late.open(kept.path)).status == 410, "the page that was open is over, too"
    again = await both.roll.make_link(clerk.known)
    both.clock.advance(3600)
    assert (await (await stranger.open("/key")).submit("/key", code=again.address.partition("#")[2])).status == 422
    assert (await (await stranger.open("/key")).submit("/key", code="ABCD-EFGH-JKMN")).status == 422


async def test_a_new_link_ends_earlier_keys_and_sessions_at_once(both: ProfileAndDesk) -> None:
    clerk = await both.clerk()
    await both.roll.make_link(clerk.known)
    assert (await clerk.browser.open("/")).path == "/sign-in"
    assert (await both.sign_in(clerk)).status == 422


async def test_a_blocked_clerk_is_out_in_that_moment(both: ProfileAndDesk) -> None:
    clerk = await both.clerk()
    await both.desk.database.run("UPDATE clerks SET blocked_at = 1")  # the session's row is still there
    for path in INSIDE:
        assert (await clerk.browser.open(path)).path.startswith("/sign-in"), path
    await both.desk.database.run("UPDATE clerks SET blocked_at = NULL")
    assert (await clerk.browser.open("/")).path.startswith("/sign-in"), "the cookie was taken"
    assert (await both.sign_in(clerk)).path == "/"
    assert await both.roll.block(clerk.known)
    assert not await both.roll.block(clerk.known)
    assert (await clerk.browser.open("/")).path == "/sign-in"
    assert (await both.sign_in(clerk)).status == 422


async def test_keys_that_open_nothing_are_answered_alike(both: ProfileAndDesk) -> None:
    """A key nobody has, one without the owner's check, an old assertion, another site's, nonsense: one answer."""
    clerk = await both.clerk(signed_in=False)
    unknown = Clerk(clerk.known, AsgiBrowser(both.desk_site), Authenticator(both.desk.origin))
    answers = [await both.sign_in(unknown)]
    clerk.authenticator.verifies = False
    answers.append(await both.sign_in(clerk))
    clerk.authenticator.verifies = True
    page = await clerk.browser.open("/sign-in")
    signed = clerk.authenticator.get(challenge_for(token_of(page)), "http://evil.example")
    answers.append(await page.submit("/sign-in", token=token_of(page), credential=signed))
    nonsense = ("{}", "x" * 3000, "[" * 2000)
    answers += [await page.submit("/sign-in", token=token_of(page), credential=one) for one in nonsense]
    assert {(one.status, one.text) for one in answers} == {(422, answers[0].text)}
    page = await clerk.browser.open("/sign-in")
    right = clerk.authenticator.get(challenge_for(token_of(page)))
    assert (await page.submit("/sign-in", token=token_of(page), credential=right)).path == "/"
    other = AsgiBrowser(both.desk_site)
    await other.open("/sign-in")
    replayed = await other.post("/sign-in", token=token_of(page), credential=right, next="/")
    assert replayed.status_code == 422


async def test_a_key_without_the_clerks_check_is_not_registered(both: ProfileAndDesk) -> None:
    clerk = await both.clerk(signed_in=False)
    link = await both.roll.make_link(clerk.known)
    clerk.authenticator = Authenticator(both.desk.origin, verifies=False)
    refused = await both.register(clerk, link.address)
    assert refused.status == 422
    clerk.authenticator.verifies = True
    assert (await both.register(clerk, link.address)).path == "/sign-in?done=key", "the link was not used up"


async def test_nobody_sees_a_page_without_a_session_and_signing_out_ends_it(both: ProfileAndDesk) -> None:
    stranger = AsgiBrowser(both.desk_site)
    for path in INSIDE:
        assert (await stranger.open(path)).path.startswith("/sign-in"), path
    clerk = await both.clerk()
    page = await (await clerk.browser.open("/")).submit("/sign-out")
    assert page.path == "/signed-out"
    assert (await clerk.browser.open("/")).path == "/sign-in"
    again = await both.sign_in(clerk)
    both.clock.advance(600)
    assert (await again.browser.open("/profiles")).path == "/sign-in?next=%2Fprofiles", "sessions are short"


async def test_where_there_is_no_script_the_page_says_so(both: ProfileAndDesk) -> None:
    page = await AsgiBrowser(both.desk_site).open("/sign-in")
    assert "Klucze działają tylko z włączonym JavaScriptem" in page.text
    assert page.html.css_first("input[type=password]") is None
