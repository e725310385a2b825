"""What somebody gets who calls the trusted profile as a desk, with no secret, with a wrong document, or as no clerk.

Each answer is a clear refusal in JSON, and nothing is changed. The rules behind them are tried at the desk's own pages:
tests/systems/desk/test_desk_applications.py, tests/systems/desk/test_desk_four_eyes.py.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from poreka.contracts.desk_words import TrustedProfileState
from poreka.demo.walk.authenticator import Authenticator
from poreka.systems.trusted_profile.routes import ROUTES
from tests.support.profile_and_desk import EWA, GRAZYNA, JAN, NUMBER, ROBERT, ProfileAndDesk, profile_and_desk, signed

PATHS = [route.path for route in ROUTES if route.path.startswith("/desk/")]
FULL = {"way": "office", "document": "passport", "photo_fits": True, "data_agree": True}
CLERK = {"id": "c1", "name": "Grażyna Lis", "pesel": GRAZYNA}
STANISLAW, NOBODYS = "71120285435", "79090344729"
OTHER = {"id": "c2", "name": "Robert Sowa", "pesel": ROBERT}
CHANGED = {"first_name": "Jan", "surname": "Zmieniony", "pesel": JAN}
CASE = f"/desk/applications/{NUMBER}"


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndDesk]:
    async with profile_and_desk(tmp_path) as started:
        await started.apply()
        await started.make_profile()
        yield started


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "ł"])
async def test_without_the_secret_every_address_is_closed(both: ProfileAndDesk, token: str) -> None:
    for path in PATHS:
        document = {"clerk": CLERK, "check": FULL}
        filled = path.replace("{number}", NUMBER).replace("{profile}", "jan").replace("{proposal}", "p")
        if not token.isascii():
            token = token.encode().decode("latin-1")
        answer = await both.call(filled, document, token)
        assert answer.status_code == 401, path
        assert answer.json()["error"] == "invalid_client"
    assert (await both.loaded("ewa")).profile.state is TrustedProfileState.APPLIED


async def test_the_apps_secret_is_none_of_a_desk(both: ProfileAndDesk) -> None:
    """Systems that may do one thing may not do another."""
    assert (await both.call("/desk/applications", {"clerk": CLERK}, both.pz.app_secret)).status_code == 401


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"null",
        b"[" * 5000,
        b'{"clerk":"c1"}',
        b'{"clerk":{}}',
        b"\xff\xfe",
        {},
        {"clerk": {**CLERK, "pesel": "851212569836"}},
        {"clerk": {**CLERK, "pesel": "12345678901"}},
        {"clerk": {**CLERK, "id": ""}},
        {"clerk": {**CLERK, "id": "a\nb"}},
        {"clerk": {**CLERK, "name": "x" * 101}},
        {"clerk": {**CLERK, "role": "admin"}},
        {"clerk": CLERK, "more": 1},
    ],
)
async def test_who_names_no_clerk_properly_gets_nothing(both: ProfileAndDesk, document: Any) -> None:
    for path in ("/desk/applications", CASE, "/desk/profiles/jan", "/desk/proposals"):
        answer = await both.call(path, document)
        assert answer.status_code == 400, path
        assert answer.json()["error"] == "invalid_request"
        assert EWA not in answer.text


async def test_a_document_that_is_too_long_is_not_read(both: ProfileAndDesk) -> None:
    note = {"clerk": CLERK, "way": "office", "reason": "not_seen", "note": "x" * 501}
    assert (await both.call(f"{CASE}/refuse", note)).status_code == 400
    assert (await both.call(f"{CASE}/refuse", b'{"note":"' + b"x" * 70_000 + b'"}')).status_code == 413
    headers = [("authorization", f"Bearer {both.pz.desks[0].token}"), ("content-type", "text/plain")]
    answer = await both.pz_site.call("POST", "/desk/applications", body=b"{}", headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "check",
    [
        {**FULL, "photo_fits": False},
        {**FULL, "data_agree": False},
        {**FULL, "way": "video"},
        {**FULL, "way": "video", "call": "x" * 65},
        {**FULL, "call": "N-1"},
        {**FULL, "document": "library_card"},
        {name: value for name, value in FULL.items() if name != "photo_fits"},
    ],
)
async def test_no_desk_can_confirm_without_a_full_check(both: ProfileAndDesk, check: dict[str, Any]) -> None:
    answer = await both.call(f"{CASE}/confirm", {"clerk": CLERK, "check": check})
    assert answer.status_code == 400
    assert (await both.loaded("ewa")).profile.state is TrustedProfileState.APPLIED


async def test_a_clerks_own_case_is_refused_however_the_clerk_is_called(both: ProfileAndDesk) -> None:
    own = {"id": "somebody-else", "name": "Ktoś Inny", "pesel": EWA}
    shown = (await both.call(CASE, {"clerk": own})).json()
    assert (shown["own"], shown["pesel"]) == (True, "")
    for path, more in (
        ("confirm", {"check": FULL}),
        ("refuse", {"way": "office", "reason": "not_seen"}),
    ):
        answer = await both.call(f"{CASE}/{path}", {"clerk": own, **more})
        assert (answer.status_code, answer.json()["error"]) == (403, "own_case")
    assert (await both.loaded("ewa")).profile.state is TrustedProfileState.APPLIED


async def test_one_person_with_two_sign_ins_is_not_four_eyes(both: ProfileAndDesk) -> None:
    told = {"clerk": CLERK, "act": "invalidation", "reason": "misused"}
    made = await both.call("/desk/profiles/jan/proposals", told)
    assert made.status_code == 201
    at = f"/desk/proposals/{made.json()['id']}"
    for clerk in (CLERK, {**CLERK, "id": "c9", "name": "G. L."}, {**OTHER, "id": "c1"}):
        answer = await both.call(f"{at}/approve", {"clerk": clerk})
        assert (answer.status_code, answer.json()["error"]) == (403, "same_clerk")
    own = await both.call(f"{at}/approve", {"clerk": {**OTHER, "pesel": JAN}})
    assert (own.status_code, own.json()["error"]) == (403, "own_case")
    assert (await both.loaded("jan")).profile.state is TrustedProfileState.VALID
    assert (await both.call(f"{at}/approve", {"clerk": OTHER})).status_code == 200
    again = await both.call(f"{at}/approve", {"clerk": OTHER})
    assert (again.status_code, again.json()["error"]) == (409, "decided")


async def test_a_change_that_would_make_the_clerk_the_owner_is_refused(both: ProfileAndDesk) -> None:
    facts = {"first_name": "Robert", "surname": "Sowa", "pesel": ROBERT}
    told = {"act": "change", "reference": "USC 1", "facts": facts}
    refused = await both.call("/desk/profiles/jan/proposals", {"clerk": OTHER, **told})
    assert (refused.status_code, refused.json()["error"]) == (403, "own_case")
    made = (await both.call("/desk/profiles/jan/proposals", {"clerk": CLERK, **told})).json()
    refused = await both.call(f"/desk/proposals/{made['id']}/approve", {"clerk": OTHER})
    assert (refused.status_code, refused.json()["error"]) == (403, "own_case")
    assert (await both.loaded("jan")).profile.facts.pesel.digits == JAN


@pytest.mark.parametrize(
    "told",
    [
        {"act": "invalidation"},
        {"act": "death", "reference": ""},
        {"act": "change", "reference": "USC 1"},
        {"act": "change", "reference": "U", "facts": {"first_name": "1", "surname": "K", "pesel": JAN}},
        {"act": "change", "reference": "U", "facts": {"first_name": "J", "surname": "K", "pesel": "85121256980"}},
        {"act": "forgiveness", "reason": "misused"},
    ],
)
async def test_an_act_without_its_particulars_is_none(both: ProfileAndDesk, told: dict[str, Any]) -> None:
    answer = await both.call("/desk/profiles/jan/proposals", {"clerk": CLERK, **told})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert "ProposalMade" not in await both.events()


@pytest.mark.parametrize(
    "signed_as",
    [
        {},
        {"said": f"refuse {NUMBER}"},
        {"said": "confirm/office 4100200399"},
        {"said": f"confirm/office {NUMBER}\nmore"},
        {"token": "2.drawn.seal"},
        {"key": "YW5vdGhlcg"},
        {"public_key": "AAAA"},
        {"assertion": "{}"},
        {"assertion": "[" * 3000},
        {"assertion": "x" * 4097},
    ],
)
async def test_a_decision_that_no_key_signed_is_none(both: ProfileAndDesk, signed_as: dict[str, str]) -> None:
    right = signed(f"confirm/office {NUMBER}")
    told = {"clerk": CLERK, "check": FULL, "signed": right | signed_as if signed_as else {}}
    answer = await both.call(f"{CASE}/confirm", told)
    assert answer.status_code == 400
    assert answer.json()["error"] in ("not_signed", "invalid_request")
    assert (await both.loaded("ewa")).profile.state is TrustedProfileState.APPLIED
    assert (await both.call(f"{CASE}/confirm", {**told, "signed": right})).status_code == 200


async def test_a_signature_of_somebody_whose_check_failed_is_none(both: ProfileAndDesk) -> None:
    away = Authenticator("http://clerk.localhost:8000", verifies=False)
    told = {"clerk": CLERK, "check": FULL, "signed": signed(f"confirm/office {NUMBER}", away)}
    answer = await both.call(f"{CASE}/confirm", told)
    assert (answer.status_code, answer.json()["error"]) == (400, "not_signed")


async def test_no_list_of_cases_tells_whose_they_are(both: ProfileAndDesk) -> None:
    told = {"clerk": CLERK, "act": "change", "reference": "USC 1", "note": "dla Jana", "facts": CHANGED}
    assert (await both.call("/desk/profiles/jan/proposals", told)).status_code == 201
    for path, key in (("/desk/applications", "applications"), ("/desk/proposals", "proposals")):
        for clerk in (CLERK, OTHER):
            answer = await both.call(path, {"clerk": clerk})
            assert len(answer.json()[key]) == 1
            for secret in (EWA, JAN, "Wójcik", "Ewa", "Kowalski", "Zmieniony", "dla Jana", "USC 1"):
                assert secret not in answer.text, (path, secret)


async def test_a_look_at_ones_own_application_is_recorded_too(both: ProfileAndDesk) -> None:
    for clerk in (CLERK, {**OTHER, "pesel": EWA}):
        assert (await both.call(CASE, {"clerk": clerk})).status_code == 200
    assert (await both.events()).count("ApplicationOpened") == 2


async def test_what_is_not_there_is_not_there(both: ProfileAndDesk) -> None:
    """An application is no valid profile, and an id that was made up is nothing."""
    for path, more in (
        ("/desk/applications/0000000000", {}),
        ("/desk/applications/x/confirm", {"check": FULL}),
        ("/desk/profiles/ewa", {}),
        ("/desk/profiles/nobody/proposals", {"act": "death", "reference": "Akt 1"}),
        ("/desk/proposals/nothing", {}),
        ("/desk/proposals/nothing/approve", {}),
        ("/desk/profiles", {"pesel": EWA}),
    ):
        answer = await both.call(path, {"clerk": CLERK, **more})
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found"), path


async def test_however_many_confirm_at_once_one_profile_is_made(both: ProfileAndDesk) -> None:
    told = {"clerk": CLERK, "check": FULL}
    answers = await asyncio.gather(*(both.call(f"{CASE}/confirm", told) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [200] + [409] * 5
    assert (await both.events()).count("TrustedProfileMade") == 1


async def test_two_applications_of_one_person_do_not_make_two_profiles(both: ProfileAndDesk) -> None:
    await both.apply(number="4100200399", name="ewa-druga")
    told = {"clerk": CLERK, "check": FULL}
    answers = await asyncio.gather(
        both.call(f"{CASE}/confirm", told), both.call("/desk/applications/4100200399/confirm", told)
    )
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert next(one for one in answers if one.status_code == 409).json()["error"] == "held"


async def test_two_changes_to_one_pesel_at_once_make_one_owner(both: ProfileAndDesk) -> None:
    """Each is fine by itself when it is looked at; the database has the last word."""
    await both.make_profile(pesel=STANISLAW, name="stanislaw")
    facts = {"first_name": "Jan", "surname": "Nowy", "pesel": NOBODYS}
    told = {"clerk": CLERK, "act": "change", "reference": "USC 1", "facts": facts}
    made = [(await both.call(f"/desk/profiles/{name}/proposals", told)).json()["id"] for name in ("jan", "stanislaw")]
    approving = {"clerk": OTHER}
    answers = await asyncio.gather(*(both.call(f"/desk/proposals/{one}/approve", approving) for one in made))
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert next(one for one in answers if one.status_code == 409).json()["error"] == "pesel_held"
    rows = await both.pz.database.all("SELECT id FROM trusted_profiles WHERE surname = 'Nowy'")
    assert len(rows) == 1


async def test_no_answer_of_a_refusal_and_no_log_line_holds_a_pesel(
    both: ProfileAndDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    for document in ({"clerk": CLERK, "pesel": "88113052129x"}, {"clerk": CLERK, "pesel": EWA}):
        answer = await both.call("/desk/profiles", document)
        assert EWA not in answer.text
    said = capfd.readouterr()
    assert EWA not in said.out + said.err
    assert GRAZYNA not in said.out + said.err
    rows = await both.pz.database.all("SELECT details FROM audit_entries")
    assert not any(number in row["details"] for row in rows for number in (EWA, GRAZYNA, JAN))
