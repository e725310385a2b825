"""A clerk and an application: seen, compared, confirmed or refused; never one's own, and never twice (T1)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.rules.identity_check import Document, RefusalReason, Way
from poreka.rules.trusted_profile import EndedBy, TrustedProfile, TrustedProfileState, last_day, lock
from tests.support.profile_and_desk import EWA, GRAZYNA, NUMBER, ProfileAndDesk, profile_and_desk

CASE = f"/applications/{NUMBER}"
CHECKED = {"document": "identity_card", "photo_fits": "yes", "data_agree": "yes"}


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndDesk]:
    async with profile_and_desk(tmp_path) as started:
        yield started


async def state_of(both: ProfileAndDesk, profile_id: str = "ewa") -> TrustedProfileState:
    return (await both.loaded(profile_id)).profile.state


async def test_confirmed_in_person(both: ProfileAndDesk) -> None:
    """The profile is valid for three years at once, the owner is told, and the log says who checked what."""
    await both.apply()
    clerk = await both.clerk()
    page = await (await clerk.browser.open("/")).submit("/applications", number="4100 2003-01")
    assert page.path == CASE
    assert EWA in page.text
    page = await (await clerk.browser.open(f"{CASE}/confirm/office")).submit("/confirm/office", **CHECKED)
    assert "Wniosek potwierdzony" in page.text
    owned = await both.loaded("ewa")
    assert owned.profile.state is TrustedProfileState.VALID
    assert last_day(owned.profile).year == 2030
    assert await both.letters() == ["Profil zaufany jest ważny"]
    events = await both.events()
    assert events[events.index("ApplicationConfirmed") + 1] == "TrustedProfileMade"
    assert "ApplicationOpened" in events
    assert "ClerkActed" in await both.events("desk")
    kept = await both.pz.applications.decision("ewa")
    assert kept is not None
    assert kept.check is not None
    assert (kept.clerk_name, kept.check.way, kept.check.document) == ("Grażyna Lis", Way.OFFICE, Document.IDENTITY_CARD)
    owner = await both.owner("ewa")
    history = (await owner.open("/profile/history")).text
    assert "Urzędnik potwierdził wniosek" in history
    assert "Urząd Miasta Lipniki" in history


async def test_confirmed_in_a_video_call(both: ProfileAndDesk) -> None:
    await both.apply()
    clerk = await both.clerk()
    form = await clerk.browser.open(f"{CASE}/confirm/video")
    link = form.html.css_first("main a[target=_blank]")
    assert link is not None
    assert link.attributes["href"] == f"https://wideo.lipniki.example/sprawa/{NUMBER}"
    refused = await form.submit("/confirm/video", **CHECKED)
    assert refused.status == 422, "the call's reference is missing"
    page = await refused.submit("/confirm/video", **CHECKED, call="NAGR-2027/15")
    assert "Wniosek potwierdzony" in page.text
    kept = await both.pz.applications.decision("ewa")
    assert kept is not None
    assert kept.check is not None
    assert (kept.check.way, kept.check.call) == (Way.VIDEO, "NAGR-2027/15")


@pytest.mark.parametrize("left_out", list(CHECKED))
async def test_without_a_full_check_nothing_is_confirmed(both: ProfileAndDesk, left_out: str) -> None:
    await both.apply()
    clerk = await both.clerk()
    form = await clerk.browser.open(f"{CASE}/confirm/office")
    typed = {name: value for name, value in CHECKED.items() if name != left_out}
    page = await form.submit("/confirm/office", **typed)
    assert page.status == 422
    assert page.html.css_first(f"#{left_out}-error") is not None
    assert await state_of(both) is TrustedProfileState.APPLIED


async def test_refused_with_a_reason_that_the_applicant_is_told(both: ProfileAndDesk) -> None:
    await both.apply()
    clerk = await both.clerk()
    form = await clerk.browser.open(f"{CASE}/refuse")
    assert (await form.submit("/refuse")).status == 422
    page = await form.submit("/refuse", way="office", reason="document_not_valid", note="Dowód po terminie.")
    assert "Wniosek odrzucony" in page.text
    assert await state_of(both) is TrustedProfileState.REFUSED
    kept = await both.pz.applications.decision("ewa")
    assert kept is not None
    assert (kept.reason, kept.note) == (RefusalReason.DOCUMENT_NOT_VALID, "Dowód po terminie.")
    await both.worker.send_due()
    (letter,) = [message.body for message in both.mail.messages]
    assert "dokument jest nieważny" in letter
    assert "Dowód po terminie" not in letter, "the note is for the record"
    assert NUMBER in letter


async def test_ones_own_application_has_no_way_on(both: ProfileAndDesk) -> None:
    """Not shown with its PESEL or a button, and not accepted either."""
    await both.apply(pesel=GRAZYNA)
    clerk, other = await both.clerk(), await both.clerk("robert.sowa")
    assert "Twój" in (await clerk.browser.open("/")).text
    page = await clerk.browser.open(CASE)
    assert "To Twój własny wniosek" in page.text
    assert GRAZYNA not in page.response.text
    assert page.html.css_first("main form") is None
    for way in ("confirm/office", "confirm/video", "refuse"):
        assert (await clerk.browser.open(f"{CASE}/{way}")).path == CASE
    answer = await clerk.browser.post(f"{CASE}/confirm/office", **CHECKED, call="")
    assert answer.status_code == 409
    assert await state_of(both) is TrustedProfileState.APPLIED
    assert GRAZYNA in (await other.browser.open(CASE)).text


async def test_of_two_clerks_at_once_one_wins_and_the_other_is_told(both: ProfileAndDesk) -> None:
    await both.apply()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    yes = await grazyna.browser.open(f"{CASE}/confirm/office")
    no = await robert.browser.open(f"{CASE}/refuse")
    pages = await asyncio.gather(
        yes.submit("/confirm/office", **CHECKED), no.submit("/refuse", way="office", reason="not_seen")
    )
    assert sorted(page.status for page in pages) == [200, 409]
    assert "Ktoś inny był szybszy" in next(page.text for page in pages if page.status == 409)
    assert len(await both.letters()) == 1
    events = await both.events()
    assert events.count("ApplicationConfirmed") + events.count("ApplicationRefused") == 1


async def test_a_decided_or_lapsed_application_waits_no_more(both: ProfileAndDesk) -> None:
    await both.apply()
    clerk = await both.clerk()
    form = await clerk.browser.open(f"{CASE}/confirm/office")
    both.clock.advance(20 * 24 * 3600)
    assert (await both.sign_in(clerk)).path == "/"
    assert "Żaden wniosek nie czeka" in (await clerk.browser.open("/")).text
    page = await form.submit("/confirm/office", **CHECKED)
    assert page.status == 409
    assert "przepadł" in page.text
    assert (await clerk.browser.open(f"{CASE}/refuse")).path == CASE


async def test_a_valid_profile_is_not_replaced_by_one_clerks_word(both: ProfileAndDesk) -> None:
    """Whoever could do that alone could take anybody's identity over; a locked one gives way, as everywhere."""
    await both.apply()
    held = await both.make_profile(pesel=EWA, name="ewa-stara")
    clerk = await both.clerk()
    page = await clerk.browser.open(CASE)
    assert "ma ważny profil zaufany" in page.text
    assert (await clerk.browser.open(f"{CASE}/confirm/office")).path == CASE
    assert (await clerk.browser.post(f"{CASE}/confirm/office", **CHECKED, call="")).status_code == 409
    assert await state_of(both) is TrustedProfileState.APPLIED
    locked = lock(held.profile, both.clock())
    assert isinstance(locked, TrustedProfile)
    await both.pz.profiles.save(both.pz.database, held, held.under(locked))
    page = await (await clerk.browser.open(f"{CASE}/confirm/office")).submit("/confirm/office", **CHECKED)
    assert "Wniosek potwierdzony" in page.text
    old = await both.loaded("ewa-stara")
    assert (old.profile.state, old.profile.ended_by) == (TrustedProfileState.INVALIDATED, EndedBy.REPLACED)


async def test_an_expired_profile_is_in_nobodys_way(both: ProfileAndDesk) -> None:
    await both.make_profile(pesel=EWA, name="ewa-stara")
    both.clock.advance(4 * 365 * 24 * 3600)
    await both.apply()
    clerk = await both.clerk()
    page = await (await clerk.browser.open(f"{CASE}/confirm/office")).submit("/confirm/office", **CHECKED)
    assert "Wniosek potwierdzony" in page.text
    assert (await both.loaded("ewa-stara")).profile.state is TrustedProfileState.EXPIRED


async def test_the_queue_is_in_the_order_of_deadlines_and_says_when_it_is_cut(both: ProfileAndDesk) -> None:
    await both.apply(name="ewa", days=14)
    await both.apply(pesel="83041741039", number="4100200302", name="jan", days=3)
    clerk = await both.clerk()
    page = await clerk.browser.open("/")
    numbers = [node.text() for node in page.html.css("main tbody a")]
    assert numbers == ["4100200302", NUMBER]
    wrong = await page.submit("/applications", number="12")
    assert wrong.status == 422
    assert (await page.submit("/applications", number="9999999999")).status == 404


async def test_while_the_profile_is_away_the_page_says_try_again(both: ProfileAndDesk) -> None:
    await both.apply()
    clerk = await both.clerk()
    form = await clerk.browser.open(f"{CASE}/confirm/office")
    both.away.add("pz.localhost:8000")
    for page in (await clerk.browser.open("/"), await form.submit("/confirm/office", **CHECKED)):
        assert page.status == 503
        assert "Profil zaufany nie odpowiada" in page.heading
        assert "Nie wiadomo, czy ostatnia decyzja" in page.text
        assert page.response.headers["retry-after"]
    both.away.clear()
    assert await state_of(both) is TrustedProfileState.APPLIED


async def test_nothing_of_a_case_stays_at_the_desk(both: ProfileAndDesk) -> None:
    await both.apply()
    clerk = await both.clerk()
    form = await clerk.browser.open(f"{CASE}/refuse")
    await form.submit("/refuse", way="office", reason="data_differ", note="inne nazwisko")
    rows = await both.desk.database.all("SELECT event, details FROM audit_entries WHERE event = 'ClerkActed'")
    assert [row["details"] for row in rows] == [f'{{"act":"refuse","case":"{NUMBER}","outcome":"done"}}']
    tables = await both.desk.database.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    for table in (row["name"] for row in tables):
        text = repr([dict(row) for row in await both.desk.database.all(f"SELECT * FROM {table}")])
        assert EWA not in text
        assert "Wójcik" not in text
        assert "inne nazwisko" not in text
