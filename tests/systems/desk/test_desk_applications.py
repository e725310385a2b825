"""A clerk and an application: seen, compared, confirmed or refused; never one's own, and never twice (T1)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import patch

import pytest
import pytest_asyncio

from poreka.contracts.desk import signature_hash
from poreka.contracts.desk_words import TrustedProfileState
from poreka.contracts.identity_check import Document, RefusalReason, Way
from poreka.systems.trusted_profile.rules.profile import EndedBy, TrustedProfile, invalidate, last_day, lock
from tests.support.profile_and_desk import EWA, GRAZYNA, NUMBER, ProfileAndDesk, profile_and_desk

CASE = f"/applications/{NUMBER}"
FULL = {"way": "office", "document": "passport", "photo_fits": True, "data_agree": True}
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
    page = await clerk.decide(await clerk.browser.open(f"{CASE}/confirm/office"), "/confirm/office", **CHECKED)
    assert "Wniosek potwierdzony" in page.text
    owned = await both.loaded("ewa")
    assert owned.profile.state is TrustedProfileState.VALID
    assert last_day(owned.profile).year == 2030
    assert await both.letters() == ["Profil Zaufany jest ważny"]
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
    page = await clerk.decide(refused, "/confirm/video", **CHECKED, call="NAGR-2027/15")
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
    page = await clerk.decide(form, "/refuse", way="office", reason="document_not_valid", note="Dowód po terminie.")
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
    told = {"clerk": clerk.named(), "check": FULL}
    assert (await both.call(f"/desk{CASE}/confirm", told)).status_code == 403
    assert await state_of(both) is TrustedProfileState.APPLIED
    assert GRAZYNA in (await other.browser.open(CASE)).text


async def test_a_phone_or_e_mail_that_is_somebody_elses_takes_two_clerks(both: ProfileAndDesk) -> None:
    """A clerk who puts their own phone into an application makes no profile alone, nor with a second sign-in."""
    clerks_own = await both.make_profile(pesel=GRAZYNA, name="grazyna")
    await both.apply(phone=clerks_own.phone)
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    page = await grazyna.browser.open(CASE)
    assert "podał też ktoś inny" in page.text
    page = await grazyna.decide(await grazyna.browser.open(f"{CASE}/confirm/office"), "/confirm/office", **CHECKED)
    assert "Ten wniosek jest już potwierdzony przez Ciebie" in page.text
    assert await state_of(both) is TrustedProfileState.APPLIED
    assert (await grazyna.browser.open(f"{CASE}/confirm/office")).path == CASE, "once is enough"
    for named in (grazyna.named(), grazyna.named(id="another")):
        answer = await both.call(f"/desk{CASE}/confirm", {"clerk": named, "check": FULL})
        assert (answer.status_code, answer.json()["error"]) == (403, "same_clerk")
    assert "Drugi urzędnik" in (await robert.browser.open("/")).text
    form = await robert.browser.open(f"{CASE}/confirm/office")
    assert "Grażyna Lis" in (await robert.browser.open(CASE)).text
    page = await robert.decide(form, "/confirm/office", **CHECKED)
    assert "Wniosek potwierdzony" in page.text
    assert await state_of(both) is TrustedProfileState.VALID
    first = await both.pz.applications.first_look("ewa")
    assert first is not None
    assert first.clerk_name == "Grażyna Lis"
    assert first.signed is not None
    assert [one for one in await both.events() if one in ("ApplicationLookedAt", "ApplicationConfirmed")] == [
        "ApplicationLookedAt",
        "ApplicationConfirmed",
    ]


async def test_an_e_mail_is_the_same_however_it_is_written_and_an_ended_profile_counts(both: ProfileAndDesk) -> None:
    held = await both.make_profile(name="jan")
    ended = invalidate(held.profile, EndedBy.OWNER, both.clock())
    assert isinstance(ended, TrustedProfile)
    await both.pz.profiles.save(both.pz.database, held, held.under(ended))
    await both.apply(email=held.email.upper())
    clerk = await both.clerk()
    await clerk.decide(await clerk.browser.open(f"{CASE}/confirm/office"), "/confirm/office", **CHECKED)
    assert await state_of(both) is TrustedProfileState.APPLIED


async def test_a_share_of_applications_goes_to_a_second_clerk_who_may_refuse(both: ProfileAndDesk) -> None:
    await both.apply()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    with patch("poreka.systems.trusted_profile.office.decisions.drawn_of", lambda _key, _id: -1):
        page = await grazyna.decide(await grazyna.browser.open(f"{CASE}/confirm/office"), "/confirm/office", **CHECKED)
    assert "Ten wniosek jest już potwierdzony przez Ciebie" in page.text
    form = await robert.browser.open(f"{CASE}/refuse")
    page = await robert.decide(form, "/refuse", way="office", reason="photo_differs")
    assert "Wniosek odrzucony" in page.text
    assert await state_of(both) is TrustedProfileState.REFUSED


async def test_an_open_session_without_the_key_confirms_and_refuses_nothing(both: ProfileAndDesk) -> None:
    await both.apply()
    clerk = await both.clerk()
    page = await (await clerk.browser.open(f"{CASE}/confirm/office")).submit("/confirm/office", **CHECKED)
    assert page.status == 422
    assert "Klucz nie podpisał tej decyzji" in page.text
    page = await (await clerk.browser.open(f"{CASE}/refuse")).submit("/refuse", way="office", reason="not_seen")
    assert page.status == 422
    assert await state_of(both) is TrustedProfileState.APPLIED
    signature = clerk.signature(page, "/refuse", way="office", reason="not_seen")
    other = await page.submit("/refuse", way="office", reason="data_differ", credential=signature)
    assert other.status == 422, "another reason than the one that was signed"
    assert await state_of(both) is TrustedProfileState.APPLIED


async def test_the_clerk_sees_enough_of_phone_and_e_mail_to_ask_about_them(both: ProfileAndDesk) -> None:
    owned = await both.apply()
    clerk = await both.clerk()
    page = await clerk.browser.open(CASE)
    assert f"••• ••• {owned.phone[-3:]}" in page.text
    assert "e•••@poczta.example" in page.text
    assert owned.phone not in page.response.text
    assert owned.email not in page.response.text


async def test_the_signature_stays_with_the_decision_and_both_logs_name_it(both: ProfileAndDesk) -> None:
    await both.apply()
    clerk = await both.clerk()
    await clerk.decide(await clerk.browser.open(f"{CASE}/confirm/office"), "/confirm/office", **CHECKED)
    kept = await both.pz.applications.decision("ewa")
    assert kept is not None
    assert kept.signed is not None
    assert kept.signed.said.splitlines()[0] == f"confirm/office {NUMBER}"
    assert "document=identity_card" in kept.signed.said
    named = signature_hash(kept.signed)
    for system, event in ((both.pz, "ApplicationConfirmed"), (both.desk, "ClerkActed")):
        rows = await system.database.all("SELECT details FROM audit_entries WHERE event = $1", event)
        assert named in rows[-1]["details"]


async def test_the_address_of_a_former_profile_is_told_too(both: ProfileAndDesk) -> None:
    former = await both.make_profile(pesel=EWA, name="ewa-stara")
    both.clock.advance(4 * 365 * 24 * 3600)
    await both.apply()
    clerk = await both.clerk()
    await clerk.decide(await clerk.browser.open(f"{CASE}/confirm/office"), "/confirm/office", **CHECKED)
    await both.worker.send_due()
    told = {message.recipient: message.body.partition("\n")[0] for message in both.mail.messages}
    assert told["ewa@poczta.example"] == "Profil Zaufany jest ważny"
    assert told[former.email] == "Nowy Profil Zaufany na Twoje dane"


async def test_of_two_clerks_at_once_one_wins_and_the_other_is_told(both: ProfileAndDesk) -> None:
    await both.apply()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    yes = await grazyna.browser.open(f"{CASE}/confirm/office")
    no = await robert.browser.open(f"{CASE}/refuse")
    pages = await asyncio.gather(
        grazyna.decide(yes, "/confirm/office", **CHECKED), robert.decide(no, "/refuse", way="office", reason="not_seen")
    )
    assert sorted(page.status for page in pages) == [200, 409]
    assert "Ktoś inny był szybszy" in next(page.text for page in pages if page.status == 409)
    assert len(await both.letters()) == 1
    events = await both.events()
    assert events.count("ApplicationConfirmed") + events.count("ApplicationRefused") == 1


async def test_a_decided_or_lapsed_application_waits_no_more(both: ProfileAndDesk) -> None:
    owned = await both.apply()
    clerk = await both.clerk()
    both.clock.advance(owned.profile.until - both.clock() - 60)
    assert (await both.sign_in(clerk)).path == "/"
    form = await clerk.browser.open(f"{CASE}/confirm/office")
    both.clock.advance(60)
    assert "Żaden wniosek nie czeka" in (await clerk.browser.open("/")).text
    page = await clerk.decide(form, "/confirm/office", **CHECKED)
    assert page.status == 409
    assert "przepadł" in page.text
    assert (await clerk.browser.open(f"{CASE}/refuse")).path == CASE


async def test_a_valid_profile_is_not_replaced_by_one_clerks_word(both: ProfileAndDesk) -> None:
    """Whoever could do that alone could take anybody's identity over; a locked one gives way, as everywhere."""
    await both.apply()
    held = await both.make_profile(pesel=EWA, name="ewa-stara")
    clerk = await both.clerk()
    page = await clerk.browser.open(CASE)
    assert "ma ważny Profil Zaufany" in page.text
    assert (await clerk.browser.open(f"{CASE}/confirm/office")).path == CASE
    told = {"clerk": clerk.named(), "check": FULL}
    assert (await both.call(f"/desk{CASE}/confirm", told)).status_code == 409
    assert await state_of(both) is TrustedProfileState.APPLIED
    locked = lock(held.profile, both.clock())
    assert isinstance(locked, TrustedProfile)
    await both.pz.profiles.save(both.pz.database, held, held.under(locked))
    page = await clerk.decide(await clerk.browser.open(f"{CASE}/confirm/office"), "/confirm/office", **CHECKED)
    assert "Wniosek potwierdzony" in page.text
    old = await both.loaded("ewa-stara")
    assert (old.profile.state, old.profile.ended_by) == (TrustedProfileState.INVALIDATED, EndedBy.REPLACED)


async def test_an_expired_profile_is_in_nobodys_way(both: ProfileAndDesk) -> None:
    await both.make_profile(pesel=EWA, name="ewa-stara")
    both.clock.advance(4 * 365 * 24 * 3600)
    await both.apply()
    clerk = await both.clerk()
    page = await clerk.decide(await clerk.browser.open(f"{CASE}/confirm/office"), "/confirm/office", **CHECKED)
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
    for page in (await clerk.browser.open("/"), await clerk.decide(form, "/confirm/office", **CHECKED)):
        assert page.status == 503
        assert "Profil Zaufany nie odpowiada" in page.heading
        assert "Nie wiadomo, czy ostatnia decyzja" in page.text
        assert page.response.headers["retry-after"]
    both.away.clear()
    assert await state_of(both) is TrustedProfileState.APPLIED


async def test_nothing_of_a_case_stays_at_the_desk(both: ProfileAndDesk) -> None:
    await both.apply()
    clerk = await both.clerk()
    form = await clerk.browser.open(f"{CASE}/refuse")
    await clerk.decide(form, "/refuse", way="office", reason="data_differ", note="inne nazwisko")
    rows = await both.desk.database.all("SELECT event, details FROM audit_entries WHERE event = 'ClerkActed'")
    (details,) = [row["details"] for row in rows]
    assert details.startswith(f'{{"act":"refuse","case":"{NUMBER}","outcome":"done","signed":"')
    tables = await both.desk.database.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    for table in (row["name"] for row in tables):
        text = repr([dict(row) for row in await both.desk.database.all(f"SELECT * FROM {table}")])
        assert EWA not in text
        assert "Wójcik" not in text
        assert "inne nazwisko" not in text
