"""A page that needs a stronger sign-in than the session had (RFC 9470): asked for, with the work kept, and back."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from poreka.rules.levels import Factor, Level
from poreka.systems.portal import routes as app
from poreka.systems.portal.build import _checked
from poreka.systems.portal.step_up.assurance import session_level
from poreka.web.application import Application
from poreka.web.sessions import Details, new_session
from poreka.web.settings.every_kind import SettingsError
from tests.support.asgi import request_of
from tests.support.certificates import JAN as HOLDER
from tests.support.lone_portal import Browser, LonePortal, lone_portal
from tests.support.portal_with_certificates import DOOR, Citizen, PortalWithCertificates, portal_with_certificates
from tests.support.scripted_provider import Person

JAN, ANNA = Person(), Person("Anna", "Nowak-Zielińska", "79090344729", "sub-anna")
LOW, SUBSTANTIAL, HIGH = (level.acr for level in Level)
PAGES = {"/dashboard/insured": "substantial", "/settings": "substantial", "/documents": "high"}
TYPED = {"phone": "600700800", "email": "nowy@poczta.example", "version": "1"}


def guarded(lone: LonePortal) -> LonePortal:
    settings = lone.portal.settings
    wanted = msgspec.structs.replace(settings.portal, page_levels=PAGES)
    portal = replace(lone.portal, settings=msgspec.structs.replace(settings, portal=wanted))
    return replace(lone, portal=portal, application=Application(portal, app.ROUTES, app.turn_away, app.guard))


@pytest_asyncio.fixture
async def lone(tmp_path: Path) -> AsyncIterator[LonePortal]:
    async with lone_portal(tmp_path) as running:
        yield guarded(running)


@pytest_asyncio.fixture
async def with_door(tmp_path: Path) -> AsyncIterator[PortalWithCertificates]:
    async with portal_with_certificates(tmp_path) as running:
        lone = guarded(running.lone)
        running.federation._applications["pue.localhost:8000"] = lone.application
        yield replace(running, lone=lone)


async def signed_in(lone: LonePortal, browser: Browser, *factors: Factor, **details: str) -> Browser:
    """A session as it was opened some way."""
    profile = await lone.has_profile(JAN)
    new = new_session(request_of(""), lone.portal, profile.id, factors, Details(name="Jan Kowalski", **details))
    await lone.portal.database.insert(new.row)
    browser.client.cookies.set("session", new.cookie, domain="pue.localhost")
    return browser


async def by_password(lone: LonePortal) -> Browser:
    return await signed_in(lone, lone.browser(), Factor.PASSWORD)


async def through_the_bank(lone: LonePortal, browser: Browser, acr: str, person: Person = JAN) -> Browser:
    """Press the bank's button on the page that asks, and come back from there."""
    lone.provider.person, lone.provider.acr = person, acr
    page = browser.page.css_first("input[name=page]").attributes["value"] or ""
    await browser.post("/step-up", page=page, through="millenet")
    await browser.get(f"/callback/millenet?{lone.provider.signs_in(browser.location)}")
    while browser.response.status_code == 303:
        await browser.follow()
    return browser


def path(browser: Browser) -> str:
    return browser.response.url.path


async def test_a_weak_session_is_asked_for_more_and_comes_back_to_the_page(lone: LonePortal) -> None:
    browser = await by_password(lone)
    await (await browser.get("/dashboard/insured")).follow()
    assert (path(browser), browser.response.status_code) == ("/step-up", 403)
    assert "mocniejsze potwierdzenie" in browser.words
    await through_the_bank(lone, browser, SUBSTANTIAL)
    assert (path(browser), browser.response.status_code) == ("/dashboard/insured", 200)
    assert SUBSTANTIAL in json.dumps(lone.provider.asked[-1])
    assert (await lone.events())[0] == "StrongerSignInAsked"


async def test_what_was_typed_waits_on_the_page(lone: LonePortal) -> None:
    browser = await by_password(lone)
    await browser.get("/question")  # a page for everyone, whose form token is good for all
    await (await browser.post("/settings", **TYPED)).follow()
    assert "zachowane" in browser.words
    await through_the_bank(lone, browser, SUBSTANTIAL)
    assert path(browser) == "/settings"
    assert browser.page.css_first("input[name=email]").attributes["value"] == "nowy@poczta.example"


async def test_what_one_typed_another_never_sees(lone: LonePortal) -> None:
    await lone.has_profile(ANNA)
    browser = await by_password(lone)
    await browser.get("/question")
    await (await browser.post("/settings", **TYPED)).follow()
    await through_the_bank(lone, browser, SUBSTANTIAL, ANNA)
    assert path(browser) == "/settings"
    assert "nowy@poczta.example" not in browser.response.text
    assert "Nowak-Zielińska" in browser.response.text


async def test_a_forged_form_is_not_kept(lone: LonePortal) -> None:
    browser = await by_password(lone)
    await browser.get("/question")
    assert (await browser.post("/settings", **TYPED, csrf_token="forged")).response.status_code == 403
    assert await lone.portal.database.all("SELECT id FROM kept_forms") == []


async def test_a_bank_that_gives_less_than_it_was_asked_for_does_not_help(lone: LonePortal) -> None:
    browser = await by_password(lone)
    await (await browser.get("/dashboard/insured")).follow()
    await through_the_bank(lone, browser, LOW)
    assert "Potrzebne jest mocniejsze potwierdzenie" in browser.words
    assert (await browser.get("/dashboard/insured")).location == "/step-up?page=%2Fdashboard%2Finsured"


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
async def test_a_program_gets_the_challenge(lone: LonePortal, method: str) -> None:
    browser = await by_password(lone)
    answer = await browser.client.request(method, "/settings", headers={"accept": "application/json"})
    assert answer.status_code == 401
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith('Bearer error="insufficient_user_authentication", ')
    assert re.search(r'acr_values="([^"]+)"', challenge)[1] == f"{SUBSTANTIAL} {HIGH}"  # type: ignore[index]


@pytest.mark.parametrize("other", ["/dashboard", "/question", "/catalogue"])
async def test_other_pages_ask_for_nothing(lone: LonePortal, other: str) -> None:
    assert (await (await by_password(lone)).get(other)).response.status_code == 200


async def test_who_is_strong_enough_goes_on(lone: LonePortal) -> None:
    browser = await signed_in(lone, lone.browser(), issuer="http://millenet.localhost:8000", acr=SUBSTANTIAL)
    assert (await browser.get("/dashboard/insured")).response.status_code == 200
    assert (await browser.get("/step-up?page=/settings")).location == "/settings"


async def test_the_highest_level_takes_a_certificate(with_door: PortalWithCertificates) -> None:
    lone = with_door.lone
    browser = with_door.citizen(with_door.authority.issue(HOLDER))
    await signed_in(lone, browser, issuer="http://millenet.localhost:8000", acr=SUBSTANTIAL)
    await (await browser.get("/documents")).follow()
    assert [node.attributes["value"] for node in browser.page.css("button[name=through]")] == ["certificate"]
    assert (await browser.post("/step-up", page="/documents", through="millenet")).response.status_code == 404
    await (await browser.get("/documents")).follow()
    await browser.post("/step-up", page="/documents", through="certificate")
    assert browser.location.startswith(DOOR)
    assert isinstance(browser, Citizen)
    await browser.back(await browser.knock(browser.location))
    while browser.response.status_code == 303:
        await browser.follow()
    assert (path(browser), browser.response.status_code) == ("/documents", 200)


@pytest.mark.parametrize("page", ["/", "/dashboard", "//evil.example", "https://evil.example/", "/step-up", "\0"])
async def test_no_other_page_can_be_named(lone: LonePortal, page: str) -> None:
    browser = await by_password(lone)
    await browser.get("/step-up?page=/settings")
    assert (await browser.client.get("/step-up", params={"page": page})).status_code in (400, 404)
    assert (await browser.post("/step-up", page=page, through="millenet")).response.status_code in (400, 404)


@pytest.mark.parametrize("through", ["", "nobody", "certificate"])
async def test_no_other_way_can_be_named(lone: LonePortal, through: str) -> None:
    browser = await by_password(lone)
    await browser.get("/step-up?page=/settings")
    assert (await browser.post("/step-up", page="/settings", through=through)).response.status_code == 404


async def test_nobody_signed_in_is_asked_to_sign_in(lone: LonePortal) -> None:
    assert (await lone.browser().get("/dashboard/insured")).location == "/"
    assert (await lone.browser().get("/step-up?page=/settings")).location == "/"


@pytest.mark.parametrize(
    ("factors", "details", "level"),
    [
        ((Factor.PASSWORD,), {}, Level.LOW),
        ((Factor.CERTIFICATE,), {"issuer": "certificate", "acr": HIGH}, Level.HIGH),
        ((), {"issuer": "http://millenet.localhost:8000", "acr": SUBSTANTIAL}, Level.SUBSTANTIAL),
        ((), {"issuer": "http://millenet.localhost:8000", "acr": "whatever"}, Level.LOW),
        ((), {"issuer": "http://millenet.localhost:8000"}, Level.LOW),
        ((), {"issuer": "https://gone.example", "acr": HIGH}, Level.LOW),
        ((), {}, Level.LOW),
    ],
)
async def test_the_level_is_what_was_used(
    lone: LonePortal, factors: tuple[Factor, ...], details: dict[str, Any], level: Level
) -> None:
    browser = await signed_in(lone, lone.browser(), *factors, **details)
    session = await lone.portal.sessions.by_cookie(browser.client.cookies["session"])
    assert session is not None
    assert session_level(lone.portal, session) is level


def test_a_level_for_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    from poreka.demo.presets import Address, preset

    portal = preset("pue", Address(8000)).portal
    assert portal is not None
    _checked(portal)
    for page in ("/nowhere", "/help", "settings", "/step-up", "/sign-out", "/dashboard/insured/", "/dashboard/{tab}"):
        with pytest.raises(SettingsError, match="there is no page"):
            _checked(msgspec.structs.replace(portal, page_levels={page: "high"}))
