"""The phone app as a provider (K1): on the phone itself, and on another device by a code, a number and the phone."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.systems.mobywatel.rules.cross_device import FINISH, LIFE
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.profile_and_app import PESEL, Handset, ProfileAndApp, profile_and_app, token_of


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        yield started


async def asked_for(both: ProfileAndApp, browser: AsgiBrowser) -> AsgiPage:
    """A service asks; the app's page of signing in."""
    page = await both.relying().send(browser)
    assert page.path.startswith("/sign-in?release="), page.heading
    return page


async def consented_here(both: ProfileAndApp, phone: Handset, page: AsgiPage) -> AsgiPage:
    """Consent, and the approval on this very phone; the answer to the service."""
    page = await page.submit("/consent", consent="yes")
    await both.app_worker.send_due()
    page = await page.browser.open(page.path)
    link = page.html.css_first("a[href^='/requests/']")
    assert link is not None, page.text
    question = await phone.browser.open(link.attributes["href"] or "")
    number = question.html.css_first("input[name=number]")
    assert number is not None
    assert number.attributes["type"] == "hidden"
    typed = number.attributes["value"] or ""
    credential = await phone.sign(question, typed)
    done = await question.submit("/approve", token=token_of(question), credential=credential)
    assert done.path.startswith("/release/")
    return await done.submit("/push")


async def test_on_the_phone_itself_the_key_signs_in_and_the_key_agrees(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page = await asked_for(both, phone.browser)
    page = await page.submit("/sign-in", token=token_of(page), credential=await phone.sign(page))
    assert page.path.startswith("/release/")
    answered = await consented_here(both, phone, page)
    client = both.relying()
    tokens = (await client.redeem(answered.answer["code"])).json()
    claims = await client.claims_of(tokens["id_token"])
    assert claims["acr"] == "http://eidas.europa.eu/LoA/substantial"
    assert set(claims["amr"]) == {"mfa", "swk", "user"}
    facts = await client.facts(tokens["access_token"])
    assert (facts["given_name"], facts["family_name"], facts["pesel"]) == ("Stanisław", "Gołąb", PESEL)


async def test_the_second_time_the_key_is_enough(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page = await asked_for(both, phone.browser)
    page = await page.submit("/sign-in", token=token_of(page), credential=await phone.sign(page))
    await consented_here(both, phone, page)
    again = Handset(both.handset().browser, phone.authenticator, phone.device_id)
    page = await asked_for(both, again.browser)
    page = await page.submit("/sign-in", token=token_of(page), credential=await again.sign(page))
    assert "code" in page.answer


async def elsewhere(both: ProfileAndApp, computer: AsgiBrowser | None = None) -> tuple[AsgiPage, str, str]:
    """A computer that shows the code: its page, the code and the number."""
    computer = computer or both.handset().browser
    page = await (await asked_for(both, computer)).submit("/sign-in/elsewhere")
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.text)
    number = re.search(r"w telefonie (\d\d)\b", page.text)
    assert code is not None
    assert number is not None
    return page, code[0], number[1]


async def claimed(both: ProfileAndApp, phone: Handset, code: str) -> AsgiPage:
    """The unlocked phone has used the code, and asks."""
    page = await both.unlocked(phone, "/across")
    return await page.submit("/across", code=code)


async def approved(both: ProfileAndApp, phone: Handset, page: AsgiPage, number: str) -> AsgiPage:
    credential = await phone.sign(page, number)
    return await page.submit("/approve", number=number, token=token_of(page), credential=credential)


async def test_on_another_device_the_phone_signs_in(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page, code, number = await elsewhere(both)
    question = await claimed(both, phone, code)
    assert "Piaskownica FAPI" in question.text
    assert number not in re.findall(r"(?<![\d:-])\d\d(?![\d:-])", question.text)  # apart from dates and times
    assert "Potwierdzone" in (await approved(both, phone, question, number)).text
    status = await page.browser.request("GET", page.path)
    assert status.status_code == 200
    page = await (await page.browser.open(page.path)).submit(page.path)
    assert page.path.startswith("/release/")
    assert "Piaskownica FAPI" in page.text
    assert "CrossDeviceAnswered" in await both.events()


async def test_the_computer_s_session_is_no_phone_and_ends_with_it(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page, code, number = await elsewhere(both)
    await approved(both, phone, await claimed(both, phone, code), number)
    inside = await (await page.browser.open(page.path)).submit(page.path)
    assert "Ten telefon nie jest połączony" in (await inside.browser.open("/")).text
    assert (await inside.browser.open("/phones")).path.startswith(("/", "/sign-in"))
    owner = await both.owner()
    await (await owner.open(f"/profile/devices/{phone.device_id}/remove")).submit("/remove")
    assert (await inside.browser.open(inside.path)).status == 410, "signed out there, it has another secret"


async def test_a_code_without_a_number_signs_nobody_in(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page, code, number = await elsewhere(both)
    question = await claimed(both, phone, code)
    refused = await approved(both, phone, question, str(10 + (int(number) - 9) % 90))
    assert "Odmowa" in refused.text
    assert "Telefon odmówił" in (await page.browser.open(page.path)).text
    await page.browser.post(page.path)
    assert len(await both.app.database.all("SELECT sid FROM sessions")) == 1, "the phone's own"


async def test_an_approval_is_good_only_in_the_browser_that_showed_the_code(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page, code, number = await elsewhere(both)
    await approved(both, phone, await claimed(both, phone, code), number)
    thief = both.handset().browser
    await thief.open("/enrol")
    assert (await thief.post(page.path)).status_code == 410
    assert (await thief.request("GET", page.path)).status_code == 410


async def test_an_approval_is_used_once_and_not_too_late(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page, code, number = await elsewhere(both)
    await approved(both, phone, await claimed(both, phone, code), number)
    both.clock.advance(LIFE + FINISH)
    late = await page.browser.send("POST", page.path, {"csrf_token": page.browser.token})
    assert "wygasł" in late.text
    assert late.browser.cookie("session") is None


async def test_a_code_is_claimed_by_one_phone_and_only_for_two_minutes(both: ProfileAndApp) -> None:
    phone, other = await both.enrol(), await both.enrol()
    _, code, _ = await elsewhere(both)
    await claimed(both, phone, code)
    assert (await claimed(both, other, code)).status == 422
    _, later, _ = await elsewhere(both)
    both.clock.advance(LIFE)
    assert (await claimed(both, other, later)).status == 422


async def test_the_phone_refuses(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page, code, number = await elsewhere(both)
    question = await claimed(both, phone, code)
    await question.submit("/refuse")
    assert "Odmowa" in (await approved(both, phone, question, number)).text
    assert "Telefon odmówił" in (await page.browser.open(page.path)).text


async def test_a_signature_for_one_sign_in_is_none_for_another(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    _, first, number = await elsewhere(both)
    _, second, other = await elsewhere(both)
    one = await claimed(both, phone, first)
    two = await phone.browser.open("/across")
    two = await two.submit("/across", code=second)
    credential = await phone.sign(one, number)
    fields = {"number": number, "token": token_of(one), "credential": credential}
    answer = await phone.browser.post(f"{two.path}/approve", **fields)
    assert answer.status_code == 422
    unsigned = await two.submit("/approve", number=other, token=token_of(two), credential="")
    assert unsigned.status == 422


async def test_a_stranger_s_phone_without_a_key_claims_nothing(both: ProfileAndApp) -> None:
    _, code, _ = await elsewhere(both)
    stranger = both.handset().browser
    assert (await stranger.open("/across")).path.startswith("/sign-in")
    rows = await both.app.database.all("SELECT state FROM cross_sign_ins")
    assert [row["state"] for row in rows] == ["shown"]
    assert code


@pytest.mark.parametrize(
    ("computer", "phone", "warns"),
    [
        ("203.0.113.9", "203.0.113.9", False),
        ("203.0.113.9", "203.0.113.10", True),
        ("2001:db8::1", "2001:db8::2:3", False),
        ("2001:db8::1", "2001:db8:0:1::1", True),
        ("203.0.113.9", "2001:db8::1", True),
    ],
)
async def test_a_warning_is_shown_where_the_two_are_not_in_one_network(
    both: ProfileAndApp, computer: str, phone: str, *, warns: bool
) -> None:
    owner = await both.enrol()
    other = both.handset().browser
    other.address, owner.browser.address = computer, phone
    _, code, _ = await elsewhere(both, other)
    page = await claimed(both, owner, code)
    assert ("innej sieci" in page.text) is warns


@pytest.mark.parametrize("wanted", ["/", "/phones", "//evil.example", "/release/x", ""])
async def test_only_a_service_is_signed_in_to_elsewhere(both: ProfileAndApp, wanted: str) -> None:
    browser = both.handset().browser
    await asked_for(both, browser)
    assert (await browser.post("/sign-in/elsewhere", next=wanted)).status_code == 410


async def test_no_password_opens_the_app(both: ProfileAndApp) -> None:
    answer = await both.app_site.call(
        "POST", "/sign-in/x/password", form={"number": "stanislaw.golab", "password": "x"}
    )
    assert answer.status_code == 404
