from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from poreka.relying.sign_in.provider_exchange import begin_at
from poreka.store.fresh import secret_hash
from tests.support.lone_portal import NOW, ORIGIN, Browser, LonePortal, lone_portal
from tests.support.scripted_provider import LOW, SUBSTANTIAL, Person, fresh_key

BANK = "http://millenet.localhost:8000"


@pytest_asyncio.fixture
async def lone(tmp_path: Path) -> AsyncIterator[LonePortal]:
    async with lone_portal(tmp_path) as running:
        yield running


async def sent_to_bank(lone: LonePortal) -> Browser:
    """A browser that chose the bank on the list."""
    browser = await lone.browser().get("/banks")
    await browser.post("/banks/millenet")
    assert browser.location.startswith(f"{BANK}/authorize?client_id=pue&request_uri=")
    return browser


async def back(lone: LonePortal, browser: Browser, query: str | None = None) -> Browser:
    return await browser.get(f"/callback/millenet?{query or lone.provider.signs_in(browser.location)}")


async def test_the_question_carries_what_the_profile_demands(lone: LonePortal) -> None:
    await sent_to_bank(lone)
    asked = lone.provider.asked[0]
    assert asked["redirect_uri"] == f"{ORIGIN}/callback/millenet"
    assert asked["code_challenge_method"] == "S256"
    assert asked["ui_locales"] == "pl"
    assert {"state", "nonce", "claims", "client_assertion"} <= asked.keys()


async def test_who_comes_back_vouched_for_has_an_entry_of_their_own(lone: LonePortal) -> None:
    browser = await back(lone, await sent_to_bank(lone))
    assert browser.location.startswith("/entry/")


async def test_a_provider_that_wants_its_nonce_gets_it_once_at_each_endpoint(lone: LonePortal) -> None:
    lone.provider.wants_nonce = True
    browser = await back(lone, await sent_to_bank(lone))
    assert browser.location.startswith("/entry/")
    assert [lone.provider.calls.count(path) for path in ("/par", "/token", "/me")] == [2, 2, 2]


async def test_an_unknown_key_has_the_keys_fetched_once_more(lone: LonePortal) -> None:
    first = await back(lone, await sent_to_bank(lone))
    assert first.location.startswith("/entry/")
    lone.moment[0] += 31
    lone.provider.key = fresh_key("second")
    again = await back(lone, await sent_to_bank(lone))
    assert again.location.startswith("/entry/")
    assert lone.provider.calls.count("/jwks") == 2


async def test_a_key_that_is_nowhere_published_is_the_provider_s_fault(lone: LonePortal) -> None:
    lone.provider.published = fresh_key("another")
    browser = await back(lone, await sent_to_bank(lone))
    assert browser.response.status_code == 502
    assert "EntryFailed" in await lone.events()


@pytest.mark.parametrize(
    "spoiled",
    [
        {"nonce": "other"},
        {"aud": "someone"},
        {"iss": "http://evil.localhost:8000"},
        {"exp": NOW - 60},
    ],
)
async def test_an_id_token_that_cannot_be_believed_lets_nobody_in(lone: LonePortal, spoiled: dict[str, object]) -> None:
    lone.provider.spoil_id_token = spoiled
    browser = await back(lone, await sent_to_bank(lone))
    assert browser.response.status_code == 502
    assert "Numer, który warto podać" in browser.words


async def test_a_provider_that_stays_weak_is_not_asked_for_ever_and_the_log_names_both_levels(
    lone: LonePortal,
) -> None:
    lone.provider.acr = LOW
    browser = await back(lone, await sent_to_bank(lone))
    await browser.follow()  # a first entry: the portal asks again, for substantial
    with capture_logs() as logs:
        await back(lone, browser)
    assert browser.location == "/not-signed-in/millenet/too_weak"
    assert [line["detail"] for line in logs if "not strong" in line["event"]] == [f"asked {SUBSTANTIAL}, came {LOW!r}"]


async def test_an_unsigned_answer_about_the_person_is_not_taken(lone: LonePortal) -> None:
    lone.provider.signed_userinfo = False
    browser = await back(lone, await sent_to_bank(lone))
    assert browser.response.status_code == 502


async def test_a_provider_that_is_away_gets_a_page_with_ways_on(lone: LonePortal) -> None:
    lone.provider.down = True
    browser = await lone.browser().get("/banks")
    await browser.post("/banks/millenet")
    assert browser.response.status_code == 503
    assert browser.response.headers["retry-after"] == "30"
    assert browser.page.css_first('a[href="/banks"]') is not None


async def test_a_provider_with_too_much_to_do_is_no_fault_and_the_page_says_when_to_come_back(lone: LonePortal) -> None:
    lone.provider.busy_for = 75
    browser = await lone.browser().get("/banks")
    await browser.post("/banks/millenet")
    assert (browser.response.status_code, browser.response.headers["retry-after"]) == (503, "75")
    assert "Spróbuj ponownie za 2 minuty" in browser.words.replace("\xa0", " ")
    assert 'href="/banks"' in browser.response.text
    assert await lone.portal.database.all("SELECT * FROM pending_sign_ins") == []


async def test_a_provider_that_goes_away_before_the_exchange_is_no_bug(lone: LonePortal) -> None:
    browser = await sent_to_bank(lone)
    query = lone.provider.signs_in(browser.location)
    lone.provider.down = True
    assert (await back(lone, browser, query)).response.status_code == 503


@pytest.mark.parametrize("reason", ["cancelled", "refused", "aborted", "expired"])
async def test_a_no_has_a_page_that_says_what_happened(lone: LonePortal, reason: str) -> None:
    browser = await sent_to_bank(lone)
    await back(lone, browser, lone.provider.says_no(browser.location, reason))
    assert browser.location == f"/not-signed-in/millenet/{reason}"
    await browser.follow()
    assert browser.response.status_code == 200
    assert browser.page.css_first('form[action="/banks/millenet"]') is not None
    assert "EntryFailed" in await lone.events()


@pytest.mark.parametrize(
    ("error", "page"),
    [
        ("access_denied", "denied"),
        ("unmet_authentication_requirements", "too_weak"),
        ("temporarily_unavailable", "trouble"),
        ("login_required", "denied"),
    ],
)
async def test_a_no_without_a_reason_goes_by_its_code(lone: LonePortal, error: str, page: str) -> None:
    browser = await sent_to_bank(lone)
    await back(lone, browser, lone.provider.says_no(browser.location, None, error))
    assert browser.location == f"/not-signed-in/millenet/{page}"


async def test_an_answer_works_once(lone: LonePortal) -> None:
    browser = await sent_to_bank(lone)
    query = lone.provider.signs_in(browser.location)
    assert (await back(lone, browser, query)).location.startswith("/entry/")
    assert (await back(lone, browser, query)).response.status_code == 410


async def test_an_answer_works_only_in_the_browser_that_asked(lone: LonePortal) -> None:
    browser = await sent_to_bank(lone)
    query = lone.provider.signs_in(browser.location)
    victim = await lone.browser().get("/banks")
    assert (await back(lone, victim, query)).response.status_code == 410
    cookieless = await lone.browser().get(f"/callback/millenet?{query}")
    assert cookieless.response.status_code == 400
    assert "Przeglądarka nie przyjmuje plików cookie" in cookieless.words


@pytest.mark.parametrize(
    "query", ["", "state=x", "state=x&state=x&code=c", "code=c", "error=access_denied", "state=%ff"]
)
async def test_what_nobody_asked_for_is_stale_or_unreadable(lone: LonePortal, query: str) -> None:
    browser = await lone.browser().get("/banks")
    await browser.get(f"/callback/millenet?{query}")
    assert browser.response.status_code in (400, 410)


async def test_an_answer_in_another_provider_s_name_is_refused(lone: LonePortal) -> None:
    browser = await sent_to_bank(lone)
    await back(lone, browser, lone.provider.signs_in(browser.location, iss="http://evil.localhost:8000"))
    assert browser.response.status_code == 502


async def test_an_answer_without_an_issuer_is_refused(lone: LonePortal) -> None:
    browser = await sent_to_bank(lone)
    await back(lone, browser, lone.provider.signs_in(browser.location, iss=None))
    assert browser.response.status_code == 502


async def test_an_answer_after_half_an_hour_is_stale(lone: LonePortal) -> None:
    browser = await sent_to_bank(lone)
    query = lone.provider.signs_in(browser.location)
    lone.moment[0] += 30 * 60
    assert (await back(lone, browser, query)).response.status_code == 410


@pytest.mark.parametrize("person", [Person(pesel=None), Person(given_name=" "), Person(pesel="851212569836")])
async def test_facts_that_are_not_enough_have_their_page(lone: LonePortal, person: Person) -> None:
    lone.provider.person = person
    browser = await back(lone, await sent_to_bank(lone))
    assert browser.response.status_code == 403
    assert "851212569836" not in browser.response.text


async def test_an_unknown_provider_has_no_callback(lone: LonePortal) -> None:
    assert (await lone.browser().get("/callback/nobody?state=x")).response.status_code == 404
    assert (await lone.browser().get("/not-signed-in/millenet/whatever")).response.status_code == 404


async def test_the_bank_may_begin(lone: LonePortal) -> None:
    browser = await lone.browser().get("/initiate?" + urlencode({"iss": BANK}))
    assert browser.location.startswith(f"{BANK}/authorize?")
    assert (await back(lone, browser)).location.startswith("/entry/")


async def test_a_form_of_the_bank_goes_on_as_a_get_with_our_cookies(lone: LonePortal) -> None:
    response = await lone.browser().client.post("/initiate", data={"iss": BANK, "login_hint": "x"})
    assert response.status_code == 303
    assert response.headers["location"] == "/initiate?" + urlencode({"iss": BANK})


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"iss": "http://evil.localhost:8000"},
        {"iss": BANK, "target_link_uri": "http://evil.localhost:8000/"},
        {"iss": BANK, "target_link_uri": f"{ORIGIN}//evil.example"},
    ],
)
async def test_nobody_else_may_begin_nor_lead_elsewhere(lone: LonePortal, asked: dict[str, str]) -> None:
    browser = await lone.browser().get("/initiate?" + urlencode(asked))
    assert browser.response.status_code == 400
    assert not lone.provider.asked


async def test_a_first_entry_by_password_alone_is_sent_back_for_a_second_factor(lone: LonePortal) -> None:
    lone.provider.acr = LOW
    browser = await back(lone, await sent_to_bank(lone))
    await browser.follow()
    assert browser.location.startswith(f"{BANK}/authorize?")
    assert SUBSTANTIAL in lone.provider.asked[1]["acr_values"]
    assert LOW not in lone.provider.asked[1]["acr_values"]
    lone.provider.acr = SUBSTANTIAL
    await back(lone, browser)
    await browser.follow()
    assert "Rejestracja w portalu" in browser.words


async def asked_anew(lone: LonePortal, max_age: int) -> tuple[Browser, str]:
    """A browser, and where it is sent when the bank is asked for a sign-in that is not older than so many seconds."""
    browser = await lone.browser().get("/banks")
    browser_hash = secret_hash(browser.client.cookies["browser"])
    return browser, await begin_at(lone.portal, lone.portal.relied_on["millenet"], browser_hash, max_age=max_age)


@pytest.mark.parametrize(("max_age", "ago"), [(0, 11), (300, 311)])
async def test_a_sign_in_older_than_asked_lets_nobody_in_and_has_its_page(
    lone: LonePortal, max_age: int, ago: int
) -> None:
    browser, address = await asked_anew(lone, max_age)
    lone.provider.spoil_id_token = {"auth_time": NOW - ago}
    await back(lone, browser, lone.provider.signs_in(address))
    assert browser.location == "/not-signed-in/millenet/too_old"
    await browser.follow()
    assert "Potrzebne jest nowe logowanie" in browser.words
    assert (await lone.events())[-1] == "EntryFailed"


async def test_a_sign_in_that_says_not_when_is_no_answer_to_a_wish_for_a_new_one(lone: LonePortal) -> None:
    browser, address = await asked_anew(lone, 0)
    lone.provider.spoil_id_token = {"auth_time": None}
    await back(lone, browser, lone.provider.signs_in(address))
    assert browser.location == "/not-signed-in/millenet/too_old"


async def test_a_new_sign_in_is_asked_for_by_both_its_names(lone: LonePortal) -> None:
    browser, address = await asked_anew(lone, 0)
    assert (lone.provider.asked[0]["max_age"], lone.provider.asked[0]["prompt"]) == ("0", "login")
    lone.provider.spoil_id_token = {"auth_time": NOW}
    assert (await back(lone, browser, lone.provider.signs_in(address))).location.startswith("/entry/")
