"""Acts on valid profiles: one clerk proposes, another decides; the end, a death, a change of facts (T6)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from poreka.contracts.desk_words import ProposalState, TrustedProfileState
from poreka.demo.clients import clients_at
from poreka.provider.store.relying_sign_ins import RelyingSignIn
from poreka.rules.authorising.tools import Held, Tool
from poreka.systems.trusted_profile.rules.profile import EndedBy, TrustedProfile, invalidate
from tests.support.asgi import AsgiPage
from tests.support.in_process import BEGINNING
from tests.support.profile_and_desk import EWA, GRAZYNA, JAN, Clerk, ProfileAndDesk, profile_and_desk

CHANGED = {"first_name": "Jan", "surname": "Kowalski-Nowak", "pesel": JAN, "reference": "USC 12/2027"}


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndDesk]:
    async with profile_and_desk(tmp_path) as started:
        yield started


async def proposed(clerk: Clerk, act: str, **fields: str) -> AsgiPage:
    """Found by the PESEL, and proposed."""
    page = await (await clerk.browser.open("/profiles")).submit("/profiles", pesel=JAN)
    return await clerk.decide(await clerk.browser.open(f"{page.path}/{act}"), f"/{act}", **fields)


async def invalidation(clerk: Clerk) -> AsgiPage:
    return await proposed(clerk, "invalidation", reason="misused", note="Zgłoszenie z 3 marca")


async def test_an_invalidation_takes_two_and_ends_everything(both: ProfileAndDesk) -> None:
    """Sessions, tokens' sign-ins, relying parties, phones; the owner is told why, and it is in the log."""
    await both.make_profile()
    await rests_on_it(both)
    owner = await both.owner()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    page = await invalidation(grazyna)
    assert "Propozycja czeka" in page.text
    assert page.html.css_first("main form") is None, "who proposed has no buttons"
    assert (await owner.open("/profile")).path == "/profile", "nothing changed yet"
    listed = await robert.browser.open("/proposals")
    assert "Kowalski" not in listed.text
    at = page.path.partition("?")[0]
    page = await robert.decide(await robert.browser.open(at), "/approve")
    assert "Zatwierdzona i wykonana" in page.text
    owned = await both.loaded("jan")
    assert (owned.profile.state, owned.profile.ended_by) == (TrustedProfileState.INVALIDATED, EndedBy.OFFICE)
    assert (await owner.open("/profile")).path.startswith("/sign-in")
    channels = await waiting_channels(both)
    assert channels == ["email", "logout", "phones"]
    assert "Profil Zaufany unieważniony przez urząd" in await both.letters()
    assert {"ProposalMade", "ProposalDecided", "TrustedProfileEnded"} <= set(await both.events())


async def test_after_a_death_nobody_is_written_to(both: ProfileAndDesk) -> None:
    await both.make_profile()
    await rests_on_it(both)
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    assert (await proposed(grazyna, "death", reference="")).status == 422
    page = await proposed(grazyna, "death", reference="Akt zgonu 77/2027")
    page = await robert.decide(await robert.browser.open(page.path.partition("?")[0]), "/approve")
    assert "Zatwierdzona" in page.text
    owned = await both.loaded("jan")
    assert owned.profile.ended_by is EndedBy.DEATH
    assert await waiting_channels(both) == ["logout", "phones"]


async def test_a_change_of_facts_keeps_the_profile_and_ends_what_had_the_old_ones(both: ProfileAndDesk) -> None:
    await both.make_profile()
    await rests_on_it(both)
    owner = await both.owner()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    page = await proposed(grazyna, "change", **CHANGED)
    page = await robert.decide(await robert.browser.open(page.path.partition("?")[0]), "/approve")
    assert "Zatwierdzona" in page.text
    owned = await both.loaded("jan")
    assert owned.profile.state is TrustedProfileState.VALID
    assert owned.profile.facts.surname == "Kowalski-Nowak"
    told = await both.pz.customers.by_id("jan")
    assert told is not None
    assert told.surname == "Kowalski-Nowak", "the next release tells the new facts"
    assert (await owner.open("/profile")).path.startswith("/sign-in")
    assert await waiting_channels(both) == ["email", "logout", "phones"]
    assert await both.pz.tools.current("jan") is Tool.SMS
    assert await both.pz.tools.held("jan") == []
    history = (await (await both.owner()).open("/profile/history")).text
    assert "Zmiana danych z rejestru PESEL" in history


async def test_a_new_pesel_is_found_and_the_old_one_is_free(both: ProfileAndDesk) -> None:
    await both.make_profile()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    page = await proposed(grazyna, "change", **{**CHANGED, "pesel": EWA})
    await robert.decide(await robert.browser.open(page.path.partition("?")[0]), "/approve")
    found = await (await robert.browser.open("/profiles")).submit("/profiles", pesel=EWA)
    assert found.path == "/profiles/jan"
    assert (await (await robert.browser.open("/profiles")).submit("/profiles", pesel=JAN)).status == 422
    await both.make_profile(name="jan-drugi")


async def test_one_valid_profile_of_a_pesel_holds_for_changes_too(both: ProfileAndDesk) -> None:
    """Refused when it is proposed, and again when it is approved: the other profile may have come meanwhile."""
    await both.make_profile()
    other = await both.make_profile(pesel=EWA, name="ewa")
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    page = await proposed(grazyna, "change", **{**CHANGED, "pesel": EWA})
    assert page.status == 422
    assert "Inny ważny profil ma już ten PESEL" in page.text
    ended = invalidate(other.profile, EndedBy.OWNER, both.clock())
    assert isinstance(ended, TrustedProfile)
    await both.pz.profiles.save(both.pz.database, other, other.under(ended))
    page = await proposed(grazyna, "change", **{**CHANGED, "pesel": EWA})
    await both.make_profile(pesel=EWA, name="ewa-nowa")
    page = await robert.decide(await robert.browser.open(page.path.partition("?")[0]), "/approve")
    assert page.status == 409
    assert "Inny ważny profil" in page.text
    assert (await both.loaded("jan")).profile.facts.pesel.digits == JAN
    assert page.html.css_first("main form") is not None, "it is still open, and can be rejected"


async def test_who_proposed_does_not_decide_whatever_is_sent(both: ProfileAndDesk) -> None:
    await both.make_profile()
    grazyna = await both.clerk()
    page = await invalidation(grazyna)
    for act in ("approve", "reject"):
        answer = await both.call(f"/desk{page.path.partition('?')[0]}/{act}", {"clerk": grazyna.named()})
        assert (answer.status_code, answer.json()["error"]) == (403, "same_clerk")
    assert (await both.loaded("jan")).profile.state is TrustedProfileState.VALID


async def test_nobody_acts_on_their_own_profile(both: ProfileAndDesk) -> None:
    """Not proposing, not deciding, and not where a change would make the clerk the owner."""
    await both.make_profile(pesel=GRAZYNA, name="grazyna")
    await both.make_profile()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    page = await (await grazyna.browser.open("/profiles")).submit("/profiles", pesel=GRAZYNA)
    assert "To Twój własny profil" in page.text
    assert GRAZYNA not in page.response.text
    assert (await grazyna.browser.open("/profiles/grazyna/invalidation")).path == "/profiles/grazyna"
    told = {"clerk": grazyna.named(), "act": "invalidation", "reason": "misused"}
    assert (await both.call("/desk/profiles/grazyna/proposals", told)).status_code == 403
    made = await robert.decide(
        await robert.browser.open("/profiles/grazyna/invalidation"), "/invalidation", reason="misused"
    )
    page = await grazyna.browser.open(made.path.partition("?")[0])
    assert "Ta sprawa dotyczy Ciebie" in page.text
    assert (await both.call(f"/desk{page.path}/approve", {"clerk": grazyna.named()})).status_code == 403
    page = await proposed(grazyna, "change", **{**CHANGED, "pesel": GRAZYNA})
    assert page.status == 422


async def test_rejected_or_lapsed_nothing_changes(both: ProfileAndDesk) -> None:
    await both.make_profile()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    at = (await invalidation(grazyna)).path.partition("?")[0]
    second = await grazyna.decide(await grazyna.browser.open("/profiles/jan/death"), "/death", reference="Akt 1")
    assert second.status == 422
    assert "czeka już inna propozycja" in second.text
    page = await robert.decide(await robert.browser.open(at), "/reject", note="Brak podstaw")
    assert "Odrzucona" in page.text
    at = (await invalidation(grazyna)).path.partition("?")[0]
    both.clock.advance(7 * 24 * 3600 - 60)
    await both.sign_in(robert)
    form = await robert.browser.open(at)
    both.clock.advance(60)
    page = await robert.decide(form, "/approve")
    assert page.status == 409
    assert "Przepadła" in page.text
    assert "Nic nie czeka" in (await robert.browser.open("/proposals")).text
    await both.sign_in(grazyna)
    assert "Propozycja czeka" in (await invalidation(grazyna)).text, "what lapsed is in nobody's way"
    assert (await both.loaded("jan")).profile.state is TrustedProfileState.VALID


async def test_of_two_decisions_at_once_one_counts(both: ProfileAndDesk) -> None:
    await both.make_profile()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    at = (await invalidation(grazyna)).path.partition("?")[0]
    form = await robert.browser.open(at)
    again = await robert.browser.open(at)
    pages = await asyncio.gather(robert.decide(form, "/approve"), robert.decide(again, "/reject", note=""))
    assert sum(page.status == 200 for page in pages) == 1
    assert (await both.events()).count("ProposalDecided") == 1


async def test_a_profile_that_ended_meanwhile_is_left_alone(both: ProfileAndDesk) -> None:
    owned = await both.make_profile()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    at = (await invalidation(grazyna)).path.partition("?")[0]
    ended = invalidate(owned.profile, EndedBy.OWNER, both.clock())
    assert isinstance(ended, TrustedProfile)
    await both.pz.profiles.save(both.pz.database, owned, owned.under(ended))
    page = await robert.decide(await robert.browser.open(at), "/approve")
    assert page.status == 409
    assert "stracił tymczasem ważność" in page.text
    assert (await both.loaded("jan")).profile.ended_by is EndedBy.OWNER


async def test_every_look_at_a_profile_is_in_its_owners_history(both: ProfileAndDesk) -> None:
    await both.make_profile()
    clerk = await both.clerk()
    page = await (await clerk.browser.open("/profiles")).submit("/profiles", pesel=EWA)
    assert page.status == 422
    assert "Nikt o tym numerze PESEL" in page.text
    assert (await (await clerk.browser.open("/profiles")).submit("/profiles", pesel="12345678901")).status == 422
    await (await clerk.browser.open("/profiles")).submit("/profiles", pesel=JAN)
    looks = sorted(one for one in await both.events() if one.startswith("Profile"))
    assert looks == ["ProfileOpened", "ProfileSought", "ProfileSought"]
    history = (await (await both.owner()).open("/profile/history")).text
    assert "Urzędnik obejrzał profil" in history


async def test_every_look_at_a_proposal_is_in_its_owners_history(both: ProfileAndDesk) -> None:
    """Also a look at one that was decided, and one by whom it concerns."""
    await both.make_profile()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    at = (await invalidation(grazyna)).path.partition("?")[0]
    await robert.browser.open("/proposals")
    assert (await both.events()).count("ProposalOpened") == 1, "of who proposed; the list told nothing"
    shown = await robert.browser.open(at)
    assert JAN in shown.text
    assert (await both.events()).count("ProposalOpened") == 2
    await both.call(f"/desk/proposals/{at.rpartition('/')[2]}", {"clerk": robert.named(pesel=JAN)})
    assert (await both.events()).count("ProposalOpened") == 3
    history = (await (await both.owner()).open("/profile/history")).text
    assert history.count("Urzędnik obejrzał sprawę tego profilu") == 3
    assert "Urzędnik szukał profilu po numerze PESEL" in history


async def test_an_open_session_without_the_key_proposes_and_decides_nothing(both: ProfileAndDesk) -> None:
    await both.make_profile()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    page = await (await grazyna.browser.open("/profiles")).submit("/profiles", pesel=JAN)
    form = await grazyna.browser.open(f"{page.path}/invalidation")
    page = await form.submit("/invalidation", reason="misused")
    assert page.status == 422
    assert "Klucz nie podpisał tej decyzji" in page.text
    assert "ProposalMade" not in await both.events()
    at = (await grazyna.decide(page, "/invalidation", reason="misused")).path.partition("?")[0]
    for act in ("approve", "reject"):
        page = await (await robert.browser.open(at)).submit(f"/{act}")
        assert page.status == 422
        assert "Klucz nie podpisał tej decyzji" in page.text
    assert "ProposalDecided" not in await both.events()
    assert (await both.events("desk")).count("ClerkKeyRefused") == 3


async def test_a_touch_counts_for_one_decision_on_one_case_and_all_that_was_typed(both: ProfileAndDesk) -> None:
    await both.make_profile()
    grazyna, robert = await both.clerk(), await both.clerk("robert.sowa")
    at = (await invalidation(grazyna)).path.partition("?")[0]
    page = await robert.browser.open(at)
    yes = robert.signature(page, "/approve")
    page = await page.submit("/reject", note="", credential=yes)
    assert page.status == 422
    noted = robert.signature(page, "/reject", note="Brak podstaw")
    page = await page.submit("/reject", note="Coś innego", credential=noted)
    assert page.status == 422
    another = grazyna.signature(page, "/approve")
    page = await page.submit("/approve", credential=another)
    assert page.status == 422
    kept = await both.pz.proposals.load(at.rpartition("/")[2])
    assert kept is not None
    assert kept.rule.state is ProposalState.OPEN
    right = robert.signature(page, "/approve")
    assert (await page.submit("/approve", credential=right)).status == 200
    assert (await page.submit("/approve", credential=right)).status == 422, "used up"


async def rests_on_it(both: ProfileAndDesk) -> None:
    """A session with a sign-in at a relying party that wants to hear of its end, and a phone that approves."""
    await both.owner()
    session = (await both.pz.sessions.of_person("jan"))[0]
    client = next(
        one for one in clients_at(lambda key: f"http://{key}.localhost:8000", "pz") if one.backchannel_logout_uri
    )
    sign_in = RelyingSignIn(
        grant_id="g1",
        person_id="jan",
        client_id=client.client_id,
        sid=session.sid,
        subject="sub",
        signed_in_at=BEGINNING,
        expires_at=BEGINNING + 3600,
    )
    pz = both.pz
    await pz.database.insert(pz.clients.adding(client, BEGINNING), pz.relying_sign_ins.adding(sign_in))
    async with pz.database.transaction() as transaction:
        await pz.tools.hold(transaction, "jan", Held(tool=Tool.PUSH))
        await pz.tools.choose(transaction, "jan", Tool.PUSH)


async def waiting_channels(both: ProfileAndDesk) -> list[str]:
    rows = await both.pz.database.all("SELECT channel FROM outbox ORDER BY channel")
    return [row["channel"] for row in rows]
