from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.rules.levels import Factor, Level
from poreka.rules.people.pesel import Pesel
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.store.sessions import Session
from poreka.systems.portal.rules.entry import EntryState
from poreka.systems.portal.rules.entry_record import KIND, ByPassword, EntryRecord, written
from poreka.systems.portal.rules.profile import ProfileState
from poreka.systems.portal.store.profiles import Profile
from poreka.web.sessions import Details, details_of, new_session
from tests.support.asgi import request_of
from tests.support.lone_portal import ORIGIN, TERMS, Browser, LonePortal, lone_portal
from tests.support.scripted_provider import Person

BANK = "http://millenet.localhost:8000"
JAN = Person()
ANNA = Person("Anna", "Nowak-Zielińska", "79090344729", "sub-anna")
TICKED = {"terms_version": TERMS, "regulations": "yes", "contact_data": "yes"}
GOOD = {"phone": "600700800", "email": "jan@poczta.example", "email_again": "jan@poczta.example", **TICKED}


@pytest_asyncio.fixture
async def lone(tmp_path: Path) -> AsyncIterator[LonePortal]:
    async with lone_portal(tmp_path) as running:
        yield running


async def at_entry(lone: LonePortal, person: Person = JAN, browser: Browser | None = None) -> Browser:
    """A browser whose person the provider has just vouched for, at the first page of the entry."""
    lone.provider.person = person
    browser = await (browser or lone.browser()).get("/banks")
    await browser.post("/banks/millenet")
    await browser.get(f"/callback/millenet?{lone.provider.signs_in(browser.location)}")
    return await browser.follow()


def address(browser: Browser) -> str:
    return browser.response.url.path.removesuffix("/form").removesuffix("/terms")


async def session_behind(lone: LonePortal, browser: Browser) -> Session | None:
    cookie = browser.client.cookies.get("session", domain="pue.localhost")
    return await lone.portal.sessions.by_cookie(cookie) if cookie else None


async def test_the_first_entry_shows_the_facts_locked_and_no_box_ticked(lone: LonePortal) -> None:
    browser = await at_entry(lone)
    for word in ("Jan", "Kowalski", "83041741039", "§ 9."):
        assert word in browser.words
    names = {node.attributes.get("name") for node in browser.page.css("main form input")}
    assert names == {*GOOD, "electronic_information", "csrf_token"}
    assert not browser.page.css("input[checked]")


async def test_the_form_makes_a_trusted_profile_and_signs_the_person_in(lone: LonePortal) -> None:
    browser = await at_entry(lone)
    await browser.post(f"{address(browser)}/form", **GOOD, electronic_information="yes")
    assert browser.location == "/dashboard"
    profile = await lone.portal.profiles.by_pesel(Pesel(str(JAN.pesel)))
    assert profile is not None
    assert profile.profile.state is ProfileState.TRUSTED
    assert (profile.profile.trusted_by, profile.profile.terms_version) == (BANK, TERMS)
    assert (profile.phone, profile.email, profile.electronic_information) == (
        "+48600700800",
        "jan@poczta.example",
        True,
    )
    assert profile.last_entry_at == lone.moment[0]
    session = await session_behind(lone, browser)
    assert session is not None
    assert session.person_id == profile.id
    assert (details_of(session).name, details_of(session).issuer) == ("Jan Kowalski", BANK)
    assert details_of(session).acr.endswith("/substantial")
    resting = await lone.portal.federated_sessions.of_session(session.sid)
    assert resting is not None
    assert resting.provider_sid == "provider-session-1"
    accepted = await lone.portal.terms_acceptances.of_profile(profile.id)
    assert accepted[0].boxes == ("regulations", "contact_data", "electronic_information")
    assert await lone.events() == ["ProfileCreated", "TermsAccepted", "PersonEntered"]


async def test_what_was_typed_survives_every_error(lone: LonePortal) -> None:
    browser = await at_entry(lone)
    wrong = {"phone": "600 700", "email": "jan@poczta.example", "email_again": "inny@poczta.example"}
    await browser.post(f"{address(browser)}/form", **wrong, terms_version=TERMS, contact_data="yes")
    assert browser.response.status_code == 422
    for name, value in wrong.items():
        node = browser.page.css_first(f"#{name}")
        assert node is not None
        assert node.attributes["value"] == value
    assert [n.attributes["name"] for n in browser.page.css("input[checked]")] == ["contact_data"]
    links = [node.attributes["href"] for node in browser.page.css(".govuk-error-summary a")]
    assert links == ["#phone", "#email_again", "#regulations"]
    assert await lone.portal.profiles.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "jan"}, "email"),
        ({"email_again": ""}, "email_again"),
        ({"regulations": ""}, "regulations"),
        ({"contact_data": ""}, "contact_data"),
        ({"phone": "12345678a"}, "phone"),
    ],
)
async def test_each_fault_stands_beside_its_field(lone: LonePortal, changes: dict[str, str], field: str) -> None:
    browser = await at_entry(lone)
    await browser.post(f"{address(browser)}/form", **{**GOOD, **changes})
    assert browser.response.status_code == 422
    assert browser.page.css_first(f"#{field}-error") is not None


async def test_regulations_that_changed_meanwhile_are_shown_again(lone: LonePortal) -> None:
    browser = await at_entry(lone)
    await browser.post(f"{address(browser)}/form", **{**GOOD, "terms_version": "2020-01"})
    assert browser.response.status_code == 422
    assert "Regulamin zmienił się" in browser.words


@pytest.mark.parametrize("sent", ["pesel", "first_name", "given_name"])
async def test_the_locked_facts_are_not_taken_from_the_form(lone: LonePortal, sent: str) -> None:
    browser = await at_entry(lone)
    await browser.post(f"{address(browser)}/form", **GOOD, **{sent: "79090344729"})
    assert browser.response.status_code == 400
    assert await lone.portal.profiles.count() == 0


async def test_phone_is_optional_and_optional_box_may_stay_empty(lone: LonePortal) -> None:
    browser = await at_entry(lone)
    await browser.post(f"{address(browser)}/form", **{**GOOD, "phone": ""})
    profile = await lone.portal.profiles.by_pesel(Pesel(str(JAN.pesel)))
    assert profile is not None
    assert (profile.phone, profile.electronic_information) == (None, False)


async def test_giving_up_makes_nothing_and_forgets_the_facts(lone: LonePortal) -> None:
    browser = await at_entry(lone)
    entry = address(browser)
    await browser.post(f"{entry}/cancel")
    assert browser.location == "/not-signed-in/millenet/left"
    assert (await browser.get(entry)).response.status_code == 410
    assert await lone.portal.profiles.count() == 0


async def test_a_known_trusted_profile_goes_straight_in(lone: LonePortal) -> None:
    await lone.has_profile(JAN)
    browser = await at_entry(lone)
    assert browser.location == "/dashboard"
    assert await session_behind(lone, browser) is not None
    assert await lone.events() == ["PersonEntered"]


async def test_a_plain_entry_needs_no_second_factor(lone: LonePortal) -> None:
    await lone.has_profile(JAN)
    lone.provider.acr = "http://eidas.europa.eu/LoA/low"
    assert (await at_entry(lone)).location == "/dashboard"


async def test_the_bank_s_target_is_where_the_entry_ends(lone: LonePortal) -> None:
    await lone.has_profile(JAN)
    browser = await lone.browser().get(f"/initiate?iss={BANK}&target_link_uri={ORIGIN}/documents")
    await browser.get(f"/callback/millenet?{lone.provider.signs_in(browser.location)}")
    await browser.follow()
    assert browser.location == f"{ORIGIN}/documents"


async def test_names_are_compared_as_the_rules_say_and_no_looser(lone: LonePortal) -> None:
    await lone.has_profile(ANNA, surname="NOWAK  ZIELIŃSKA")
    assert (await at_entry(lone, ANNA)).location == "/dashboard"


async def test_changed_regulations_come_first_then_in(lone: LonePortal) -> None:
    before = await lone.has_profile(JAN, terms_version="2025-03", electronic_information=True)
    browser = await at_entry(lone)
    assert "Regulamin się zmienił" in browser.words
    assert not browser.page.css("input[checked]")
    await browser.post(f"{address(browser)}/terms", terms_version=TERMS, regulations="yes")
    assert browser.response.status_code == 422
    await browser.post(f"{address(browser)}/terms", **TICKED)
    assert browser.location == "/dashboard"
    after = await lone.portal.profiles.by_id(before.id)
    assert after is not None
    assert (after.profile.terms_version, after.electronic_information) == (TERMS, False)
    assert await lone.events() == ["TermsAccepted", "PersonEntered"]


async def test_declining_leaves_the_person_out_and_the_profile_as_it_was(lone: LonePortal) -> None:
    before = await lone.has_profile(JAN, terms_version="2025-03")
    browser = await at_entry(lone)
    entry, page = address(browser), browser.response
    await browser.post(f"{entry}/decline")
    await browser.follow()
    assert "Nie zaakceptowano" in browser.words
    assert await session_behind(lone, browser) is None
    assert await lone.portal.profiles.by_id(before.id) == before
    assert await lone.events() == ["TermsDeclined"]
    browser.response = page
    await browser.post(f"{entry}/terms", **TICKED)
    await browser.follow()
    assert "Nie zaakceptowano" in browser.words


@pytest.mark.parametrize("terms", [TERMS, "2025-03"])
async def test_an_untrusted_profile_with_equal_data_becomes_trusted(lone: LonePortal, terms: str) -> None:
    before = await lone.has_profile(JAN, state=ProfileState.UNTRUSTED, terms_version=terms)
    browser = await at_entry(lone)
    assert "Potwierdzenie profilu" in browser.words
    assert before.email not in browser.response.text
    entry = address(browser)
    await browser.post(f"{entry}/terms", **TICKED)
    assert browser.location == entry, "contact data are asked for with the regulations"
    await browser.get(entry)
    await browser.post(f"{entry}/form", **{**GOOD, "email": "nowy@poczta.example"})
    assert browser.response.status_code == 422
    await browser.post(f"{entry}/form", **GOOD)
    assert browser.location == "/dashboard"
    after = await lone.portal.profiles.by_id(before.id)
    assert after is not None
    assert (after.profile.state, after.profile.trusted_by) == (ProfileState.TRUSTED, BANK)
    assert (after.phone, after.email, after.profile.terms_version) == ("+48600700800", GOOD["email"], TERMS)
    assert "ProfileTrusted" in await lone.events()


@pytest.mark.parametrize("state", [ProfileState.UNTRUSTED, ProfileState.TRUSTED])
async def test_data_that_differ_are_refused_without_a_recorded_value(lone: LonePortal, state: ProfileState) -> None:
    before = await lone.has_profile(JAN, state=state, surname="Kowalewski")
    browser = await at_entry(lone)
    assert browser.response.status_code == 403
    differing = [node.text(strip=True) for node in browser.page.css("main ul")[0].css("li")]
    assert differing == ["Nazwisko"]
    assert "Kowalewski" not in browser.response.text
    assert await lone.portal.profiles.by_id(before.id) == before
    again = await browser.get(address(browser))
    assert again.response.status_code == 403
    assert await lone.events() == ["EntryRefused"]


async def test_a_pesel_that_the_bank_changed_is_a_difference_not_a_stranger(lone: LonePortal) -> None:
    await lone.has_profile(JAN)
    assert (await at_entry(lone)).location == "/dashboard"
    browser = await at_entry(lone, Person(pesel="79090344729"))
    assert browser.response.status_code == 403
    assert "Numer PESEL" in browser.words
    assert str(JAN.pesel) not in browser.response.text


async def test_the_register_is_asked_too(lone: LonePortal) -> None:
    await lone.is_insured(JAN, "Kowalewski")
    browser = await at_entry(lone)
    assert browser.response.status_code == 403
    assert "rejestrze ubezpieczonych" in browser.words
    assert await lone.portal.profiles.count() == 0


async def test_a_closed_profile_stays_closed(lone: LonePortal) -> None:
    await lone.has_profile(JAN, state=ProfileState.CLOSED, closed_at=1)
    browser = await at_entry(lone)
    assert browser.response.status_code == 403
    assert "zamknięty" in browser.words


async def test_two_tabs_that_register_the_same_person_end_in_one_profile(lone: LonePortal) -> None:
    one = await at_entry(lone)
    first = address(one)
    two = await at_entry(lone, browser=one)
    second = address(two)
    await one.post(f"{first}/form", **GOOD)
    assert one.location == "/dashboard"
    assert (await one.get(second)).response.status_code == 410, "the other tab's journey is of before the sign-in"
    assert await lone.portal.profiles.count() == 1
    assert (await lone.events()).count("ProfileCreated") == 1


async def test_a_double_click_on_the_form_is_told_it_is_stale_and_its_address_leads_in(lone: LonePortal) -> None:
    browser = await at_entry(lone)
    entry, page = address(browser), browser.response
    await browser.post(f"{entry}/form", **GOOD)
    browser.response = page
    await browser.post(f"{entry}/form", **GOOD)
    assert browser.response.status_code == 403, "the browser has another secret since the first click"
    await browser.get(entry)
    assert browser.location == "/dashboard"


async def test_an_entry_belongs_to_one_browser_and_lasts_half_an_hour(lone: LonePortal) -> None:
    browser = await at_entry(lone)
    stranger = await lone.browser().get("/banks")
    assert (await stranger.get(address(browser))).response.status_code == 410
    await stranger.post(f"{address(browser)}/form", **GOOD)
    lone.moment[0] += 30 * 60
    assert (await browser.get(address(browser))).response.status_code == 410


async def test_a_session_planted_before_is_not_the_one_after(lone: LonePortal) -> None:
    await lone.has_profile(JAN)
    browser = await at_entry(lone)
    earlier = browser.client.cookies.get("session", domain="pue.localhost")
    await at_entry(lone, browser=browser)
    later = browser.client.cookies.get("session", domain="pue.localhost")
    assert earlier != later
    assert await lone.portal.sessions.by_cookie(str(earlier)) is None
    assert await lone.events() == ["PersonEntered", "SignedOut", "PersonEntered"]


async def test_what_ended_holds_no_facts_any_more(lone: LonePortal) -> None:
    browser = await at_entry(lone)
    entry = address(browser)
    await browser.post(f"{entry}/form", **GOOD)
    row = await lone.portal.database.one("SELECT id, state FROM journeys")
    assert row is not None
    opened = lone.portal.seal.unseal(row["state"], f"journeys.state:{row['id']}")
    assert str(JAN.pesel).encode() not in opened
    assert b"Kowalski" not in opened


async def test_a_form_s_address_leads_back_to_its_step(lone: LonePortal) -> None:
    browser = await at_entry(lone)
    await browser.get(f"{address(browser)}/form?lang=en")
    await browser.follow()
    assert "Register at the portal" in browser.words


async def after_password(lone: LonePortal, profile: Profile) -> Browser:
    """A browser whose person gave the profile's login and password (the flow of own profiles leads here)."""
    browser = await lone.browser().get("/banks")
    now, secret = lone.moment[0], str(browser.client.cookies.get("browser", domain="pue.localhost"))
    state = EntryState(issuer=None, expires_at=now + 1800, level=Level.LOW)
    await lone.portal.database.run("UPDATE profiles SET password_hash = $2 WHERE id = $1", profile.id, "hash")
    record = EntryRecord(state=state, person=ByPassword(profile_id=profile.id, password_hash="hash"))
    journey = Journey(
        id=lone.portal.fresh.id(),
        kind=KIND,
        browser_hash=secret_hash(secret),
        state=written(record),
        created_at=now,
        expires_at=now + 1800,
    )
    await lone.portal.database.insert(lone.portal.journeys.adding(journey))
    return await browser.get(f"/entry/{journey.id}")


async def test_after_the_portal_s_own_password_an_untrusted_profile_stays_untrusted(lone: LonePortal) -> None:
    profile = await lone.has_profile(JAN, state=ProfileState.UNTRUSTED)
    browser = await after_password(lone, profile)
    assert browser.location == "/dashboard"
    session = await session_behind(lone, browser)
    assert session is not None
    assert session.factors == (Factor.PASSWORD,)
    assert await lone.portal.federated_sessions.of_session(session.sid) is None
    after = await lone.portal.profiles.by_id(profile.id)
    assert after is not None
    assert after.profile.state is ProfileState.UNTRUSTED


async def test_after_a_password_the_regulations_come_first_too(lone: LonePortal) -> None:
    browser = await after_password(lone, await lone.has_profile(JAN, terms_version="2025-03"))
    await browser.post(f"{address(browser)}/terms", **TICKED)
    assert browser.location == "/dashboard"
    assert await lone.events() == ["TermsAccepted", "PersonEntered"]


async def test_after_a_password_there_is_nothing_to_register(lone: LonePortal) -> None:
    browser = await after_password(lone, await lone.has_profile(JAN, terms_version="2025-03"))
    entry, page = address(browser), browser.response
    for path in ("form", "cancel"):
        browser.response = page
        await browser.post(f"{entry}/{path}", **(GOOD if path == "form" else {}))
        assert browser.location == entry


async def test_a_password_does_not_open_a_closed_profile(lone: LonePortal) -> None:
    closed = await lone.has_profile(JAN, state=ProfileState.CLOSED, closed_at=1)
    assert (await after_password(lone, closed)).response.status_code == 403


async def test_a_profile_registered_by_somebody_else_is_theirs_no_more(lone: LonePortal) -> None:
    """Whoever registers in another's name and waits gains nothing (account pre-hijacking)."""
    before = await lone.has_profile(JAN, state=ProfileState.UNTRUSTED, login="4018200001", password_hash="a hash")
    stranger = new_session(request_of(""), lone.portal, before.id, (Factor.PASSWORD,), Details(name="Jan Kowalski"))
    await lone.portal.database.insert(stranger.row)
    browser = await at_entry(lone)
    await browser.post(f"{address(browser)}/form", **GOOD)
    assert browser.location == "/dashboard?notice=trusted"
    after = await lone.portal.profiles.by_id(before.id)
    assert after is not None
    assert (after.login, after.password_hash) == (None, None)
    assert await lone.portal.sessions.by_cookie(stranger.cookie) is None
