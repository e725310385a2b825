"""Answering on the phone (T5): what is shown, how it is approved, and everything that approves nothing."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from poreka.contracts.app_request import shown_words
from poreka.demo.walk.authenticator import Authenticator, challenge_for
from poreka.rules.authorising.push_request import matching_number
from poreka.rules.authorising.tools import Held, Tool
from poreka.rules.levels import Factor
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.profile_and_app import AsgiChannel, Handset, ProfileAndApp, profile_and_app, token_of

TWO_MINUTES = 120


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        yield started


async def asked_on(both: ProfileAndApp) -> tuple[Handset, AsgiBrowser, str, str]:
    """An enrolled, unlocked phone; the owner's browser; the number it shows; the request."""
    phone = await both.enrol()
    await both.unlocked(phone)
    owner = await both.owner()
    _, number, request = await both.asked(owner)
    return phone, owner, number, request


async def state(both: ProfileAndApp, request: str) -> str:
    found = await both.pz.app_requests.load(request)
    assert found is not None
    return found.state.value


async def waiting_page(both: ProfileAndApp) -> str:
    """The profile's page that waits for the answer."""
    rows = await both.pz.database.all("SELECT id FROM journeys WHERE kind = 'own_operation' ORDER BY id")
    return f"/operation/{rows[-1]['id']}"


async def bring(page: AsgiPage, number: str, credential: str) -> AsgiPage:
    """Send the question's form with what a key is said to have signed."""
    return await page.submit("/approve", number=number, token=token_of(page), credential=credential)


async def refused(both: ProfileAndApp, page: AsgiPage, request: str) -> None:
    """The answer was not taken: the page says so, and at the profile nothing has changed."""
    assert page.status == 422
    assert await state(both, request) == "open"
    assert "KeyRefused" in await both.events()


async def test_what_is_asked_is_shown_and_the_number_is_not(both: ProfileAndApp) -> None:
    phone, _, number, request = await asked_on(both)
    home = await phone.browser.open("/")
    assert "Profil Zaufany" in home.text
    page = await phone.browser.open(f"/requests/{request}")
    for words in ("Operacja nr", "Przedłużenie", "Profil Zaufany", "Ważne do"):
        assert words in page.text
    assert f">{number}<" not in page.response.text


async def test_the_typed_number_and_the_key_approve_and_the_browser_goes_on(both: ProfileAndApp) -> None:
    phone, owner, number, request = await asked_on(both)
    assert "Potwierdzono" in (await both.approve(phone, request, number)).text
    assert await state(both, request) == "approved"
    operation = (
        await both.pz.journeys.database.all("SELECT id FROM journeys WHERE kind = 'own_operation' ORDER BY id")
    )[-1]
    page = await (await owner.open(f"/operation/{operation['id']}")).submit("/push")
    assert page.path.startswith("/profile")
    history = await phone.browser.open("/history")
    assert "potwierdzono" in history.text
    assert "Telefon Stasia" in history.text
    assert {"RequestTaken", "RequestAnswered"} <= set(await both.events())


async def test_refusing_needs_no_key_and_ends_it(both: ProfileAndApp) -> None:
    phone, _, _, request = await asked_on(both)
    page = await (await phone.browser.open(f"/requests/{request}")).submit("/refuse")
    assert "Odmowa" in page.text
    assert await state(both, request) == "refused"


async def test_a_wrong_number_is_a_refusal(both: ProfileAndApp) -> None:
    phone, _, number, request = await asked_on(both)
    page = await both.approve(phone, request, str(10 + (int(number) - 9) % 90))
    assert "Odmowa" in page.text
    assert await state(both, request) == "refused"


async def test_the_signature_covers_the_number(both: ProfileAndApp) -> None:
    """Whoever gets between the screen and the key cannot put another number under a signature."""
    phone, _, number, request = await asked_on(both)
    page = await phone.browser.open(f"/requests/{request}")
    credential = await phone.sign(page, str(10 + (int(number) - 9) % 90))
    await refused(both, await bring(page, number, credential), request)


async def test_without_the_key_a_session_and_the_number_approve_nothing(both: ProfileAndApp) -> None:
    phone, _, number, request = await asked_on(both)
    page = await phone.browser.open(f"/requests/{request}")
    for credential in ("", "{}", "[]", '{"id":"x"}', "x" * 4000):
        await refused(both, await bring(page, number, credential), request)


async def test_a_replayed_assertion_opens_nothing_else(both: ProfileAndApp) -> None:
    phone, owner, number, request = await asked_on(both)
    page = await phone.browser.open(f"/requests/{request}")
    token, credential = token_of(page), await phone.sign(page, number)
    await page.submit("/approve", number=number, token=token, credential=credential)
    again = await phone.browser.post(f"/requests/{request}/approve", number=number, token=token, credential=credential)
    assert again.status_code == 200, "the page of how it ended"
    _, later_number, later = await both.asked(owner)
    answer = await phone.browser.post(
        f"/requests/{later}/approve", number=later_number, token=token, credential=credential
    )
    assert answer.status_code == 422
    assert await state(both, later) == "open"


async def test_an_assertion_is_spent_even_when_the_profile_cannot_be_told(both: ProfileAndApp) -> None:
    phone, _, number, request = await asked_on(both)
    page = await phone.browser.open(f"/requests/{request}")
    token, credential = token_of(page), await phone.sign(page, number)
    both.away.add("pz.localhost:8000")
    away = await page.submit("/approve", number=number, token=token, credential=credential)
    assert away.status == 503
    both.away.clear()
    answer = await phone.browser.post(f"/requests/{request}/approve", number=number, token=token, credential=credential)
    assert answer.status_code == 422
    assert "Potwierdzono" in (await both.approve(phone, request, number)).text


async def test_an_assertion_for_another_purpose_is_none(both: ProfileAndApp) -> None:
    phone, _, number, request = await asked_on(both)
    elsewhere = Handset(both.handset().browser, phone.authenticator)
    unlock = await elsewhere.browser.open("/sign-in")
    page = await phone.browser.open(f"/requests/{request}")
    for token in (token_of(unlock), f"{token_of(page)}x", "1.2.3", ""):
        credential = phone.authenticator.get(challenge_for(token, number))
        await refused(both, await page.submit("/approve", number=number, token=token, credential=credential), request)


async def test_a_signature_under_other_words_than_the_request_s_opens_nothing(both: ProfileAndApp) -> None:
    phone, _, number, request = await asked_on(both)
    page = await phone.browser.open(f"/requests/{request}")
    credential, token = await phone.sign(page, number), token_of(page)
    asked = await both.app.asked.load(request)
    assert asked is not None
    assert token.split(".")[1].endswith(hashlib.sha256(shown_words(asked.told).encode()).hexdigest())
    told = msgspec.structs.replace(asked.told, purpose="Podpis: Wniosek nr 1")
    changed = both.app.asked.adding(replace(asked, told=told)).values["document"]
    await both.app.database.run("UPDATE asked_requests SET document = $2 WHERE id = $1", request, changed)
    answer = await phone.browser.post(f"/requests/{request}/approve", number=number, token=token, credential=credential)
    assert answer.status_code == 422
    assert await state(both, request) == "open"
    assert "Podpis: Wniosek nr 1" in (await phone.browser.open(f"/requests/{request}")).text


async def test_another_phone_s_key_does_not_answer_for_this_one(both: ProfileAndApp) -> None:
    phone, other = await both.enrol(), await both.enrol()
    await both.unlocked(phone)
    _, number, request = await both.asked(await both.owner())
    page = await phone.browser.open(f"/requests/{request}")
    mixed = Handset(phone.browser, other.authenticator)
    credential = await mixed.sign(page, number)
    await refused(both, await bring(page, number, credential), request)


@pytest.mark.parametrize("how", ["origin", "host", "unverified", "other key", "count"])
async def test_an_assertion_that_breaks_a_rule_is_refused(both: ProfileAndApp, how: str) -> None:
    phone, _, number, request = await asked_on(both)
    page = await phone.browser.open(f"/requests/{request}")
    challenge, key = challenge_for(token_of(page), number), phone.authenticator
    elsewhere = Authenticator("http://evil.localhost:8000", private=key.private, key_id=key.key_id, uses=9)
    stranger = Authenticator(key.origin, key_id=key.key_id, uses=9)
    if how == "unverified":
        key.verifies = False
    if how == "count":
        key.uses = 0
    credential = {
        "origin": lambda: key.get(challenge, "http://evil.localhost:8000"),
        "host": lambda: elsewhere.get(challenge, key.origin),
        "unverified": lambda: key.get(challenge),
        "other key": lambda: stranger.get(challenge),
        "count": lambda: key.get(challenge),
    }[how]()
    await refused(both, await bring(page, number, credential), request)


async def test_a_stolen_page_is_of_no_use_in_another_browser(both: ProfileAndApp) -> None:
    phone, _, number, request = await asked_on(both)
    page = await phone.browser.open(f"/requests/{request}")
    credential = await phone.sign(page, number)
    thief = both.handset().browser
    await thief.open("/enrol")
    thief.set_cookie("session", phone.browser.cookie("session") or "")
    answer = await thief.post(
        f"/requests/{request}/approve", number=number, token=token_of(page), credential=credential
    )
    assert answer.status_code == 422
    assert await state(both, request) == "open"


async def test_two_digits_are_asked_for_before_anything_is_tried(both: ProfileAndApp) -> None:
    phone, _, _, request = await asked_on(both)
    page = await phone.browser.open(f"/requests/{request}")
    for number in ("", "4", "421", "ab"):
        answer = await page.submit("/approve", number=number, token=token_of(page), credential="")
        assert "dwie cyfry" in answer.text
    assert await state(both, request) == "open"


async def test_it_lapses_after_two_minutes(both: ProfileAndApp) -> None:
    phone, _, number, request = await asked_on(both)
    page = await phone.browser.open(f"/requests/{request}")
    credential = await phone.sign(page, number)
    both.clock.advance(TWO_MINUTES)
    late = await bring(page, number, credential)
    assert "wygasła" in late.text
    assert "Nic nie czeka" in (await phone.browser.open("/")).text


async def test_what_was_withdrawn_waits_no_more(both: ProfileAndApp) -> None:
    phone, owner, number, request = await asked_on(both)
    await (await owner.open(await waiting_page(both))).submit("/cancel")
    assert "Nic nie czeka" in (await phone.browser.open("/")).text
    page = await phone.browser.open(f"/requests/{request}")
    assert "wycofana" in page.text
    answer = await phone.browser.post(f"/requests/{request}/approve", number=number, token="", credential="")
    assert answer.status_code == 200


async def test_both_phones_are_asked_and_the_first_answer_counts(both: ProfileAndApp) -> None:
    first, second = await both.enrol(), await both.enrol()
    await both.unlocked(first)
    await both.unlocked(second)
    _, number, request = await both.asked(await both.owner())
    page = await second.browser.open(f"/requests/{request}")
    await both.approve(first, request, number)
    late = await page.submit(
        "/approve", number=number, token=token_of(page), credential=await second.sign(page, number)
    )
    assert "Potwierdzono" in late.text
    assert (await both.events()).count("RequestAnswered") == 1


async def test_somebody_else_s_request_is_not_there(both: ProfileAndApp) -> None:
    phone, _, _, request = await asked_on(both)
    await both.app.database.run("UPDATE asked_requests SET person_id = 'somebody'")
    assert (await phone.browser.open(f"/requests/{request}")).status == 404


async def test_a_request_that_is_sent_twice_is_asked_once(both: ProfileAndApp) -> None:
    phone, _, _, request = await asked_on(both)
    headers = [("content-type", "application/json"), ("authorization", f"Bearer {both.app.askers['pz'].token}")]
    answer = await both.app_site.call("POST", "/requests", body=await both.told(request), headers=headers)
    assert answer.status_code == 200
    assert (await both.events()).count("RequestTaken") == 1
    assert len((await phone.browser.open("/")).html.css(".p-tile")) == 1


async def test_a_request_for_somebody_without_a_phone_is_refused_for_good(both: ProfileAndApp) -> None:
    phone, _, _, request = await asked_on(both)
    body = await both.told(request)
    await both.app.devices.remove(both.app.database, phone.device_id, both.clock())
    headers = [("content-type", "application/json"), ("authorization", f"Bearer {both.app.askers['pz'].token}")]
    answer = await both.app_site.call("POST", "/requests", body=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (404, "no_device")


async def test_two_refusals_bring_a_pause_at_the_profile(both: ProfileAndApp) -> None:
    """Push fatigue: whoever keeps asking gets two questions through (rules/push_request)."""
    phone = await both.enrol()
    await both.unlocked(phone)
    owner = await both.owner()
    for _ in range(2):
        _, _, request = await both.asked(owner)
        await (await phone.browser.open(f"/requests/{request}")).submit("/refuse")
    page = await (await owner.open("/profile/extend")).submit("/profile/extend")
    tried = await owner.post(f"{page.path}/ask", tool="push")
    assert tried.status_code in (200, 303, 422)
    await both.pz_worker.send_due()
    assert len(await both.pz.app_requests.recent("stanislaw")) == 2
    assert "Nic nie czeka" in (await phone.browser.open("/")).text


@pytest.mark.parametrize("how", ["waiting", "refused", "lapsed", "paused", "away"])
async def test_no_weaker_tool_answers_an_own_operation_in_place_of_the_chosen_one(
    both: ProfileAndApp, how: str
) -> None:
    """Whoever has the password and the SIM card could bring each of these about."""
    phone = await both.enrol()
    await both.unlocked(phone)
    owner = await both.owner(Factor.PASSWORD)
    page = await owner.open("/confirm?next=/profile/contact/phone")
    if how == "away":
        AsgiChannel.away.add("mobywatel.localhost:8000")
    for already in range(2 if how == "paused" else 1):
        if already:
            await owner.post(f"{page.path}/ask", tool="push")
        await both.pz_worker.send_due()
        if how in ("refused", "paused"):
            request = (await both.pz.app_requests.recent("stanislaw"))[0]
            await (await phone.browser.open(f"/requests/{request.id}")).submit("/refuse")
    if how == "lapsed":
        both.clock.advance(125)
    shown = await owner.open(page.path)
    assert not shown.html.css("button[name=tool][value=sms]")
    sent = len(both.phones.messages)
    await owner.post(f"{page.path}/ask", tool="sms")
    await both.pz_worker.send_due()
    assert len(both.phones.messages) == sent, "no code went out by SMS"
    assert not (await owner.open("/profile")).path.startswith("/profile"), "the second factor is still missing"


async def test_where_the_chosen_tool_is_blocked_another_answers_after_its_pause(both: ProfileAndApp) -> None:
    await both.enrol()
    now = both.clock()
    await both.pz.tools.hold(both.pz.database, "stanislaw", Held(tool=Tool.PUSH, blocked=True, undoable=True))
    await both.pz.tools.hold(both.pz.database, "stanislaw", Held(tool=Tool.SMS, usable_from=now + 24 * 3600))
    owner = await both.owner(Factor.PASSWORD)
    page = await owner.open("/confirm?next=/profile")
    await both.pz_worker.send_due()
    sent = len(both.phones.messages)
    await owner.post(f"{page.path}/ask", tool="sms")
    await both.pz_worker.send_due()
    assert len(both.phones.messages) == sent
    both.clock.advance(24 * 3600)
    owner = await both.owner(Factor.PASSWORD)
    page = await owner.open("/confirm?next=/profile")
    await both.pz_worker.send_due()
    assert (await page.submit("/code", code=both.phones.last_code())).path == "/profile"


async def test_the_number_is_never_told_to_the_app(both: ProfileAndApp) -> None:
    _, _, number, request = await asked_on(both)
    assert matching_number(both.pz.keys.codes, request) == number
    assert f'"{number}"'.encode() not in await both.told(request)


async def test_the_app_is_opened_by_the_key_alone(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page = await phone.browser.open("/history")
    assert page.path.startswith("/sign-in")
    unlocked = await page.submit("/sign-in", token=token_of(page), credential=await phone.sign(page))
    assert unlocked.path == "/history"
    sessions = await both.app.sessions.of_person(await _person(both))
    assert [factor.value for factor in sessions[0].factors] == ["passkey"]


async def _person(both: ProfileAndApp) -> str:
    found = await both.app.people.of_customer("stanislaw.golab")
    assert found is not None
    return found.id


async def test_an_unlocking_is_good_once_and_here(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page = await phone.browser.open("/sign-in")
    token, credential = token_of(page), await phone.sign(page)
    await page.submit("/sign-in", token=token, credential=credential)
    await phone.browser.send("POST", "/sign-out", {"csrf_token": phone.browser.token})
    await phone.browser.open("/sign-in")
    again = await phone.browser.post("/sign-in", token=token, credential=credential)
    assert again.status_code == 422
    thief = both.handset().browser
    await thief.open("/sign-in")
    answer = await thief.post("/sign-in", token=token, credential=phone.authenticator.get(challenge_for(token)))
    assert answer.status_code == 422


async def test_an_unlocking_leads_to_pages_of_ours_only(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page = await phone.browser.open("/sign-in?next=https://evil.example/")
    done = await page.submit("/sign-in", token=token_of(page), credential=await phone.sign(page), next="//evil.example")
    assert done.path == "/"
