"""What every relying system may conclude from what a provider said (docs/adr/0030), by the same journeys at each."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.rules.anothers_word import WORD_LIFE
from poreka.rules.people.pesel import Pesel
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.patients import rows_of
from tests.support.profile_and_app import PESEL, ProfileAndApp
from tests.support.relying_systems import (
    PROVIDER,
    RELYING,
    STANISLAW,
    RelyingSystem,
    RelyingSystems,
    relying_systems,
)
from tests.support.scripted_provider import Person

NEWCOMER = Person(given_name="Jan", family_name="Kowalski", pesel="83041741039", sub="sub-jan")
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"


@pytest_asyncio.fixture
async def every(tmp_path: Path) -> AsyncIterator[RelyingSystems]:
    async with relying_systems(tmp_path) as running:
        yield running


@pytest.fixture(params=RELYING)
def one(every: RelyingSystems, request: pytest.FixtureRequest) -> RelyingSystem:
    return every[request.param]


async def test_who_is_vouched_for_gets_in(one: RelyingSystem) -> None:
    browser, _ = await one.enters()
    assert await one.is_inside(browser)


# --- when, how and how strongly ------------------------------------------------------------------------


async def test_a_session_is_as_old_as_the_providers_word_says(one: RelyingSystem) -> None:
    earlier = one.system.clock() - 480
    one.provider.spoil_id_token = {"auth_time": earlier}
    await one.enters()
    assert {session.auth_time for session in await one.sessions()} == {earlier}


async def test_a_sign_in_in_the_providers_future_counts_from_now(one: RelyingSystem) -> None:
    one.provider.spoil_id_token = {"auth_time": one.system.clock() + 5}
    await one.enters()
    assert {session.auth_time for session in await one.sessions()} == {one.system.clock()}


async def test_a_sign_in_that_does_not_say_when_is_never_taken_for_a_new_one(one: RelyingSystem) -> None:
    one.provider.spoil_id_token = {"auth_time": None}
    await one.enters()
    assert all(session.auth_time == 0 for session in await one.sessions())


@pytest.mark.parametrize("acr", ["http://eidas.europa.eu/LoA/low", "urn:unknown", None])
async def test_a_level_lower_than_asked_opens_nothing(one: RelyingSystem, acr: str | None) -> None:
    one.provider.spoil_id_token = {"acr": acr}
    if one.key == "pue" and acr == "http://eidas.europa.eu/LoA/low":
        one.provider.spoil_id_token = {"acr": "urn:lower"}  # the portal lets low in where nothing more is at stake
    browser, _ = await one.enters()
    assert not await one.is_inside(browser)


# --- whose word it is -----------------------------------------------------------------------------------


def as_person(**changes: str) -> Person:
    return replace(STANISLAW, **changes)


async def known_at(every: RelyingSystems, key: str) -> RelyingSystem:
    """Stanisław entered once, as himself, and nobody is inside any more."""
    one = every[key]
    await one.enters()
    every.clock.advance(9 * 3600)
    return one


STRANGERS = {
    "another name altogether": {"given_name": "Zenon", "family_name": "Obcy"},
    "a relative": {"given_name": "Zenon"},
}


@pytest.mark.parametrize("sub", ["sub-zenon", STANISLAW.sub], ids=["unknown", "a sub passed on"])
@pytest.mark.parametrize("names", list(STRANGERS.values()), ids=list(STRANGERS))
@pytest.mark.parametrize("key", RELYING)
async def test_a_wrong_pesel_at_one_provider_opens_nobodys_account_and_renames_nobody(
    every: RelyingSystems, key: str, names: dict[str, str], sub: str
) -> None:
    one = await known_at(every, key)
    one.provider.person = as_person(sub=sub, **names)
    browser, page = await one.enters()
    assert page.path == f"/not-signed-in/{PROVIDER[key]}/other_person" or page.status == 403
    assert not await one.is_inside(browser)
    assert await EVIDENCE[key](every) == "Stanisław Gołąb"
    assert "Gołąb" not in page.text
    refusals = await one.details("EntryRefused") or await every["ikp"].details("EntryRefused")
    assert "given_name" in refusals[-1]


async def name_at_pz(every: RelyingSystems) -> str:
    owned = await every["pz"].system.profiles.load("stanislaw")
    return f"{owned.profile.facts.first_name} {owned.profile.facts.surname}"


async def name_at_portal(every: RelyingSystems) -> str:
    profile = await every.portal.profiles.by_id("p-stanislaw")
    assert profile is not None
    return f"{profile.profile.facts.first_name} {profile.profile.facts.surname}"


async def name_at_account(every: RelyingSystems) -> str:
    account = await every.patients.ikp.accounts.by_pesel(Pesel(PESEL))
    assert account is not None
    return f"{account.facts.first_name} {account.facts.surname}"


EVIDENCE = {"pz": name_at_pz, "pue": name_at_portal, "ikp": name_at_account, "mojeikp": name_at_account}


@pytest.mark.parametrize("key", RELYING)
async def test_a_sub_that_passed_to_somebody_else_with_another_pesel_opens_nothing(
    every: RelyingSystems, key: str
) -> None:
    one = await known_at(every, key)
    one.provider.person = replace(NEWCOMER, sub=STANISLAW.sub)
    before = len(await one.sessions())
    browser, page = await one.enters()
    assert page.path == f"/not-signed-in/{PROVIDER[key]}/other_person" or page.status == 403
    assert not await one.is_inside(browser)
    assert len(await one.sessions()) == before


@pytest.mark.parametrize("told", [{"birthdate": "1971-12-01"}, {"birthdate": "1970"}, {"gender": "female"}])
async def test_a_birth_date_or_a_sex_that_is_not_the_pesels_opens_nothing(
    one: RelyingSystem, told: dict[str, str]
) -> None:
    one.provider.beside = told
    browser, page = await one.enters()
    assert page.status == 403
    assert not await one.is_inside(browser)
    assert "facts_contradict" in (await one.details("EntryFailed"))[-1]


async def test_a_birth_date_and_a_sex_that_are_the_pesels_disturb_nobody(one: RelyingSystem) -> None:
    one.provider.beside = {"birthdate": "1971-12-02", "gender": "male"}
    browser, _ = await one.enters()
    assert await one.is_inside(browser)


@pytest.mark.parametrize("spelt", ["  gołąb ", "GOŁĄB", "Goła\u0328b"])
async def test_a_name_spelt_otherwise_is_the_same_name(one: RelyingSystem, spelt: str) -> None:
    one.provider.person = as_person(family_name=spelt)
    browser, _ = await one.enters()
    assert await one.is_inside(browser)


async def test_another_surname_waits_for_the_owners_tool_once_and_is_known_from_then_on(every: RelyingSystems) -> None:
    pz, both = every["pz"], profile_of(every)
    pz.provider.person = as_person(family_name="Gołąb-Nowak", sub="sub-new")
    browser, page = await pz.enters()
    assert page.path.startswith("/link/")
    assert not await pz.is_inside(browser)
    page = await page.submit("/ask")
    await both.pz_worker.send_due()
    page = await page.submit("/code", code=both.phones.last_code())
    assert page.path == "/profile"
    assert await name_at_pz(every) == "Stanisław Gołąb", "the office changes names, no bank does"
    every.clock.advance(9 * 3600)
    _, page = await pz.enters()
    assert page.path == "/profile", "issuer and sub are known to be his"


async def test_who_has_not_the_owners_tool_gets_no_further_than_its_question(every: RelyingSystems) -> None:
    pz, both = every["pz"], profile_of(every)
    pz.provider.person = as_person(family_name="Inny", sub="sub-other")
    browser, page = await pz.enters()
    page = await page.submit("/ask")
    await both.pz_worker.send_due()
    wrong = str((int(both.phones.last_code()) + 1) % 1_000_000).zfill(6)
    await page.submit("/code", code=wrong)
    assert not await pz.is_inside(browser)
    every.clock.advance(WORD_LIFE)
    assert (await browser.open(page.path)).status == 410


async def test_the_question_of_the_owners_tool_dies_with_the_banks_session(every: RelyingSystems) -> None:
    pz, both = every["pz"], profile_of(every)
    pz.provider.person = as_person(family_name="Gołąb-Nowak", sub="sub-new")
    browser, page = await pz.enters()
    page = await page.submit("/ask")
    await both.pz_worker.send_due()
    code = both.phones.last_code()
    await pz.provider_signs_out()
    await browser.post(f"{page.path}/code", code=code)
    assert not await pz.is_inside(browser)


async def test_the_owner_is_told_of_a_stranger_with_their_pesel_but_not_flooded(every: RelyingSystems) -> None:
    pz, both = every["pz"], profile_of(every)
    pz.provider.person = as_person(given_name="Zenon", family_name="Obcy", sub="sub-zenon")
    for _ in range(20):
        await pz.enters()
    await both.pz_worker.send_due()
    told = [message for message in both.phones.messages if message.channel == "email"]
    assert 0 < len(told) < 12
    assert "Odmówiliśmy wejścia" in told[0].body
    assert "Obcy" not in told[0].body
    assert PESEL not in told[0].body


async def test_a_new_profile_is_no_way_past_the_names_of_the_former_one(every: RelyingSystems) -> None:
    pz = every["pz"]
    every.clock.advance(4 * 365 * 24 * 3600)  # the profile has expired
    pz.provider.person = as_person(given_name="Zenon", family_name="Obcy", sub="sub-zenon")
    _, page = await pz.enters()
    assert page.path.endswith("/other_person")


async def test_the_patient_account_takes_a_new_surname_from_who_vouched_before_and_from_nobody_else(
    every: RelyingSystems,
) -> None:
    ikp = await known_at(every, "ikp")
    ikp.provider.person = as_person(family_name="Gołąb-Nowak", sub="sub-unknown")
    _, page = await ikp.enters()
    assert page.path.endswith("/other_person")
    ikp.provider.person = as_person(family_name="Gołąb-Nowak")
    browser, _ = await ikp.enters()
    assert await ikp.is_inside(browser)
    assert await name_at_account(every) == "Stanisław Gołąb-Nowak"
    assert "PatientAccountRenamed" in await ikp.events()


# --- a way in that is left open -------------------------------------------------------------------------

PARKED = ("pz", "pue", "mojeikp")
"""The systems at which something is asked between a provider's word and what is made of it."""


@dataclass
class Parked:
    """What a person left open on the strength of a provider's word, and how it is gone on with."""

    one: RelyingSystem
    browser: AsgiBrowser
    page: AsgiPage

    async def goes_on(self) -> int:
        """The next step, as the page that was left open offers it; the status of the answer."""
        form = {
            "pz": ("/contact", CONTACT),
            "pue": ("/form", ENTRY),
            "mojeikp": ("/pin", {"pin": "7392", "pin_again": "7392", "name": "Telefon"}),
        }
        ending, answers = form[self.one.key]
        return (await self.page.submit(ending, **answers)).status

    async def made(self) -> int:
        """How much has come of it: profiles, accounts' devices."""
        table = {"pz": "trusted_profiles", "pue": "profiles", "mojeikp": "bindings"}[self.one.key]
        return await rows_of(self.one.system.database, table)


CONTACT = {
    "phone": "600100200",
    "email": "jan@poczta.example",
    "regulations": "yes",
}
ENTRY = {**CONTACT, "email_again": CONTACT["email"], "contact_data": "yes"}


async def parked_at(every: RelyingSystems, key: str) -> Parked:
    one = every[key]
    one.provider.person = NEWCOMER
    browser, page = await one.enters()
    assert page.status == 200, page.text
    return Parked(one, browser, page)


@pytest_asyncio.fixture(params=PARKED)
async def parked(every: RelyingSystems, request: pytest.FixtureRequest) -> Parked:
    return await parked_at(every, request.param)


@pytest.mark.parametrize("named", [{}, {"sid": None}], ids=["signed out there", "consent withdrawn there"])
async def test_a_way_in_left_open_dies_with_the_providers_session_and_with_the_consent(
    parked: Parked, named: dict[str, None]
) -> None:
    before = await parked.made()
    await parked.one.provider_signs_out(**named)
    await parked.goes_on()
    assert await parked.made() == before
    assert not await parked.one.is_inside(parked.browser)


@pytest.mark.parametrize("key", ["pue", "mojeikp"])
async def test_a_way_in_left_open_for_five_minutes_makes_nothing(every: RelyingSystems, key: str) -> None:
    parked = await parked_at(every, key)
    before = await parked.made()
    every.clock.advance(WORD_LIFE)
    await parked.goes_on()
    assert await parked.made() == before


async def test_within_five_minutes_it_goes_on(parked: Parked) -> None:
    before = await parked.made()
    parked.one.all.clock.advance(WORD_LIFE - 1)
    assert await parked.goes_on() == 200
    assert parked.one.key == "pz" or await parked.made() == before + 1


async def test_the_portal_asks_the_bank_again_and_what_was_typed_waits(every: RelyingSystems) -> None:
    parked, bank = await parked_at(every, "pue"), every["pue"].provider
    every.clock.advance(WORD_LIFE)
    page = await parked.page.submit("/form", **ENTRY)
    assert page.left_for is not None
    signed_in_before = every.clock() - WORD_LIFE - 5
    assert int(bank.asked[-1]["max_age"]) == WORD_LIFE + 5 + 10, "the same sign-in will do, as far as clocks agree"
    bank.spoil_id_token = {"auth_time": signed_in_before}
    page = await every["pue"].comes_back(parked.browser, page.left_for)
    fields = {node.attributes["name"]: node.attributes.get("value") for node in page.html.css("form input[name]")}
    assert (fields["phone"], fields["email"]) == (CONTACT["phone"], CONTACT["email"])
    page = await page.submit("/form", **ENTRY)
    assert page.path.startswith("/dashboard")


async def test_the_portal_takes_nobody_elses_word_for_an_entry_under_way(every: RelyingSystems) -> None:
    parked, one = await parked_at(every, "pue"), every["pue"]
    every.clock.advance(WORD_LIFE)
    page = await parked.page.submit("/form", **ENTRY)
    one.provider.person = STANISLAW
    page = await one.comes_back(parked.browser, page.left_for or "")
    assert page.path.startswith("/dashboard"), "he has a profile of his own"
    page = await parked.browser.open(parked.page.path)
    assert page.status == 410, "what waited in the browser before somebody signed in is over"


async def at_credentials(every: RelyingSystems, parked: Parked) -> AsgiPage:
    """Both codes of a new trusted profile are right."""
    both, page = profile_of(every), await parked.page.submit("/contact", **CONTACT)
    for _ in range(2):
        await both.pz_worker.send_due()
        code = re.findall(r"(?<!\d)\d{6}(?!\d)", both.phones.messages[-1].body)[-1]
        page = await page.submit("/code", code=code)
    return page


CREDENTIALS = {
    "user_name": "jan.kowalski",
    "password": "trzy-Sowy-na-dachu-7",
    "password_again": "trzy-Sowy-na-dachu-7",
}


async def test_a_profile_is_made_with_no_common_password(every: RelyingSystems) -> None:
    parked = await parked_at(every, "pz")
    page, before = await at_credentials(every, parked), await parked.made()
    common = {"password": "Wiosna2026!!", "password_again": "Wiosna2026!!"}
    page = await page.submit("/credentials", **(CREDENTIALS | common))
    assert "zbyt łatwe do odgadnięcia" in page.text
    assert await parked.made() == before


async def test_a_profile_is_made_of_no_word_that_is_older_than_five_minutes(every: RelyingSystems) -> None:
    parked, pz = await parked_at(every, "pz"), every["pz"]
    page = await at_credentials(every, parked)
    before = await parked.made()
    every.clock.advance(WORD_LIFE)
    page = await page.submit("/credentials", **CREDENTIALS)
    assert await parked.made() == before
    page = await page.submit("/word")
    assert page.left_for is not None, page.text
    page = await pz.comes_back(parked.browser, page.left_for)
    page = await page.submit("/credentials", **CREDENTIALS)
    assert await parked.made() == before + 1
    assert await pz.is_inside(parked.browser)


async def test_a_creation_parked_in_a_browser_dies_with_the_banks_session(every: RelyingSystems) -> None:
    parked, pz = await parked_at(every, "pz"), every["pz"]
    page, before = await at_credentials(every, parked), await parked.made()
    await pz.provider_signs_out()
    await page.submit("/credentials", **CREDENTIALS)
    assert await parked.made() == before
    assert not await pz.is_inside(parked.browser)


async def test_a_profile_that_was_made_rests_on_the_banks_session(every: RelyingSystems) -> None:
    parked, pz = await parked_at(every, "pz"), every["pz"]
    await (await at_credentials(every, parked)).submit("/credentials", **CREDENTIALS)
    assert await pz.is_inside(parked.browser)
    await pz.provider_signs_out()
    assert not await pz.is_inside(parked.browser)


async def test_another_persons_word_goes_into_no_creation_under_way(every: RelyingSystems) -> None:
    parked, pz = await parked_at(every, "pz"), every["pz"]
    page, before = await at_credentials(every, parked), await parked.made()
    every.clock.advance(WORD_LIFE)
    page = await (await parked.browser.open(page.path)).submit("/word")
    pz.provider.person = STANISLAW
    await pz.comes_back(parked.browser, page.left_for or "")
    await parked.browser.open(parked.page.path)
    assert await parked.made() == before


async def test_who_was_refused_can_begin_again_from_the_page_that_says_so(one: RelyingSystem) -> None:
    browser = AsgiBrowser(one.site)
    page = await browser.open(f"/not-signed-in/{PROVIDER[one.key]}/too_old")
    again = [form.attributes["action"] for form in page.html.css("main form")]
    page = await page.submit(again[0] or "")
    assert page.left_for is not None, page.text
    assert page.left_for.startswith(one.provider.issuer)


# --- the trusted profile restates it -------------------------------------------------------------------


def profile_of(every: RelyingSystems) -> ProfileAndApp:
    return every.patients.both


async def test_a_clients_wish_for_a_new_sign_in_goes_on_to_the_bank_and_its_answer_comes_back(
    every: RelyingSystems,
) -> None:
    pz, both = every["pz"], profile_of(every)
    await both.agreed("sandbox-fapi")
    client = both.service()
    browser, _ = await pz.enters()  # signed in a while ago
    every.clock.advance(480)
    page = await client.send(browser, prompt="login", acr_values=SUBSTANTIAL)
    page = await page.submit("/provider/millenet")
    asked = pz.provider.asked[-1]
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    signed_in_at = every.clock()
    pz.provider.spoil_id_token = {"auth_time": signed_in_at, "amr": ["pwd", "otp", "sms", "mfa"]}
    every.clock.advance(30)
    page = await pz.comes_back(browser, page.left_for or "")
    claims = await client.claims_of((await client.redeem(page.answer["code"])).json()["id_token"])
    assert claims["auth_time"] == signed_in_at
    assert (claims["acr"], claims["amr"]) == (SUBSTANTIAL, ["mfa", "otp", "pwd", "sms"])


@pytest.mark.parametrize("wish", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "60"}])
async def test_a_bank_that_answers_a_wish_for_a_new_sign_in_with_an_old_one_is_not_believed(
    every: RelyingSystems, wish: dict[str, str]
) -> None:
    pz, both = every["pz"], profile_of(every)
    await both.agreed("sandbox-fapi")
    browser, _ = await pz.enters()
    every.clock.advance(480)
    page = await both.service().send(browser, **wish)
    page = await page.submit("/provider/millenet")
    pz.provider.spoil_id_token = {"auth_time": every.clock() - 480}
    page = await pz.comes_back(browser, page.left_for or "")
    assert page.path == f"/not-signed-in/{PROVIDER['pz']}/too_old"


async def test_a_wish_for_a_certain_age_is_passed_on_as_it_is(every: RelyingSystems) -> None:
    pz, both = every["pz"], profile_of(every)
    await both.agreed("sandbox-fapi")
    browser, _ = await pz.enters()
    every.clock.advance(480)
    page = await both.service().send(browser, max_age="300")
    every.clock.advance(20)
    page = await page.submit("/provider/millenet")
    assert pz.provider.asked[-1]["max_age"] == "310", "what was old enough for the client then, less what clocks differ"
    assert "prompt" not in pz.provider.asked[-1]
    pz.provider.spoil_id_token = {"auth_time": every.clock() - 300}
    page = await pz.comes_back(browser, page.left_for or "")
    assert "code" in page.answer


async def test_a_further_factor_at_the_profile_makes_the_banks_sign_in_no_newer(every: RelyingSystems) -> None:
    pz, both = every["pz"], profile_of(every)
    pz.provider.spoil_id_token = {"auth_time": every.clock() - 400, "amr": ["pwd"]}
    browser, _ = await pz.enters()
    client = both.service()
    page = await (await client.send(browser)).submit("/consent", consent="yes")
    await both.pz_worker.send_due()
    page = await (await browser.open(page.path)).submit("/code", code=both.phones.last_code())
    claims = await client.claims_of((await client.redeem(page.answer["code"])).json()["id_token"])
    assert claims["auth_time"] == every.clock() - 400
    assert claims["amr"] == ["otp", "pwd", "sms"], "what the bank told, and what was used here"
    assert (await client.send(browser, max_age="300")).path.startswith("/sign-in")


async def test_the_profile_always_asks_its_bank_when_the_person_signed_in(every: RelyingSystems) -> None:
    pz = every["pz"]
    await pz.sets_out()
    assert int(pz.provider.asked[-1]["max_age"]) == pz.system.settings.system.session_seconds
