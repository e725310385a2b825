"""The owner at the desk confirms in the app what the clerk is about to propose; it is noted, and no eye of the four."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
import pytest_asyncio

from poreka.contracts.desk_words import TrustedProfileState
from poreka.oidc.provider.owner_approval import APPROVAL_LIFE
from poreka.running.foundation import lay
from poreka.systems.desk.build import build_desk
from poreka.systems.desk.profiles.asking import Asking
from poreka.systems.desk.system import DeskSystem
from tests.support.asgi import AsgiPage, Site
from tests.support.profile_and_app import REACH, AsgiChannel, Handset, ProfileAndApp, profile_and_app, settings_of
from tests.support.profile_and_desk import Clerk, ProfileAndDesk

PROFILE = "/profiles/stanislaw"


@pytest_asyncio.fixture
async def three(tmp_path: Path) -> AsyncIterator[tuple[ProfileAndApp, ProfileAndDesk]]:
    """Trusted profile, app and desk; Stanisław has a profile."""
    async with profile_and_app(tmp_path) as both:
        base = await lay(settings_of("clerk"), tmp_path, both.clock)
        with patch("poreka.systems.desk.build.BackChannel", AsgiChannel):
            running = await build_desk(base, {}, REACH)
        desk, pz = running.system, both.pz
        assert isinstance(desk, DeskSystem)
        AsgiChannel.sites["clerk.localhost:8000"] = Site(running.application, desk.origin)
        yield (
            both,
            ProfileAndDesk(
                pz=pz,
                desk=desk,
                base=base,
                running=[both.running[0], running],
                clock=both.clock,
                mail=both.phones,
                worker=both.pz_worker,
                away=both.away,
            ),
        )
        await running.stop()


async def asked(both: ProfileAndApp, clerk: Clerk) -> tuple[AsgiPage, str]:
    """The page that shows the digits, and the digits."""
    page = await (await clerk.browser.open(PROFILE)).submit("/ask")
    await both.pz_worker.send_due()
    shown = page.html.css_first(".p-facts__number")
    assert shown is not None, page.text
    return page, shown.text().strip()


async def answered(both: ProfileAndApp, phone: Handset, number: str) -> None:
    request = (await both.pz.app_requests.recent("stanislaw"))[0]
    await both.unlocked(phone)
    await both.approve(phone, request.id, number)


async def what_came_back(both: ProfileAndApp, desk: ProfileAndDesk) -> Asking:
    """What the desk keeps of its one question."""
    row = await desk.desk.database.one("SELECT id, browser_hash FROM journeys WHERE kind = 'desk_asks_owner'")
    assert row is not None
    kept = await desk.desk.journeys.load(row["id"], row["browser_hash"], both.clock())
    assert kept is not None
    return msgspec.json.decode(kept.state, type=Asking)


async def look(both: ProfileAndApp, page: AsgiPage) -> AsgiPage:
    await both.pz_worker.send_due()  # the ping, where somebody answered
    both.clock.advance(6)
    return await page.submit(page.path)


async def test_the_owners_word_is_noted_with_the_proposal(three: tuple[ProfileAndApp, ProfileAndDesk]) -> None:
    both, desk = three
    phone, clerk = await both.enrol(), await desk.clerk()
    page, number = await asked(both, clerk)
    assert "Odpowiedzi jeszcze nie ma" in (await look(both, page)).text
    await answered(both, phone, number)
    form = await look(both, page)
    assert form.path.startswith(f"{PROFILE}/invalidation?approval=")
    assert "Właściciel potwierdził w aplikacji" in form.text
    made = await clerk.decide(form, "/invalidation", reason="owner_asked")
    assert "potwierdził w aplikacji" in made.text
    assert (await desk.loaded("stanislaw")).profile.state is TrustedProfileState.VALID, "another clerk still decides"
    kept = await desk.pz.proposals.load(made.path.partition("?")[0].rpartition("/")[2])
    assert kept is not None
    assert kept.content.owner_approved
    assert (await both.events("pz")).count("ApprovedElsewhere") == 1


async def test_an_approval_counts_once_for_its_owner_and_for_a_quarter_of_an_hour(
    three: tuple[ProfileAndApp, ProfileAndDesk],
) -> None:
    both, desk = three
    phone, clerk, other = await both.enrol(), await desk.clerk(), await desk.clerk("robert.sowa")
    await desk.make_profile()
    page, number = await asked(both, clerk)
    await answered(both, phone, number)
    await look(both, page)
    asking = await what_came_back(both, desk)
    token = asking.approval
    told = {
        "clerk": clerk.named(),
        "act": "invalidation",
        "reason": "owner_asked",
        "reference": asking.case,
        "approval": token,
    }
    assert (await desk.call("/desk/profiles/jan/proposals", told)).status_code == 400, "another owner's"
    for wrong in (f"{token[:-2]}AA", "a.b.c", "eyJhbGciOiJub25lIn0.e30."):
        assert (await desk.call("/desk/profiles/stanislaw/proposals", {**told, "approval": wrong})).status_code == 400
    made = await desk.call("/desk/profiles/stanislaw/proposals", told)
    assert made.status_code == 201
    await desk.call(f"/desk/proposals/{made.json()['id']}/reject", {"clerk": other.named(), "note": ""})
    assert (await desk.call("/desk/profiles/stanislaw/proposals", told)).status_code == 409, "used up"
    both.clock.advance(APPROVAL_LIFE)
    assert (await desk.call("/desk/profiles/stanislaw/proposals", told)).status_code == 400, "too old"


async def test_who_has_no_app_or_refuses_looks_the_same_and_the_clerk_goes_on(
    three: tuple[ProfileAndApp, ProfileAndDesk],
) -> None:
    both, desk = three
    clerk = await desk.clerk()
    page, _ = await asked(both, clerk)
    both.clock.advance(200)
    page = await page.submit(page.path)
    assert page.path == f"{PROFILE}?note=not_approved"
    assert "Potwierdzenia w aplikacji nie ma" in page.text
    form = await clerk.browser.open(f"{PROFILE}/invalidation")
    assert "Propozycja czeka" in (await clerk.decide(form, "/invalidation", reason="owner_asked")).text


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": "000000"},
        {"reference": ""},
        {"reason": "misused"},
        {"reason": "made_wrongly"},
        {"act": "death", "reason": None},
        {"act": "change", "reason": None, "facts": {"first_name": "Jan", "surname": "Nowy", "pesel": "83041741039"}},
    ],
)
async def test_an_approval_counts_for_the_case_and_the_act_that_the_owner_read_and_no_other(
    three: tuple[ProfileAndApp, ProfileAndDesk], changes: dict[str, Any]
) -> None:
    both, desk = three
    phone, clerk = await both.enrol(), await desk.clerk()
    page, number = await asked(both, clerk)
    await answered(both, phone, number)
    await look(both, page)
    asking = await what_came_back(both, desk)
    told = {
        "clerk": clerk.named(),
        "act": "invalidation",
        "reason": "owner_asked",
        "reference": asking.case,
        "approval": asking.approval,
    }
    refused = await desk.call("/desk/profiles/stanislaw/proposals", told | changes)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
    assert "ProposalMade" not in await both.events("pz")
    assert (await desk.call("/desk/profiles/stanislaw/proposals", told)).status_code == 201, "it was not used up"


async def test_what_a_desk_asks_in_other_words_is_no_approval(
    three: tuple[ProfileAndApp, ProfileAndDesk],
) -> None:
    """A desk that asks about something harmless cannot say afterwards that the owner wanted the profile's end."""
    both, desk = three
    phone, clerk = await both.enrol(), await desk.clerk()
    harmless = desk.desk.texts["pl"].reworded({"desk.ask.message": "Umówienie wizyty, sprawa {number}"})
    with patch.dict(desk.desk.texts, {"pl": harmless}):
        page, number = await asked(both, clerk)
    await answered(both, phone, number)
    await look(both, page)
    asking = await what_came_back(both, desk)
    told = {"act": "invalidation", "reason": "owner_asked", "reference": asking.case, "approval": asking.approval}
    refused = await desk.call("/desk/profiles/stanislaw/proposals", {"clerk": clerk.named(), **told})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
    assert "ProposalMade" not in await both.events("pz")
