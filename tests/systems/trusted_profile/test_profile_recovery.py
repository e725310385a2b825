"""A forgotten password at the trusted profile (T3): the mailbox, the tool, the new password; and who cannot."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.asgi import AsgiBrowser, AsgiPage, Site
from tests.support.profile_and_app import ProfileAndApp, profile_and_app

NEW = "cztery-Sowy-na-plocie-9"
NAME, EMAIL = "stanislaw.golab", "stanislaw@poczta.example"
HOUR = 3600


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        yield started


def stranger(both: ProfileAndApp) -> AsgiBrowser:
    return AsgiBrowser(Site(both.running[0].application, both.pz.origin))


async def asked(both: ProfileAndApp, name: str = NAME, browser: AsgiBrowser | None = None) -> AsgiPage:
    page = await (await (browser or stranger(both)).open("/password")).submit("/password", name=name)
    await both.pz_worker.send_due()
    return page


async def pressed(page: AsgiPage, **fields: str) -> AsgiPage:
    """A button of this page's own form: what is typed, with the button's name and value."""
    return await page.browser.send("POST", page.path, {"csrf_token": page.browser.token, **fields})


def mailed(both: ProfileAndApp) -> str:
    found = re.search(r"^Kod: (\d{6})$", both.phones.messages[-1].body, re.MULTILINE)
    assert found is not None, both.phones.messages[-1].body
    return found[1]


async def at_tool(both: ProfileAndApp, browser: AsgiBrowser | None = None) -> AsgiPage:
    page = await asked(both, browser=browser)
    return await pressed(page, code=mailed(both), do="code")


async def by_sms(both: ProfileAndApp, browser: AsgiBrowser | None = None) -> AsgiPage:
    """To the page of the new password."""
    page = await at_tool(both, browser)
    page = await pressed(page, do="tool")
    assert page.path.startswith("/recovery/"), page.text
    page = await page.submit("/ask")
    await both.pz_worker.send_due()
    return await page.submit("/code", code=both.phones.last_code())


async def password_opens(both: ProfileAndApp, password: str) -> bool:
    page = await (await stranger(both).open("/sign-in?next=/profile")).submit(
        "/password", number=NAME, password=password
    )
    return page.status != 422


@pytest.mark.parametrize("name", [NAME, f" {EMAIL.upper()} "])
async def test_mailbox_and_sms_then_a_new_password_ends_every_session(both: ProfileAndApp, name: str) -> None:
    owner = await both.owner()
    page = await asked(both, name)
    assert EMAIL not in page.text
    page = await pressed(page, code=mailed(both), do="code")
    assert "Potwierdź, że to Ty" in page.text
    page = await pressed(page, do="tool")
    page = await page.submit("/ask")
    await both.pz_worker.send_due()
    assert "Nowe haslo do Profilu Zaufanego" in both.phones.messages[-1].body or (
        "Nowe hasło do Profilu Zaufanego" in both.phones.messages[-1].body
    )
    page = await page.submit("/code", code=both.phones.last_code())
    assert page.path.startswith("/password/")
    short = await pressed(page, do="set", password="krótkie", password_again="krótkie")
    assert "12 znaków" in short.text
    common = await pressed(short, do="set", password="Wiosna2026!!", password_again="Wiosna2026!!")
    assert "zbyt łatwe do odgadnięcia" in common.text
    page = await pressed(common, do="set", password=NEW, password_again=NEW)
    assert "zostało zmienione" in page.text
    assert (await owner.open("/profile")).path.startswith("/sign-in")
    await both.pz_worker.send_due()
    assert "Ustawiono nowe hasło" in both.phones.messages[-1].body
    assert both.phones.messages[-1].recipient == EMAIL
    assert await password_opens(both, NEW)
    assert "PasswordRecovered" in await both.events("pz")
    history = await (await both.owner()).open("/profile/history")
    assert "Nowe hasło zamiast zapomnianego" in history.text


async def test_with_the_app_as_the_current_tool(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    page = await at_tool(both)
    page = await pressed(page, do="tool")
    page = await page.submit("/ask")
    await both.pz_worker.send_due()
    found = re.search(r"aplikacji (\d\d)\b", page.text)
    assert found is not None, page.text
    request = (await both.pz.app_requests.recent("stanislaw"))[0]
    await both.unlocked(phone)
    await both.approve(phone, request.id, found[1])
    page = await page.submit("/push")
    assert page.path.startswith("/password/")
    page = await pressed(page, do="set", password=NEW, password_again=NEW)
    assert "zostało zmienione" in page.text


async def test_the_mailbox_alone_sets_nothing(both: ProfileAndApp) -> None:
    """Whoever reads the mail gets no further: the password's form is not there, and sending it does nothing."""
    page = await at_tool(both)
    again = await pressed(page, do="set", password=NEW, password_again=NEW)
    assert "hasło" not in again.heading.lower() or again.path.startswith("/recovery/")
    assert not await password_opens(both, NEW)
    assert "PasswordRecovered" not in await both.events("pz")


async def test_an_answer_for_another_deed_is_none_for_this(both: ProfileAndApp) -> None:
    """A signed-in owner's own operation is not a recovery's, and a recovery's page is nobody's operation."""
    owner = await both.owner()
    page = await (await owner.open("/profile/extend")).submit("/profile/extend")
    other = page.path.replace("/operation/", "/recovery/")
    assert (await owner.open(other)).status == 410
    recovery = await by_sms_begun(both, owner)
    assert (await owner.open(recovery.path.replace("/recovery/", "/operation/"))).status == 410
    assert (await stranger(both).open(recovery.path)).status == 400


async def by_sms_begun(both: ProfileAndApp, browser: AsgiBrowser) -> AsgiPage:
    page = await at_tool(both, browser)
    return await pressed(page, do="tool")


async def test_an_unknown_name_gets_the_same_pages_and_nothing_is_sent(both: ProfileAndApp) -> None:
    known, unknown = await asked(both), await asked(both, "nie.ma.mnie")
    sent = len(both.phones.messages)
    assert sent == 1

    def shown(page: AsgiPage) -> str:
        return re.sub(r"nr \d+ z", "nr z", page.text)

    assert shown(known) == shown(unknown)
    assert [known.status, unknown.status] == [200, 200]
    wrong = [await pressed(page, code="000000", do="code") for page in (known, unknown)]
    assert wrong[0].text.partition("Operacja")[0] == wrong[1].text.partition("Operacja")[0]
    for _ in range(2):
        wrong = [await pressed(page, code="000000", do="code") for page in wrong]
    assert wrong[0].text == wrong[1].text
    assert "przerwana" in wrong[0].text


@pytest.mark.parametrize("name", [NAME, "nikogo.takiego.nie.ma"])
async def test_a_mail_server_that_fails_does_not_tell_who_has_a_profile(both: ProfileAndApp, name: str) -> None:
    page = await (await stranger(both).open("/password")).submit("/password", name=name)
    await both.pz.database.run("UPDATE outbox SET failure = 'the mail server cannot be reached', handed_at = 1")
    page = await pressed(page, do="again")
    assert page.status == 429, "known or not, another code waits half a minute"
    assert "nie udaje się wysłać" not in page.text


async def test_ten_for_one_name_are_all_there_are_in_a_day(both: ProfileAndApp) -> None:
    for _ in range(10):
        both.clock.advance(31)
        assert (await asked(both, "nie.ma.mnie")).path.startswith("/password/")
    both.clock.advance(31)
    assert (await asked(both, "nie.ma.mnie")).status == 422


@pytest.mark.parametrize("field", ["phone", "email"])
async def test_takeover_by_a_changed_phone_or_email_is_stopped_for_a_day(both: ProfileAndApp, field: str) -> None:
    """Whoever had the account open for a moment and changed where codes go cannot make it theirs by a recovery."""
    await _changed(both, field)
    page = await at_tool(both)
    assert "zmienił się niedawno" in page.text
    assert "przyjdź do urzędu" in page.text
    both.clock.advance(24 * HOUR)
    page = await at_tool(both)
    assert "Potwierdź, że to Ty" in page.text


async def _changed(both: ProfileAndApp, field: str) -> None:
    value = {"phone": "600201777", "email": "nowy@poczta.example"}[field]
    owner = await both.owner()
    page = await owner.open(f"/profile/contact/{field}")
    page = await page.submit(f"/contact/{field}", **{field: value})
    await both.pz_worker.send_due()
    code = both.phones.last_code() if field == "phone" else mailed(both)
    page = await pressed(page, code=code)
    page = await page.submit("/ask")
    await both.pz_worker.send_due()
    page = await page.submit("/code", code=both.phones.last_code())
    assert page.path.startswith("/profile?done="), page.text
    await both.pz_worker.send_due()


async def test_what_changes_meanwhile_takes_the_recovery_its_ground(both: ProfileAndApp) -> None:
    page = await by_sms(both)
    owned = await both.pz.profiles.load("stanislaw")
    assert owned is not None
    await both.pz.profiles.save(both.pz.database, owned, replace(owned, email="inny@poczta.example"))
    assert (await pressed(page, do="set", password=NEW, password_again=NEW)).status == 410
    assert not await password_opens(both, NEW)


async def test_a_locked_profile_cannot_be_recovered(both: ProfileAndApp) -> None:
    page = await by_sms(both)
    await (await (await both.owner()).open("/profile/not-me")).submit("/profile/not-me")
    assert (await pressed(page, do="set", password=NEW, password_again=NEW)).status == 410
    sent = len(both.phones.messages)
    both.clock.advance(31)
    await asked(both)
    assert [one.recipient for one in both.phones.messages[sent:]] == [EMAIL], "only the notice of the lock"


async def test_it_can_be_given_up_and_a_second_tab_changes_nothing(both: ProfileAndApp) -> None:
    page = await at_tool(both)
    begun = await pressed(page, do="tool")
    left = await begun.submit("/cancel")
    assert "Zacznij od nowa" in left.text
    page = await by_sms(both)
    first = await pressed(page, do="set", password=NEW, password_again=NEW)
    assert "zostało zmienione" in first.text
    second = await pressed(page, do="set", password=NEW + "x", password_again=NEW + "x")
    assert "zostało zmienione" in second.text
    assert not await password_opens(both, NEW + "x")


async def test_whoever_reads_the_mailbox_cannot_make_the_phone_ask_on_and_on(both: ProfileAndApp) -> None:
    """Push fatigue: of many recoveries one asks, and after two refusals none does for a while."""
    phone = await both.enrol()
    begun = []
    for _ in range(2):
        both.clock.advance(31)
        page = await at_tool(both)
        begun.append(await pressed(page, do="tool"))
    for page in begun:
        await page.submit("/ask")
    assert len(await both.pz.app_requests.recent("stanislaw")) == 1
    for waiting in begun:
        now = await waiting.browser.open(waiting.path)
        if now.html.css("button[value=push]"):
            await now.submit("/ask")
        await both.pz_worker.send_due()
        request = (await both.pz.app_requests.recent("stanislaw"))[0]
        await both.unlocked(phone)
        await (await phone.browser.open(f"/requests/{request.id}")).submit("/refuse")
    asked_before = len(await both.pz.app_requests.recent("stanislaw"))
    both.clock.advance(31)
    page = await pressed(await at_tool(both), do="tool")
    assert not [node for node in page.html.css("main button[value=push]") if "disabled" not in node.attributes]
    assert len(await both.pz.app_requests.recent("stanislaw")) == asked_before == 2
