import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.rules.people.pesel import Pesel
from poreka.systems.portal.rules.profile import ProfileState
from tests.support.lone_portal import TERMS, Browser
from tests.support.portal_with_mail import PortalWithMail, portal_with_mail
from tests.support.scripted_provider import Person

PESEL = "91012248438"
GOOD = {
    "first_name": "Piotr",
    "surname": "Wiśniewski",
    "pesel": PESEL,
    "phone": "",
    "email": "piotr@poczta.example",
    "password": "zielona tama nad rzeką",
    "password_again": "zielona tama nad rzeką",
    "terms_version": TERMS,
    "regulations": "yes",
    "contact_data": "yes",
}


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        yield running


async def registering(place: PortalWithMail, **changes: str) -> Browser:
    """A browser at the page that asks for the code."""
    browser = await place.lone.browser().get("/register")
    await browser.post("/register", **{**GOOD, **changes})
    return await browser.follow()


def here(browser: Browser) -> str:
    return browser.response.url.path


async def give(browser: Browser, code: str) -> Browser:
    await browser.post(here(browser), code=code, do="code")
    return await browser.follow() if browser.response.status_code == 303 else browser


async def test_a_right_code_makes_an_untrusted_profile_with_a_login(place: PortalWithMail) -> None:
    browser = await registering(place, electronic_information="yes", phone="600700800")
    assert "piotr@poczta.example" in browser.words
    assert await place.portal.profiles.by_pesel(Pesel(PESEL)) is None
    await give(browser, place.code())
    profile = await place.portal.profiles.by_pesel(Pesel(PESEL))
    assert profile.profile.state is ProfileState.UNTRUSTED
    assert (profile.phone, profile.email, profile.electronic_information) == (
        "+48600700800",
        GOOD["email"],
        True,
    )
    assert len(profile.login) == 10
    assert profile.login in browser.words
    welcome = place.letters[-1]
    assert welcome.recipient == GOOD["email"]
    assert profile.login in welcome.body
    assert await place.lone.events() == [
        "OperationIssued", "OperationAuthorised", "ProfileCreated", "TermsAccepted",
    ]  # fmt: skip
    assert await place.portal.passwords.matches(profile.password_hash, GOOD["password"])


async def stands(place: PortalWithMail, browser: Browser, *, dispatched: bool, failed: bool) -> str:
    """What the page says when that became of its message, whatever the portal's own worker made of it meanwhile."""
    now = place.lone.moment[0]
    await place.portal.database.run(
        "UPDATE outbox SET dispatched_at = $1, failed_at = $2",
        now if dispatched else None,
        now if failed else None,
    )
    return (await browser.get(here(browser))).words


async def test_the_page_says_how_its_message_stands_and_what_to_do(place: PortalWithMail) -> None:
    browser = await registering(place)
    sent = await stands(place, browser, dispatched=True, failed=False)
    assert re.search(r"wysłano \d\d:\d\d", sent)
    assert "Sprawdź, czy e-mail" not in sent
    failed = await stands(place, browser, dispatched=False, failed=True)
    for said in ("Nie udało się wysłać e-maila", "nie wysłano", "Wyślij nowy kod"):
        assert said in failed


async def test_nothing_that_was_typed_lies_open(place: PortalWithMail, tmp_path: Path) -> None:
    await registering(place)
    raw = b"".join(path.read_bytes() for path in tmp_path.rglob("*.db*"))  # noqa: ASYNC240  nothing else runs
    for typed in (PESEL, GOOD["password"], GOOD["email"], place.code()):
        assert typed.encode() not in raw


async def test_all_faults_come_at_once_and_passwords_never_come_back(place: PortalWithMail) -> None:
    browser = await place.lone.browser().get("/register")
    wrong = {
        "first_name": " ",
        "surname": "123",
        "pesel": "851212569836",
        "phone": "12",
        "email": "x",
    }
    await browser.post("/register", **{**GOOD, **wrong, "regulations": ""})
    assert browser.response.status_code == 422
    linked = {node.attributes["href"] for node in browser.page.css(".govuk-error-summary a")}
    assert linked == {"#first_name", "#surname", "#pesel", "#phone", "#email", "#regulations"}
    assert GOOD["password"] not in browser.response.text
    assert browser.page.css_first("#surname").attributes["value"] == "123"
    assert place.letters == []


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("krótkie", "12 znaków"),
        ("mój wiśniewski płot", "nazwiska"),
        ("moje 22-01-1991 lato", "daty urodzenia"),
        ("moje lato 48438", "numeru PESEL"),
        ("Wiosna2026!!", "zbyt łatwe"),
        ("zaq1@WSXcde3", "zbyt łatwe"),
    ],
)
async def test_a_password_that_anyone_could_guess_is_refused(place: PortalWithMail, password: str, said: str) -> None:
    browser = await place.lone.browser().get("/register")
    await browser.post("/register", **{**GOOD, "password": password, "password_again": password})
    assert said in browser.words


async def test_passwords_must_be_equal(place: PortalWithMail) -> None:
    browser = await place.lone.browser().get("/register")
    await browser.post("/register", **{**GOOD, "password_again": "inne hasło do profilu"})
    assert "Hasła się różnią" in browser.words


async def test_three_wrong_codes_end_it_and_nothing_is_made(place: PortalWithMail) -> None:
    browser = await registering(place)
    wrong = "000000" if place.code() != "000000" else "000001"
    assert "Zostały 2 próby" in (await give(browser, wrong)).words
    assert "Została 1 próba" in (await give(browser, wrong)).words
    assert "przerwana" in (await give(browser, wrong)).words
    ended = here(browser)
    await browser.get("/register")  # a page with a form token
    await browser.post(ended, code=place.code(), do="code")
    assert "przerwana" in (await browser.follow()).words
    assert await place.portal.profiles.by_pesel(Pesel(PESEL)) is None
    assert len(await place.audited("CodeRefused")) == 3


async def test_what_is_no_code_costs_no_try(place: PortalWithMail) -> None:
    browser = await registering(place)
    assert "sześć cyfr" in (await give(browser, "12ab")).words
    assert await place.audited("CodeRefused") == []


async def test_a_new_code_kills_the_old_one(place: PortalWithMail) -> None:
    browser = await registering(place)
    old = place.code()
    await browser.post(here(browser), do="again", code="")
    assert "za 30 s" in browser.words
    place.advance(31)
    await browser.post(here(browser), do="again", code="")
    assert "poprzedni już nie działa" in (await browser.follow()).words
    if old != place.code():
        assert "To nie jest ten kod" in (await give(browser, old)).words
    assert "Twój login" in (await give(browser, place.code())).words


async def test_an_expired_code_only_needs_a_new_one(place: PortalWithMail) -> None:
    browser = await registering(place)
    operation = (await place.portal.database.one("SELECT id FROM operations"))["id"]
    await place.portal.database.run("UPDATE operations SET expires_at = $1", place.lone.moment[0] + 10)
    place.advance(11)
    await browser.get(here(browser))
    assert "Czas na wpisanie kodu minął" in browser.words
    await browser.post(here(browser), do="again")
    await browser.follow()
    assert "Twój login" in (await give(browser, place.code())).words
    assert (await place.portal.operations.load(operation)).operation.state.value == "issued"


async def test_half_an_hour_later_it_is_stale(place: PortalWithMail) -> None:
    browser = await registering(place)
    place.advance(30 * 60)
    await browser.get(here(browser))
    assert browser.response.status_code == 410


async def test_another_browser_cannot_go_on_with_it(place: PortalWithMail) -> None:
    mine = await registering(place)
    other = await place.lone.browser().get("/register")
    await other.get(here(mine))
    assert other.response.status_code == 410
    await other.get(f"/register?journey={here(mine).rpartition('/')[2]}")
    assert other.response.status_code == 410


async def test_going_back_shows_what_was_typed_but_for_passwords(place: PortalWithMail) -> None:
    browser = await registering(place)
    back = browser.page.css_first("a.govuk-back-link").attributes["href"]
    await browser.get(back)
    assert browser.page.css_first("#pesel").attributes["value"] == PESEL
    assert not browser.page.css_first("#password").attributes.get("value")


async def test_a_pesel_that_has_a_profile_is_refused_without_a_reason(place: PortalWithMail) -> None:
    owner = await place.lone.has_profile(Person(), pesel=PESEL, email="owner@poczta.example")
    browser = await registering(place, email="stranger@obcy.example")
    assert "Wpisz kod" in browser.words  # the same page as for anyone
    await give(browser, place.code())
    assert "nie można dokończyć" in browser.words
    assert "owner@" not in browser.response.text
    assert place.letters[-1].recipient == "owner@poczta.example"
    assert await place.audited("RegistrationRefused") == ['{"reason":"profile_trusted"}']
    assert await place.portal.profiles.count() == 1
    assert (await place.portal.profiles.by_id(owner.id)) == owner
    assert "nie można dokończyć" in (await browser.get(here(browser))).words


async def test_the_owner_of_a_closed_profile_gets_the_same_page_and_no_letter(place: PortalWithMail) -> None:
    await place.lone.has_profile(Person(), pesel=PESEL, state=ProfileState.CLOSED, closed_at=1)
    browser = await registering(place)
    await give(browser, place.code())
    assert "nie można dokończyć" in browser.words
    assert len(place.letters) == 1  # the code


async def test_two_tabs_make_one_profile(place: PortalWithMail) -> None:
    browser = await registering(place)
    code, address = place.code(), here(browser)
    await browser.post(address, code=code, do="code")
    await browser.get("/register")  # a page with a form token
    await browser.post(address, code=code, do="code")
    assert "Twój login" in (await browser.follow()).words
    assert await place.portal.profiles.count() == 1


async def test_codes_to_one_address_are_counted(place: PortalWithMail) -> None:
    for _ in range(3):
        await registering(place)
    browser = await place.lone.browser().get("/register")
    await browser.post("/register", **GOOD)
    assert browser.response.status_code == 422
    assert "Zbyt wiele prób" in browser.words
    assert len(place.letters) == 3


async def test_a_code_that_is_left_to_expire_brings_no_uncounted_one(place: PortalWithMail) -> None:
    """Each operation has new tries and new letters, so waiting for its end must not be a way around the count."""
    for _ in range(9):
        await registering(place)
        place.advance(31)
    browser = await registering(place)
    letters = len(place.letters)
    await place.portal.database.run("UPDATE operations SET expires_at = $1", place.lone.moment[0] + 10)
    place.advance(11)
    await browser.get(here(browser))
    await browser.post(here(browser), do="again")
    assert browser.response.status_code == 422
    assert "24 godz" in browser.words
    assert len(place.letters) == letters


async def test_regulations_that_changed_meanwhile_are_asked_anew(place: PortalWithMail) -> None:
    browser = await place.lone.browser().get("/register")
    await browser.post("/register", **{**GOOD, "terms_version": "2020-01"})
    assert "Regulamin zmienił się" in browser.words
