import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
import pytest_asyncio

from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.systems.portal.information.site_map import FOR_EVERYONE, SIGNED_IN
from poreka.systems.portal.routes import FOOTER, KEPT_FORMS, NAVIGATION, ROUTES
from poreka.systems.portal.store.insured import InsuredPerson, InsuredRole
from poreka.web.routes import Access
from tests.support.lone_portal import ORIGIN, Browser
from tests.support.portal_with_mail import ISSUER, PortalWithMail, portal_with_mail
from tests.support.scripted_provider import Person

JAN = Person()
QUESTION = {"subject": "benefits", "body": "Kiedy wypłata?\nDziękuję <b>", "question_id": "0" * 26}


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        yield running


async def jan(place: PortalWithMail, *roles: InsuredRole) -> Browser:
    """Jan's browser, signed in through the bank."""
    profile = await place.lone.has_profile(JAN)
    if roles:
        facts = PersonFacts(first_name="Jan", surname="Kowalski", pesel=Pesel(str(JAN.pesel)))
        known = InsuredPerson(facts=facts, roles=roles)
        await place.lone.register.database.insert(place.lone.register.adding(known))
    return await (await place.signed_in(profile)).get("/dashboard")


async def test_the_panel_says_who_is_in_what_there_is_and_how_long_it_lasts(place: PortalWithMail) -> None:
    browser = await jan(place, InsuredRole.INSURED, InsuredRole.PAYER)
    assert "Jan Kowalski" in browser.words
    assert [node.text() for node in browser.page.css(".p-tabs a")] == ["Ogólny", "Ubezpieczony", "Płatnik"]
    assert len(browser.page.css(".p-tile")) == 7
    for said in ("Brak wiadomości", "2 komunikaty", "Brak zleceń", "Brak umówionych wizyt", "Zadaj pytanie"):
        assert said in browser.words
    countdown = browser.page.css_first("[data-session]").attributes
    assert int(countdown["data-ends-at"]) - int(countdown["data-now"]) == 15 * 60
    assert countdown["data-warn"] == "120"
    menu = [node.attributes["href"] for node in browser.page.css(".p-nav a")]
    assert menu == [item.href for item in NAVIGATION]


@pytest.mark.parametrize("lang", ["pl", "en"])
async def test_every_page_inside_opens(place: PortalWithMail, lang: str) -> None:
    browser = await jan(place, *InsuredRole)
    asking = {"/step-up"}  # about another page
    pages = [r.path for r in ROUTES if r.method == "GET" and r.access is Access.PERSON and "{" not in r.path]
    for path in (
        *sorted({*pages} - asking),
        *SIGNED_IN.values(),
        *(f"/dashboard/{role.value}" for role in InsuredRole),
    ):
        await browser.get(f"{path}?lang={lang}")
        assert browser.response.status_code == 200, path
        assert browser.page.css_first("[data-session]") is not None, path


@pytest.mark.parametrize("lang", ["pl", "en"])
async def test_every_page_for_everyone_opens(place: PortalWithMail, lang: str) -> None:
    browser = place.lone.browser()
    for path in {*FOR_EVERYONE.values(), *(item.href for item in FOOTER), "/signed-out"}:
        assert (await browser.get(f"{path}?lang={lang}")).response.status_code == 200, path


async def test_a_tab_one_does_not_have_is_refused_and_one_that_is_none_is_not_found(
    place: PortalWithMail,
) -> None:
    browser = await jan(place, InsuredRole.INSURED)
    assert (await browser.get("/dashboard/payer")).response.status_code == 403
    assert (await browser.get("/dashboard/nobody")).response.status_code == 404
    assert (await browser.get("/dashboard/insured")).response.status_code == 200


async def test_whom_the_register_does_not_know_is_told_so(place: PortalWithMail) -> None:
    browser = await jan(place)
    assert "nie ma o Tobie żadnego wpisu" in (await browser.get("/dashboard/insured")).words


async def test_the_countdown_is_what_was_written_down(place: PortalWithMail) -> None:
    browser = await jan(place)
    place.advance(14 * 60)
    countdown = (await browser.get("/orders")).page.css_first("[data-session]").attributes
    assert int(countdown["data-ends-at"]) - int(countdown["data-now"]) == 15 * 60


async def test_extending_answers_the_script_with_json_and_a_click_with_the_page(
    place: PortalWithMail,
) -> None:
    browser = await jan(place)
    place.advance(14 * 60)
    token = browser.page.css_first("input[name=csrf_token]").attributes["value"]
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    as_script = {**headers, "accept": "application/json"}
    answer = await browser.client.post("/session/extend", data={"csrf_token": token}, headers=as_script)
    assert answer.json() == {"ends_at": place.lone.moment[0] + 15 * 60, "now": place.lone.moment[0]}
    for came_from, back in ((f"{ORIGIN}/visits?x=1", "/visits"), ("http://evil.example/x", "/"),
                            (f"{ORIGIN}//evil.example", "/")):  # fmt: skip
        answer = await browser.client.post(
            "/session/extend", data={"csrf_token": token}, headers={**headers, "referer": came_from}
        )
        assert answer.headers["location"] == back
    place.advance(15 * 60)
    answer = await browser.client.post("/session/extend", data={"csrf_token": token}, headers=as_script)
    assert answer.status_code == 401


async def test_nobody_is_sent_to_the_first_page_and_an_ended_session_is_told_so(
    place: PortalWithMail,
) -> None:
    assert (await place.lone.browser().get("/dashboard")).location == "/"
    browser = await jan(place)
    place.advance(15 * 60)
    assert (await browser.get("/settings")).location == "/?notice=session_ended"
    assert (await (await browser.get("/")).post("/sign-out")).location == "/?notice=signed_out"


async def test_a_question_typed_too_late_is_there_after_signing_in_again(place: PortalWithMail) -> None:
    browser = await jan(place)
    await browser.get("/question")
    place.advance(16 * 60)
    await browser.post("/question", **QUESTION)
    assert browser.location == "/?notice=form_kept"
    raw = await place.portal.database.one("SELECT fields FROM kept_forms")
    assert b"wyp" not in raw["fields"]
    profile = await place.portal.profiles.by_pesel(Pesel(str(JAN.pesel)))
    await place.signed_in(profile, browser)
    assert "Zachowaliśmy formularz" in (await browser.get("/dashboard")).words
    for _ in range(2):  # it stays until it is sent
        await browser.get("/question")
        assert browser.page.css_first("#body").text().strip() == QUESTION["body"]
    assert browser.page.css_first("option[selected]").attributes["value"] == "benefits"
    await browser.post("/question", **QUESTION)
    await browser.follow()
    assert "Pytanie zostało przyjęte" in browser.words
    assert not browser.page.css_first("#body").text().strip()
    assert "Zachowaliśmy" not in (await browser.get("/dashboard")).words


async def test_a_kept_form_is_for_its_owner_in_its_browser_and_for_half_an_hour(
    place: PortalWithMail,
) -> None:
    browser = await jan(place)
    place.advance(16 * 60)
    await browser.post("/question", **QUESTION)
    anna = await place.lone.has_profile(Person("Anna", "Nowak", "79090344729", "a"))
    await place.signed_in(anna, browser)
    assert "wypłata" not in (await browser.get("/question")).response.text
    profile = await place.portal.profiles.by_pesel(Pesel(str(JAN.pesel)))
    elsewhere = await place.signed_in(profile)
    assert "wypłata" not in (await elsewhere.get("/question")).response.text
    place.advance(30 * 60)
    await place.signed_in(profile, browser)
    assert "wypłata" not in (await browser.get("/question")).response.text


async def test_a_form_from_elsewhere_is_not_kept(place: PortalWithMail) -> None:
    browser = await jan(place)
    place.advance(16 * 60)
    answer = await browser.client.post("/question", data={**QUESTION, "csrf_token": "x" * 43})
    assert answer.status_code == 403
    assert await place.portal.database.one("SELECT 1 AS one FROM kept_forms") is None


def test_no_kept_form_has_a_password() -> None:
    posts = {route.path for route in ROUTES if route.method == "POST" and route.access is Access.PERSON}
    assert KEPT_FORMS.keys() <= posts
    assert not [field for fields in KEPT_FORMS.values() for field in fields if "password" in field or field == "code"]


async def test_a_question_is_filed_once_and_shown_as_text(place: PortalWithMail) -> None:
    browser = await jan(place)
    await browser.get("/question")
    for _ in range(2):
        await browser.post("/question", **QUESTION)
        assert browser.location == "/question?sent=yes"
        await browser.follow()
    assert len(browser.page.css(".p-message")) == 1
    assert "&lt;b&gt;" in browser.response.text
    assert len(await place.audited("QuestionAsked")) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"subject": ""}, "#subject"), ({"body": " \n"}, "#body"), ({"body": "a" * 2001}, "#body")],
)
async def test_a_question_that_cannot_be_filed_keeps_what_was_typed(
    place: PortalWithMail, fields: dict[str, str], field: str
) -> None:
    browser = await jan(place)
    await browser.post("/question", **{**QUESTION, **fields})
    assert browser.response.status_code == 422
    assert [node.attributes["href"] for node in browser.page.css(".govuk-error-summary a")] == [field]


async def contact(browser: Browser, **changes: str) -> Browser:
    await browser.get("/settings")
    version = browser.page.css_first("input[name=version]").attributes["value"]
    email = changes.get("email", "jan@poczta.example")
    sent = {"phone": "", "email": email, "version": version, **changes}
    return await browser.post("/settings", **sent)


async def test_contact_data_are_changed_by_a_code_to_the_new_address_and_both_are_told(place: PortalWithMail) -> None:
    browser = await jan(place)
    await contact(browser, email="nowy@poczta.example", phone="600700800", electronic_information="yes")
    page = browser.location
    await browser.follow()
    assert "Zmiana adresu e-mail na nowy@poczta.example" in browser.words
    before = await place.portal.profiles.by_pesel(Pesel(str(JAN.pesel)))
    assert (before.email, before.phone) == ("jan@poczta.example", "+48600700800"), "the address waits for its code"
    assert "Zmiana adresu e-mail na nowy@poczta.example" in place.letters[-1].body, (
        "the page and the letter say the same"
    )
    right = place.code()
    await browser.post(page, code="123456" if right != "123456" else "654321", do="code")
    assert browser.response.status_code == 422
    await browser.post(page, code=right, do="code")
    assert "zapisane" in (await browser.follow()).words
    profile = await place.portal.profiles.by_pesel(Pesel(str(JAN.pesel)))
    assert (profile.email, profile.phone, profile.electronic_information) == (
        "nowy@poczta.example", "+48600700800", True,
    )  # fmt: skip
    told = ["nowy@poczta.example", "jan@poczta.example", "nowy@poczta.example"]
    assert [letter.recipient for letter in place.letters] == told
    assert "nowy@" not in place.letters[1].body
    changed = await place.audited("SettingsChanged")
    assert changed == ['{"fields":["phone","electronic_information"]}', '{"fields":["email"]}']
    await contact(browser, email="nowy@poczta.example", phone="600700800", electronic_information="yes")
    assert len(await place.audited("SettingsChanged")) == 2  # nothing changed


async def test_a_stale_tab_cannot_undo_another(place: PortalWithMail) -> None:
    browser = await jan(place)
    await contact(browser, phone="600700800")
    await contact(browser, phone="611711811", version="1")
    assert browser.response.status_code == 409
    assert "600 700 800" in browser.words
    assert browser.page.css_first("#phone").attributes["value"] == "611711811"
    assert (await place.portal.profiles.by_pesel(Pesel(str(JAN.pesel)))).phone == "+48600700800"


async def test_faulty_contact_data_are_shown_again(place: PortalWithMail) -> None:
    browser = await jan(place)
    await contact(browser, phone="1 2", email="nobody")
    links = [node.attributes["href"] for node in browser.page.css(".govuk-error-summary a")]
    assert links == ["#phone", "#email"]


async def test_signing_out_says_that_the_banks_session_goes_on_and_ends_it_on_request(
    place: PortalWithMail,
) -> None:
    browser = await jan(place)
    await browser.post("/sign-out")
    await browser.follow()
    assert "Twoja sesja nadal tam trwa: Millenet" in browser.words
    assert (await place.lone.browser().get("/dashboard")).location == "/"
    assert await place.audited("SignedOut") != []
    assert (await browser.get("/dashboard")).location == "/"


async def test_a_provider_that_offers_sign_out_is_asked_with_hint_and_state_and_sends_back(
    place: PortalWithMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = await place.portal.documents.metadata(ISSUER)
    offering = msgspec.structs.replace(metadata, end_session_endpoint=f"{ISSUER}/end-session")

    async def answer(issuer: str) -> object:
        return offering

    monkeypatch.setattr(place.portal.documents, "metadata", answer)
    browser = await jan(place)
    await browser.post("/sign-out")
    here = browser.location
    await browser.follow()
    await browser.post(here)
    sent = urlsplit(browser.location)
    asked = dict(parse_qsl(sent.query))
    assert f"{sent.scheme}://{sent.netloc}{sent.path}" == f"{ISSUER}/end-session"
    assert asked["id_token_hint"] == "the.id.token"
    assert asked["post_logout_redirect_uri"] == f"{ORIGIN}/signed-out"
    stranger = await place.lone.browser().get("/help")
    assert (await stranger.get(f"/signed-out?state={asked['state']}")).response.status_code == 410
    assert "Wylogowano z portalu i z Millenet" in (await browser.get(f"/signed-out?state={asked['state']}")).words


async def test_a_password_session_rests_on_nothing(place: PortalWithMail) -> None:
    profile = await place.lone.has_profile(JAN)
    browser = await (await place.signed_in(profile, bank=False)).get("/dashboard")
    await browser.post("/sign-out")
    assert "przez żaden inny serwis" in (await browser.follow()).words


async def test_a_return_that_was_not_asked_for_is_stale(place: PortalWithMail) -> None:
    browser = await jan(place)
    await browser.post("/sign-out")
    journey = browser.location.rpartition("/")[2]
    await browser.follow()
    for state in ("x", f"{journey}.x", f"{journey}."):
        assert (await browser.get(f"/signed-out?state={state}")).response.status_code == 410
    assert (await place.lone.browser().get(f"/signed-out/{journey}")).response.status_code == 400


async def test_the_feed_is_rss_with_everything_escaped(place: PortalWithMail) -> None:
    answer = await place.lone.browser().client.get("/notices.rss?lang=pl")
    assert answer.headers["content-type"].startswith("application/rss+xml")
    channel = ET.fromstring(answer.content).find("channel")
    assert channel is not None
    assert [channel.findtext(name) for name in ("link", "language")] == [f"{ORIGIN}/notices", "pl"]
    items = channel.findall("item")
    assert len(items) == 2  # the third one's day has not come
    assert all(item.findtext("guid") == item.findtext("link") for item in items)
    assert "2026" in (items[0].findtext("pubDate") or "")


async def test_search_finds_pages_by_words_in_any_case(place: PortalWithMail) -> None:
    browser = await jan(place)
    await browser.get("/search?q=ZGŁOSIĆ przeszkodę")
    assert browser.page.css_first('main ul a[href="/accessibility"]') is not None
    assert "Nic nie znaleziono" in (await browser.get("/search?q=%3Cscript%3E")).words
