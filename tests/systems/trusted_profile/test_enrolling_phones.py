"""Enrolling a phone through the pages of the profile and of the app, and every way in which somebody else may try."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.demo.walk.authenticator import Authenticator, challenge_for
from poreka.rules.authorising.tools import HOUR, Held, Readiness, Tool, readiness
from poreka.rules.enrolment_code import LIFE
from poreka.rules.levels import Factor
from tests.support.asgi import AsgiBrowser
from tests.support.profile_and_app import PESEL, ProfileAndApp, number_on, phone_key, profile_and_app, token_of


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        yield started


async def test_a_phone_is_enrolled_by_code_key_and_number(both: ProfileAndApp) -> None:
    phone = await both.enrol(current=False)
    assert [held.tool for held in await both.held()] == [Tool.PUSH]
    assert await both.pz.tools.current("stanislaw") is Tool.SMS
    page = await (await both.owner()).open("/profile/devices")
    assert "Telefon Stasia" in page.text
    assert {"EnrolmentOffered", "DeviceEnrolled"} <= set(await both.events())
    assert {"DeviceEnrolled", "AuthorisationToolAdded"} <= set(await both.events("pz"))
    await both.pz_worker.send_due()
    assert "połączono telefon" in both.phones.messages[-1].body
    waiting = await both.unlocked(phone)
    assert "Nic nie czeka" in waiting.text


async def test_adding_a_phone_takes_the_current_tool_not_only_a_session(both: ProfileAndApp) -> None:
    owner = await both.owner()
    page = await (await owner.open("/profile/devices")).submit("/profile/devices")
    assert page.path.startswith("/operation/")
    again = await owner.open("/profile/devices/new/06gvv5e2htp3rm9d82hibvjf7o")
    assert again.status == 410
    assert "EnrolmentOffered" not in await both.events()


async def test_a_session_of_one_factor_sees_no_phones(both: ProfileAndApp) -> None:
    page = await (await both.owner(Factor.PASSWORD)).open("/profile/devices")
    assert page.path.startswith("/operation/")


async def test_the_number_stands_on_the_phone_only(both: ProfileAndApp) -> None:
    owner, phone = await both.owner(), both.handset()
    page, code = await both.code(owner)
    number = number_on(await both.keyed(phone, code))
    assert number not in (await owner.open(page.path)).text


async def test_a_code_that_was_photographed_and_used_first_gives_its_user_nothing(both: ProfileAndApp) -> None:
    """The thief's phone has its number; the owner's own phone is told that the code was used, and shows none."""
    owner, thief, own = await both.owner(), both.handset(), both.handset()
    page, code = await both.code(owner)
    theirs = number_on(await both.keyed(thief, code, "Mój telefon"))
    refused = await (await own.browser.open("/enrol")).submit("/enrol", code=code)
    assert "został już użyty" in refused.text
    guess = str(1000 + (int(theirs) - 999) % 9000)
    ended = await (await owner.open(page.path)).submit("/number", number=guess)
    assert "nie został połączony" in ended.text
    assert await both.app.devices.by_key(phone_key(thief)) is None
    shown = await thief.browser.open("/sign-in")
    tried = await shown.submit("/sign-in", token=token_of(shown), credential=await thief.sign(shown))
    assert tried.status == 422
    assert await both.held() == []


async def test_a_code_is_good_once_and_for_one_phone(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    rows = await both.app.database.all("SELECT state FROM enrolments")
    assert [row["state"] for row in rows] == ["confirmed"]
    _, code = await both.code(await _with_sms(both))
    first, second = both.handset(), both.handset()
    await (await first.browser.open("/enrol")).submit("/enrol", code=code)
    refused = await (await second.browser.open("/enrol")).submit("/enrol", code=code)
    assert refused.status == 422
    same = await (await first.browser.open("/enrol")).submit("/enrol", code=code)
    assert "Utwórz klucz" in same.text
    assert phone.device_id


async def _with_sms(both: ProfileAndApp) -> AsgiBrowser:
    await both.pz.tools.choose(both.pz.database, "stanislaw", Tool.SMS)
    return await both.owner()


async def test_a_code_that_nobody_used_in_five_minutes_is_over(both: ProfileAndApp) -> None:
    owner, phone = await both.owner(), both.handset()
    page, code = await both.code(owner)
    both.clock.advance(LIFE)
    refused = await (await phone.browser.open("/enrol")).submit("/enrol", code=code)
    assert "wygasł" in refused.text
    assert "wygasł" in (await owner.open(page.path)).text


async def test_a_number_that_comes_too_late_connects_nothing(both: ProfileAndApp) -> None:
    owner, phone = await both.owner(), both.handset()
    page, code = await both.code(owner)
    number = number_on(await both.keyed(phone, code))
    form = await owner.open(page.path)
    both.clock.advance(LIFE - 1)
    await both.pz.sessions.touch(
        both.pz.database, owner.cookie("session") or "", now=both.clock(), ends_at=both.clock() + 600
    )
    both.clock.advance(1)
    await form.submit("/number", number=number)
    assert await both.app.devices.by_key(phone_key(phone)) is None


async def test_after_the_time_of_a_code_another_comes_in_place_and_three_are_all(both: ProfileAndApp) -> None:
    owner = await both.owner()
    page, first = await both.code(owner)
    for left in (2, 1, 0):
        now = both.clock()
        both.clock.advance(LIFE)
        cookie = owner.cookie("session") or ""
        await both.pz.database.run("UPDATE sessions SET ends_at = $1", now + LIFE + 600)
        page = await owner.open(page.path)
        assert cookie
        assert (page.html.css_first('form[action$="/code"]') is not None) == bool(left), page.text
        if left:
            page = await page.submit("/code")
            assert first not in page.text
            assert page.html.css_first("[data-time-left]") is not None
    path = f"{page.path}/code"
    await owner.send("POST", path, {"csrf_token": owner.token})
    assert "Na połączenie telefonu jest 5 minut" in (await owner.open(page.path)).text


async def test_a_wrong_number_ends_it_even_if_the_right_one_follows(both: ProfileAndApp) -> None:
    owner, phone = await both.owner(), both.handset()
    page, code = await both.code(owner)
    number = number_on(await both.keyed(phone, code))
    form = await owner.open(page.path)
    await form.submit("/number", number=str(1000 + (int(number) - 999) % 9000))
    await form.submit("/number", number=number)
    assert await both.app.devices.by_key(phone_key(phone)) is None
    assert "nie został połączony" in (await phone.browser.open("/enrol/" + await _enrolment(both))).text


async def _enrolment(both: ProfileAndApp) -> str:
    row = await both.app.database.one("SELECT id FROM enrolments")
    assert row is not None
    found: str = row["id"]
    return found


async def test_four_digits_are_asked_for_before_anything_is_tried(both: ProfileAndApp) -> None:
    owner, phone = await both.owner(), both.handset()
    page, code = await both.code(owner)
    number = number_on(await both.keyed(phone, code))
    form = await owner.open(page.path)
    asked = await form.submit("/number", number="12")
    assert asked.status == 422
    done = await form.submit("/number", number=f"{number[:2]} {number[2:]}")
    assert done.path == "/profile/devices?done=added"


async def test_a_key_without_the_owner_s_own_check_is_refused(both: ProfileAndApp) -> None:
    phone = both.handset()
    phone.authenticator.verifies = False
    _, code = await both.code(await both.owner())
    refused = await both.keyed(phone, code)
    assert refused.status == 422
    assert "KeyRefused" in await both.events()


@pytest.mark.parametrize("how", ["origin", "challenge", "nonsense", "empty", "long"])
async def test_a_key_that_was_not_made_for_this_page_is_refused(both: ProfileAndApp, how: str) -> None:
    phone = both.handset()
    _, code = await both.code(await both.owner())
    page = await (await phone.browser.open("/enrol")).submit("/enrol", code=code)
    challenge = challenge_for(token_of(page))
    made = {
        "origin": lambda: phone.authenticator.create(challenge, "https://evil.example"),
        "challenge": lambda: phone.authenticator.create(challenge_for("another page's")),
        "nonsense": lambda: '{"id":"a","rawId":"b","type":"public-key","response":{"clientDataJSON":"eA"}}',
        "empty": str,
        "long": lambda: "x" * 4000,
    }[how]()
    refused = await page.submit("/key", token=token_of(page), credential=made, name="Telefon")
    assert refused.status == 422
    assert (await both.app.database.all("SELECT state FROM enrolments"))[0]["state"] == "claimed"


async def test_another_browser_brings_no_key(both: ProfileAndApp) -> None:
    phone, other = both.handset(), both.handset()
    _, code = await both.code(await both.owner())
    page = await (await phone.browser.open("/enrol")).submit("/enrol", code=code)
    await other.browser.open("/enrol")
    credential = other.authenticator.create(challenge_for(token_of(page)))
    answer = await other.browser.post(f"{page.path}/key", token=token_of(page), credential=credential, name="x")
    assert answer.status_code == 410


async def test_the_same_authenticator_makes_no_second_key(both: ProfileAndApp) -> None:
    phone = await both.enrol(current=False)
    _, code = await both.code(await both.owner())
    page = await (await phone.browser.open("/enrol")).submit("/enrol", code=code)
    node = page.html.css_first("form[data-key]")
    assert node is not None
    assert phone_key(phone) in (node.attributes.get("data-options") or "")


async def test_removing_a_phone_at_the_profile_kills_its_key_and_its_session(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    await both.unlocked(phone)
    owner = await both.owner()
    page = await owner.open("/profile/devices")
    page = await owner.open(f"/profile/devices/{phone.device_id}/remove")
    page = await page.submit("/remove")
    assert "usunięty" in page.text
    assert (await phone.browser.open("/history")).path.startswith("/sign-in")
    assert (await both.unlocked(phone)).status == 422
    assert [one.tool for one in await both.held()] == [Tool.SMS]
    assert await both.pz.tools.current("stanislaw") is Tool.SMS
    assert "DeviceRemoved" in await both.events()
    await both.pz_worker.send_due()
    assert "usunięto telefon" in both.phones.messages[-1].body


@pytest.mark.parametrize("word", ["none", "the session's", "the phone's own"])
async def test_codes_by_sms_wait_where_the_chosen_app_was_removed_without_its_word(
    both: ProfileAndApp, word: str
) -> None:
    phone = await both.enrol()
    owner = await both.owner()
    if word == "the phone's own":
        await both.unlocked(phone)
        await (await phone.browser.open("/phones")).submit("/remove")
        await both.app_worker.send_due()
    else:
        if word == "the session's":
            factors = '["password", "push"]'
            await both.pz.database.run("UPDATE sessions SET factors = $1 WHERE person_id = 'stanislaw'", factors)
        await (await owner.open(f"/profile/devices/{phone.device_id}/remove")).submit("/remove")
    assert await both.pz.tools.current("stanislaw") is Tool.SMS
    waits = readiness(Tool.SMS, await both.held(), [], both.clock()) is Readiness.WAITS
    assert waits == (word == "none")
    both.clock.advance(24 * HOUR)
    assert readiness(Tool.SMS, await both.held(), [], both.clock()) is Readiness.READY


async def test_removing_a_phone_takes_back_the_question_that_lies_open_on_it(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    other = await both.enrol(current=True)
    owner = await both.owner()
    _, number, request = await both.asked(owner)
    await both.unlocked(phone)
    await (await owner.open(f"/profile/devices/{phone.device_id}/remove")).submit("/remove")
    states = [one.state.value for one in await both.pz.app_requests.recent("stanislaw")]
    assert states == ["withdrawn"]
    await both.unlocked(other)
    page = await other.browser.open(f"/requests/{request}")
    assert "wycofana" in page.text
    assert number


async def test_with_one_of_two_phones_gone_the_other_still_approves(both: ProfileAndApp) -> None:
    lost, kept = await both.enrol(), await both.enrol()
    owner = await both.owner()
    await (await owner.open(f"/profile/devices/{lost.device_id}/remove")).submit("/remove")
    assert await both.pz.tools.current("stanislaw") is Tool.PUSH
    _, number, request = await both.asked(owner)
    await both.unlocked(kept)
    assert "Potwierdzono" in (await both.approve(kept, request, number)).text


async def test_a_phone_that_must_go_while_the_app_is_away_approves_nothing(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    owner = await both.owner()
    page = await owner.open(f"/profile/devices/{phone.device_id}/remove")
    both.away.add("mobywatel.localhost:8000")
    after = await page.submit("/remove")
    assert after.status == 503
    assert [held.tool for held in await both.held() if held.blocked] == [Tool.PUSH]
    assert await both.pz.tools.current("stanislaw") is Tool.SMS
    both.away.clear()
    assert "wyłączone" in (await owner.open("/profile/devices")).text


async def test_after_push_was_blocked_a_new_phone_takes_the_place_of_every_other(both: ProfileAndApp) -> None:
    """Which phone was lost is not known: none of the earlier ones comes back with the new one."""
    lost = await both.enrol()
    await both.pz.tools.hold(both.pz.database, "stanislaw", Held(tool=Tool.PUSH, blocked=True))
    new = await both.enrol()
    assert [held.blocked for held in await both.held()] == [False]
    assert await both.app.devices.by_key(phone_key(lost)) is None
    assert await both.app.devices.by_key(phone_key(new)) is not None


async def test_a_phone_removed_in_the_app_is_told_to_the_profile(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    await both.unlocked(phone)
    page = await (await phone.browser.open("/phones")).submit("/remove")
    assert page.path == "/"
    assert (await both.unlocked(phone)).status == 422
    assert await both.app_worker.send_due() == 1
    assert await both.held() == []
    assert await both.pz.tools.current("stanislaw") is Tool.SMS
    assert "DeviceRemoved" in await both.events("pz")


async def test_the_profile_hears_of_it_when_it_is_back(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    await both.unlocked(phone)
    both.away.add("pz.localhost:8000")
    await (await phone.browser.open("/phones")).submit("/remove")
    assert await both.app_worker.send_due() == 0
    both.away.clear()
    both.clock.advance(60)
    assert await both.app_worker.send_due() == 1
    assert await both.held() == []


async def test_a_lock_of_the_profile_removes_every_phone(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    await (await (await both.owner()).open("/profile/not-me")).submit("/profile/not-me")
    await both.pz_worker.send_due()
    assert await both.app.devices.by_key(phone_key(phone)) is None
    assert (await both.unlocked(phone)).status == 422


async def test_a_name_that_passed_to_somebody_else_takes_no_phone_along(both: ProfileAndApp) -> None:
    """A profile ended; its user name is another person's now. What was enrolled under it must not serve them."""
    phone = await both.enrol()
    body = '{"customer":"stanislaw.golab","first_name":"Helena","surname":"Mróz","pesel":"49010889122"}'
    enrolment, code = await _offered(both, body)
    await _confirmed(both, enrolment, code)
    assert await both.app.devices.by_key(phone_key(phone)) is None
    person = await both.app.people.of_customer("stanislaw.golab")
    assert person is not None
    assert person.facts.first_name == "Helena"


async def test_one_person_under_a_new_name_begins_with_no_phone(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    before = await both.app.people.of_customer("stanislaw.golab")
    body = f'{{"customer":"nowa.nazwa","first_name":"Stanisław","surname":"Gołąb","pesel":"{PESEL}"}}'
    enrolment, code = await _offered(both, body)
    await _confirmed(both, enrolment, code, "nowa.nazwa")
    after = await both.app.people.of_customer("nowa.nazwa")
    assert before is not None
    assert after is not None
    assert before.id == after.id, "to relying parties it is the same person"
    assert await both.app.devices.by_key(phone_key(phone)) is None


def _headers(both: ProfileAndApp) -> list[tuple[str, str]]:
    token = both.app.askers["pz"].token
    return [("content-type", "application/json"), ("authorization", f"Bearer {token}")]


async def _offered(both: ProfileAndApp, body: str) -> tuple[str, str]:
    answer = await both.app_site.call("POST", "/enrolments", body=body.encode(), headers=_headers(both))
    assert answer.status_code == 201
    return answer.json()["id"], answer.json()["code"]


async def _confirmed(both: ProfileAndApp, enrolment: str, code: str, customer: str = "stanislaw.golab") -> None:
    number = number_on(await both.keyed(both.handset(), code))
    body = f'{{"customer":"{customer}","number":"{number}"}}'.encode()
    for _ in range(2):  # a repetition is answered as the first
        answer = await both.app_site.call("POST", f"/enrolments/{enrolment}/confirm", body=body, headers=_headers(both))
        assert (answer.status_code, answer.json()["state"]) == (200, "confirmed")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/enrolments"),
        ("GET", "/enrolments/x?customer=stanislaw.golab"),
        ("POST", "/enrolments/x/confirm"),
        ("GET", "/devices?customer=stanislaw.golab"),
        ("POST", "/devices/x/remove"),
        ("POST", "/devices/remove"),
        ("POST", "/requests"),
    ],
)
async def test_nobody_but_the_profile_calls_the_back_end(both: ProfileAndApp, method: str, path: str) -> None:
    for value in ("", "Bearer x", f"Basic {both.app.askers['pz'].token}", "Bearer "):
        headers = [("content-type", "application/json"), ("authorization", value)]
        answer = await both.app_site.call(method, path, body=b"{}" if method == "POST" else b"", headers=headers)
        assert answer.status_code == 401


async def test_another_customer_s_enrolment_is_not_there(both: ProfileAndApp) -> None:
    body = f'{{"customer":"a","first_name":"A","surname":"B","pesel":"{PESEL}"}}'
    enrolment, _ = await _offered(both, body)
    answer = await both.app_site.call("GET", f"/enrolments/{enrolment}?customer=b", headers=_headers(both))
    assert answer.status_code == 404


def test_the_authenticator_of_the_tests_counts() -> None:
    one = Authenticator("https://app.example")
    one.get(b"c")
    assert one.uses == 1
