import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from poreka.systems.portal.rules.profile import ProfileState
from poreka.systems.portal.store.profiles import Profile
from tests.support.lone_portal import Browser
from tests.support.portal_with_mail import PortalWithMail, portal_with_mail
from tests.support.scripted_provider import Person
from tests.support.waiting import PATIENCE

LUKASZ = Person("Łukasz", "Żółć", "87100978037", "sub-lukasz")
LOGIN, PASSWORD, NEW = "4018273310", "zielona-Tama-40-lat", "nowe hasło nad jeziorem"


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        yield running


async def lukasz(place: PortalWithMail, **changes: object) -> Profile:
    given = {"login": LOGIN, "email": "lukasz@poczta.example", "state": ProfileState.UNTRUSTED, **changes}
    return await place.lone.has_profile(LUKASZ, password_hash=await place.portal.passwords.hash(PASSWORD), **given)


async def sign_in(place: PortalWithMail, login: str = LOGIN, password: str = PASSWORD) -> Browser:
    browser = await place.lone.browser().get("/")
    return await browser.post("/sign-in", login=login, password=password)


async def recovering(place: PortalWithMail, login: str = LOGIN) -> Browser:
    browser = await place.lone.browser().get("/password")
    await browser.post("/password", login=login)
    return await browser.follow()


def here(browser: Browser) -> str:
    return browser.response.url.path


async def test_an_untrusted_profile_enters_with_a_notice_and_the_general_tab_only(
    place: PortalWithMail,
) -> None:
    await lukasz(place)
    browser = await sign_in(place, login=f" {LOGIN} ")
    await (await browser.follow()).follow()
    assert here(browser) == "/dashboard"
    assert "nie jest potwierdzony" in browser.words
    assert [node.text() for node in browser.page.css(".p-tabs a")] == ["Ogólny"]
    assert len(browser.page.css(".p-tile")) == 2
    await browser.get("/dashboard/insured")
    assert browser.response.status_code == 403
    assert "przez swój bank" in browser.words


async def test_wrong_and_unknown_look_the_same(place: PortalWithMail) -> None:
    await lukasz(place)
    pages = [await sign_in(place, LOGIN, "zły"), await sign_in(place, "9999999999", "zły"),
             await sign_in(place, "<nikt>", "zły")]  # fmt: skip
    assert {page.response.status_code for page in pages} == {422}
    said = [page.page.css_first(".govuk-error-summary").text() for page in pages]
    assert len(set(said)) == 1
    assert all("zły" not in page.response.text for page in pages)
    assert [len(place.letters), len(await place.audited("SignInFailed"))] == [0, 3]


async def test_nothing_typed_costs_no_try(place: PortalWithMail) -> None:
    browser = await sign_in(place, "", "")
    assert [node.attributes["href"] for node in browser.page.css(".govuk-error-summary a")] == [
        "#login", "#password",
    ]  # fmt: skip


async def test_tries_are_slowed_and_then_locked_even_for_the_right_password(place: PortalWithMail) -> None:
    await lukasz(place)
    for _ in range(3):
        await sign_in(place, password="zły")
    assert "za 1 sekundę" in (await sign_in(place)).words
    for _ in range(7):
        place.advance(31)
        await sign_in(place, password="zły")
    place.advance(31)
    assert "zablokowane na 15 minut" in (await sign_in(place)).words
    place.advance(15 * 60)
    assert (await sign_in(place)).location.startswith("/entry/")


async def test_changed_regulations_come_before_the_session(place: PortalWithMail) -> None:
    await lukasz(place, terms_version="2025-03")
    browser = await (await sign_in(place)).follow()
    assert browser.page.css_first("form[action$='/terms']") is not None
    assert browser.client.cookies.get("session", domain="pue.localhost") is None


async def test_a_failed_try_can_be_reloaded(place: PortalWithMail) -> None:
    assert (await place.lone.browser().get("/sign-in?lang=en")).location == "/?lang=en"


async def test_a_forgotten_password_is_set_anew_and_every_session_ends(place: PortalWithMail) -> None:
    profile = await lukasz(place)
    elsewhere = await place.signed_in(profile, bank=False)
    browser = await recovering(place)
    assert "lukasz@" not in browser.response.text
    await browser.post(here(browser), code=place.code(), do="code")
    await browser.follow()
    await browser.post(here(browser), do="set", password="krótkie", password_again="krótkie")
    assert "12 znaków" in browser.words
    await browser.post(here(browser), do="set", password="Wiosna2026!!", password_again="Wiosna2026!!")
    assert "zbyt łatwe do odgadnięcia" in browser.words
    await browser.post(here(browser), do="set", password=NEW, password_again=NEW)
    assert "zostało zmienione" in (await browser.follow()).words
    assert place.letters[-1].recipient == "lukasz@poczta.example"
    assert (await elsewhere.get("/dashboard")).location == "/?notice=session_ended"
    assert "nieprawidłowe" in (await sign_in(place)).words
    assert (await sign_in(place, password=NEW)).location.startswith("/entry/")
    assert len(await place.audited("PasswordChanged")) == 1


async def moving(browser: Browser, email: str, present: str) -> Browser:
    """The form of the settings, sent with another address."""
    await browser.get("/settings")
    version = browser.page.css_first("input[name=version]").attributes["value"]
    sent = {"phone": "", "email": email, "version": version, "present_password": present}
    return await browser.post("/settings", **sent)


async def test_an_open_session_alone_moves_no_address(place: PortalWithMail) -> None:
    """The recovery mailbox is moved by who knows the password, and holds the new mailbox."""
    profile = await lukasz(place)
    browser = await place.signed_in(profile, bank=False)
    for present in ("", "nie-to-haslo-nigdy-9"):
        place.advance(60)
        await moving(browser, "obcy@poczta.example", present)
        assert browser.response.status_code == 422
        assert "obecne hasło" in browser.words
    assert not place.letters, "no code goes to anybody"
    assert (await place.portal.profiles.by_id(profile.id)).email == "lukasz@poczta.example"


async def test_a_new_address_recovers_no_password_for_a_day(place: PortalWithMail) -> None:
    profile = await lukasz(place)
    browser = await place.signed_in(profile, bank=False)
    await moving(browser, "nowy@poczta.example", PASSWORD)
    await browser.follow()
    await browser.post(here(browser), code=place.code(), do="code")
    assert [letter.recipient for letter in place.letters[1:]] == ["lukasz@poczta.example", "nowy@poczta.example"]
    recovery = await recovering(place)
    await recovery.post(here(recovery), code=place.code(), do="code")
    assert "nie można teraz odzyskać" in (await recovery.follow()).words
    place.advance(24 * 3600)
    recovery = await recovering(place)
    await recovery.post(here(recovery), code=place.code(), do="code")
    await (await recovery.follow()).post(here(recovery), do="set", password=NEW, password_again=NEW)
    assert "zostało zmienione" in (await recovery.follow()).words


async def test_an_unknown_login_sees_the_same_and_nothing_is_sent(place: PortalWithMail) -> None:
    await lukasz(place)
    known, unknown = await recovering(place), await recovering(place, "9999999999")
    assert known.words == unknown.words
    assert len(place.letters) == 1
    for browser in (known, unknown):
        await browser.post(here(browser), code="123456" if place.code() != "123456" else "654321", do="code")
    assert known.words == unknown.words


async def test_what_became_of_the_message_tells_nobody_that_there_is_such_a_login(place: PortalWithMail) -> None:
    await lukasz(place)
    known, unknown = await recovering(place), await recovering(place, "9999999999")
    now = place.lone.moment[0]
    for dispatched, failed in ((now, None), (None, now)):
        await place.portal.database.run("UPDATE outbox SET dispatched_at = $1, failed_at = $2", dispatched, failed)
        pages = [(await one.get(here(one))).words for one in (known, unknown)]
        assert pages[0] == pages[1]
        assert "zlecono" in pages[0]


async def test_an_unknown_login_expires_like_a_known_one(place: PortalWithMail) -> None:
    browser = await recovering(place, "9999999999")
    async with asyncio.timeout(PATIENCE):  # until the portal's worker has handed the message to nobody
        sent = "SELECT id FROM operations WHERE dispatched_at IS NOT NULL"
        while not await place.portal.database.all(sent):  # noqa: ASYNC110 - another task does it
            await asyncio.sleep(0.01)
    place.advance(5 * 60)
    assert "Czas na wpisanie kodu minął" in (await browser.get(here(browser))).words
    await browser.post(here(browser), do="again")
    assert "poprzedni już nie działa" in (await browser.follow()).words


async def test_a_new_code_may_be_asked_for(place: PortalWithMail) -> None:
    await lukasz(place)
    for login in (LOGIN, "9999999999"):
        browser = await recovering(place, login)
        place.advance(31)
        await browser.post(here(browser), do="again")
        assert "poprzedni już nie działa" in (await browser.follow()).words
    assert len(place.letters) == 2


async def test_three_wrong_codes_leave_the_password_as_it_was(place: PortalWithMail) -> None:
    await lukasz(place)
    browser = await recovering(place)
    wrong = "000000" if place.code() != "000000" else "000001"
    for _ in range(3):
        await browser.post(here(browser), code=wrong, do="code")
    assert "Hasło jest takie jak było" in (await browser.follow()).words
    assert (await sign_in(place)).location.startswith("/entry/")


async def test_the_password_step_cannot_be_jumped_to(place: PortalWithMail) -> None:
    await lukasz(place)
    browser = await recovering(place)
    await browser.post(here(browser), do="set", password=NEW, password_again=NEW)
    assert "sześć cyfr" in browser.words
    assert "nieprawidłowe" in (await sign_in(place, password=NEW)).words


async def test_letters_for_one_login_are_counted(place: PortalWithMail) -> None:
    await lukasz(place)
    for _ in range(3):
        await recovering(place)
    browser = await place.lone.browser().get("/password")
    await browser.post("/password", login=LOGIN)
    assert "Zbyt wiele prób" in browser.words
    assert len(place.letters) == 3


async def test_a_closed_profile_gets_no_letter(place: PortalWithMail) -> None:
    await lukasz(place, state=ProfileState.CLOSED, closed_at=1)
    assert "Wpisz kod" in (await recovering(place)).words
    assert place.letters == []


async def test_ten_codes_for_one_login_are_all_there_are_in_a_day(place: PortalWithMail) -> None:
    """Each recovery gives three guesses at six digits: without a limit by the day they would add up."""
    await lukasz(place)
    for _ in range(10):
        await recovering(place)
        place.advance(31)
    assert len(place.letters) == 10
    browser = await place.lone.browser().get("/password")
    await browser.post("/password", login=f" {LOGIN} ")
    assert "za 24 godziny albo wejdź przez swój bank" in browser.words
    place.advance(23 * 3600)
    await browser.post("/password", login=LOGIN)
    assert "za 1 godzinę" in browser.words
    place.advance(3600)
    await recovering(place)
    assert len(place.letters) == 11
