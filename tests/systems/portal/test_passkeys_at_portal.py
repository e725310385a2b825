"""Passkeys at the portal (docs/adr/0040): added minutes after a provider vouched, used in place of a password."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from starlette.requests import Request

from poreka.demo.walk.authenticator import Authenticator, challenge_for
from poreka.rules.levels import Factor, Level
from poreka.store.passkeys import Passkey, Passkeys
from poreka.systems.portal.pages.closing import close_profile
from poreka.systems.portal.rules.profile import ClosedBy, ProfileState
from poreka.systems.portal.step_up.assurance import session_level
from poreka.systems.portal.store.profiles import Profile
from poreka.web.challenges import new_challenge
from poreka.web.sessions import Details, new_session
from tests.support.asgi import request_of
from tests.support.lone_portal import ORIGIN, Browser
from tests.support.passkeys import made, used
from tests.support.portal_with_mail import ISSUER, PortalWithMail, portal_with_mail
from tests.support.scripted_provider import Person

KEYS = "/settings/passkeys"
SUBSTANTIAL = Level.SUBSTANTIAL.acr
JAN = Person()


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        yield running


async def proven(place: PortalWithMail, browser: Browser) -> Browser:
    """Through the bank, and back to the passkeys."""
    await browser.get(KEYS)
    await browser.post(f"{KEYS}/prove/millenet")
    address = browser.location
    asked = place.lone.provider.asked[-1]
    assert (asked["max_age"], Level.LOW.acr in asked["acr_values"]) == ("0", False)
    await browser.get(f"/callback/millenet?{place.lone.provider.signs_in(address)}")
    while browser.response.status_code == 303:
        await browser.follow()
    return browser


async def with_passkey(place: PortalWithMail, key: Authenticator) -> tuple[Profile, Browser]:
    profile = await place.lone.has_profile(JAN)
    browser = await proven(place, await place.signed_in(profile, bank=False))
    await browser.post(KEYS, **made(browser.page, key), name="Laptop")
    assert browser.location == f"{KEYS}?done=added"
    return profile, browser


async def enter(browser: Browser, key: Authenticator) -> Browser:
    await browser.get("/")
    await browser.post("/sign-in/passkey", **used(browser.page, key))
    while browser.response.status_code == 303:
        await browser.follow()
    return browser


def browser_request(browser: Browser) -> Request:
    """A request of this browser, for what reads its cookies alone."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())
    return Request({"type": "http", "headers": [(b"cookie", cookies.encode())], "state": {}})


def here(browser: Browser) -> str:
    return browser.response.url.path


async def stored(place: PortalWithMail, profile: Profile) -> list[Passkey]:
    return await Passkeys(place.portal.database).of_person(profile.id)


async def test_a_key_added_after_a_bank_vouched_opens_the_portal_at_the_low_level(place: PortalWithMail) -> None:
    key = Authenticator(ORIGIN)
    profile, _ = await with_passkey(place, key)
    assert [one.recipient for one in place.letters if "nowy klucz dostępu" in one.body] == [profile.email]
    fresh = await enter(place.lone.browser(), key)
    assert here(fresh) == "/dashboard"
    sessions = await place.portal.sessions.of_person(profile.id)
    (opened,) = [one for one in sessions if one.factors == (Factor.PASSKEY,)]
    assert session_level(place.portal, opened) is Level.LOW, "as with the portal's own password"
    await fresh.get(KEYS)
    assert "Laptop" in fresh.words
    assert "na nowo potwierdzić" in fresh.words, "with the key alone no other key is added"
    events = await place.lone.events()
    assert {"PasskeyAdded", "PersonEntered"} <= set(events)


SESSIONS = {
    "a password of the portal's own": ((Factor.PASSWORD,), {}, 0),
    "a passkey of the portal's own": ((Factor.PASSKEY,), {}, 0),
    "a bank that vouched at low": ((), {"issuer": ISSUER, "acr": Level.LOW.acr}, 0),
    "a bank that vouched eleven minutes ago": ((), {"issuer": ISSUER, "acr": SUBSTANTIAL}, 660),
    "a bank that vouched in time to come": ((), {"issuer": ISSUER, "acr": SUBSTANTIAL}, -90),
}


@pytest.mark.parametrize("session", SESSIONS)
async def test_without_a_fresh_strong_word_no_key_is_made(place: PortalWithMail, session: str) -> None:
    factors, details, ago = SESSIONS[session]
    profile, browser = await place.lone.has_profile(JAN), await place.lone.browser().get("/help")
    proven_at = place.portal.clock() - ago
    new = new_session(request_of(""), place.portal, profile.id, factors, Details(name="Jan", **details), proven_at)
    await place.portal.database.insert(new.row)
    browser.client.cookies.set("session", new.cookie, domain="pue.localhost", path="/")
    await browser.get(KEYS)
    assert browser.page.css_first('form[data-key="create"]') is None
    token = new_challenge(browser_request(browser), place.portal, f"passkey-made:{new.sid}")
    credential = Authenticator(ORIGIN).create(challenge_for(token))
    await browser.post(KEYS, token=token, credential=credential, name="x")
    assert browser.response.status_code == 200
    assert await stored(place, profile) == []


async def test_after_a_new_address_no_key_is_made_for_a_while(place: PortalWithMail) -> None:
    now = place.portal.clock()
    profile = await place.lone.has_profile(JAN, contact_changed_at=now - 3600)
    browser = await proven(place, await place.signed_in(profile, bank=False))
    assert "Twój adres e-mail zmienił się niedawno" in browser.words
    assert browser.page.css_first('form[data-key="create"]') is None
    await browser.post(KEYS, token="x", credential="{}", name="x")
    assert await stored(place, profile) == []


async def test_what_proves_nothing_is_answered_alike(place: PortalWithMail) -> None:
    key = Authenticator(ORIGIN)
    await with_passkey(place, key)
    browser = await place.lone.browser().get("/")
    first = browser.page
    right = used(first, key)
    answers = []

    async def tried(fields: dict[str, str]) -> None:
        await browser.post("/sign-in/passkey", **fields)
        answers.append((browser.response.status_code, browser.words))

    await tried(used(first, Authenticator(ORIGIN)))
    await tried(used(first, key, "https://evil.example"))
    key.verifies = False
    await tried(used(first, key))
    key.verifies = True
    handle, key.handle = key.handle, "bm9ib2R5"
    await tried(used(first, key))
    key.handle = handle
    await tried(right | {"credential": "[]"})
    stranger = await place.lone.browser().get("/")
    await stranger.post("/sign-in/passkey", **right)
    answers.append((stranger.response.status_code, stranger.words))
    assert set(answers) == {(422, answers[0][1])}
    fields = used(browser.page, key)
    await browser.post("/sign-in/passkey", **fields)
    assert browser.location.startswith("/entry/")
    await browser.get("/")
    await browser.post("/sign-in/passkey", **fields)
    assert browser.response.status_code == 422, "an assertion opens one thing"


async def test_a_removed_key_opens_nothing_not_even_what_it_began(place: PortalWithMail) -> None:
    key = Authenticator(ORIGIN)
    profile, browser = await with_passkey(place, key)
    inside = await enter(place.lone.browser(), key)
    under_way = await place.lone.browser().get("/")
    await under_way.post("/sign-in/passkey", **used(under_way.page, key))
    (kept,) = await stored(place, profile)
    other = await place.signed_in(await place.lone.has_profile(Person("Anna", "Nowak", "79090344729", "sub-anna")))
    await other.get(f"{KEYS}/{kept.id}/remove")
    assert other.response.status_code == 404
    await browser.get(f"{KEYS}/{kept.id}/remove")
    await browser.post(f"{KEYS}/{kept.id}/remove")
    assert browser.location == f"{KEYS}?done=removed"
    assert here(await browser.follow()) == KEYS
    await inside.get("/dashboard")
    assert inside.response.status_code == 303, "the session that it opened has ended"
    await under_way.follow()
    assert under_way.response.status_code == 410
    await enter(under_way, key)
    assert under_way.response.status_code == 422


async def test_a_closed_profile_has_no_keys(place: PortalWithMail) -> None:
    key = Authenticator(ORIGIN)
    profile, _ = await with_passkey(place, key)
    portal = place.portal
    present = await portal.profiles.by_id(profile.id)
    async with portal.audit.transaction() as (transaction, record):
        await close_profile(portal, transaction, record, portal.texts["pl"], present, ClosedBy.OPERATOR)
    assert await stored(place, profile) == []
    assert (await enter(place.lone.browser(), key)).response.status_code == 422
    assert "PasskeyEnded" in await place.lone.events()


async def test_an_untrusted_profile_is_proven_before_it_has_keys(place: PortalWithMail) -> None:
    """Whoever registered it may have been somebody else: the provider's word makes it trusted first."""
    profile = await place.lone.has_profile(JAN, state=ProfileState.UNTRUSTED, login="jan", password_hash="$argon2id$")
    browser = await proven(place, await place.signed_in(profile, bank=False))
    assert here(browser) == KEYS
    present = await place.portal.profiles.by_id(profile.id)
    assert present.profile.state is ProfileState.TRUSTED
    assert browser.page.css_first('form[data-key="create"]') is not None


async def test_switched_off_there_are_none(place: PortalWithMail) -> None:
    key = Authenticator(ORIGIN)
    profile, browser = await with_passkey(place, key)
    object.__setattr__(place.portal, "passkeys", None)
    await browser.get(KEYS)
    assert browser.response.status_code == 404
    await browser.get("/settings")
    assert browser.page.css_first(f'a[href="{KEYS}"]') is None
    first = await place.lone.browser().get("/")
    assert first.page.css_first("form[data-key]") is None
    await first.post("/sign-in/passkey", token="x", credential="{}")
    assert first.response.status_code == 404
    assert len(await stored(place, profile)) == 1, "they are off, and not ended"
