"""What is used up for one purpose leaves the others: of a customer's codes, and of what services may ask in the app."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.rules.limits.code_allowance import CodeAllowance
from poreka.rules.limits.limits import DAY, Limits
from tests.protocol.test_backchannel_authentication import ELSEWHERE, ask, by_pesel, newest, phone, poll
from tests.protocol.test_release import at_code, wrong
from tests.protocol.test_signing import at_signing, by_sms
from tests.support.in_process import BankInProcess
from tests.support.profile_and_app import PESEL, Handset, ProfileAndApp, profile_and_app

__all__ = ["phone"]
OPERATIONS = CodeAllowance().operations
STRANGER = "83041741039"


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        yield started


async def used_up(both: ProfileAndApp, count: int = OPERATIONS) -> None:
    """As many signatures begun and left as there are in a day."""
    await both.agreed()
    for _ in range(count):
        page = await at_signing(both)
        await page.submit("/operation")
        both.clock.advance(600)  # a phone gets so many messages an hour


async def test_signatures_that_were_begun_and_left_use_up_no_sign_in_and_nothing_of_ones_own(
    both: ProfileAndApp,
) -> None:
    await used_up(both)
    page = await at_signing(both)
    assert page.status == 403
    own = await both.owner()
    page = await (await own.open("/profile/contact/phone")).submit("/profile/contact/phone", phone="600201001")
    await both.pz_worker.send_due()
    page = await page.submit(page.path, code=both.phones.last_code())
    page = await page.submit("/ask")
    assert page.status == 200
    assert "Spróbuj ponownie po" not in page.text


async def test_whoever_has_none_left_is_told_from_when_there_are_and_then_there_are(both: ProfileAndApp) -> None:
    first = both.clock()
    await used_up(both)
    page = await at_signing(both)
    assert (page.status, "wyślemy dopiero po" in page.text) == (403, True)
    both.clock.advance(first + DAY - both.clock() + 60)
    page = await at_signing(both)
    assert page.status == 200


async def test_a_signature_that_was_authorised_is_given_back(both: ProfileAndApp) -> None:
    await used_up(both, OPERATIONS - 1)
    for _ in range(3):
        assert "code" in (await by_sms(both, await at_signing(both))).answer


async def test_wrong_codes_before_the_right_one_are_given_back(bank: BankInProcess) -> None:
    for _ in range(5):
        page, code = await at_code(bank)
        for by in (1, 2):
            page = await page.browser.open(page.path)
            await page.submit("/code", code=wrong(code, by))
        page = await page.browser.open(page.path)
        assert "code" in (await page.submit("/code", code=code)).answer
        await bank.bank.database.run("DELETE FROM consents")


async def test_one_service_asks_a_person_only_so_often_and_leaves_other_services_theirs(
    both: ProfileAndApp, phone: Handset
) -> None:
    most = Limits().questions_by_client
    codes = []
    for _ in range(most + 2):
        answer = await ask(both)
        codes.append(answer.status_code)
        both.clock.advance(150)
    assert set(codes[:most]) == {200}
    assert codes[most:] == [429, 429]
    assert answer.json()["error"] == "temporarily_unavailable"
    assert 0 < int(answer.headers["retry-after"]) <= DAY
    assert (await ask(both, both.service(*ELSEWHERE), **by_pesel(both))).status_code == 200


@pytest.mark.parametrize("pesel", [PESEL, STRANGER])
async def test_the_limit_tells_nothing_about_whether_somebody_is_known(both: ProfileAndApp, pesel: str) -> None:
    codes = [
        (await ask(both, both.service(*ELSEWHERE), **by_pesel(both, pesel))).status_code
        for _ in range(Limits().questions_by_client + 1)
    ]
    assert codes == [200] * Limits().questions_by_client + [429]


async def test_a_question_that_was_approved_is_given_back(both: ProfileAndApp, phone: Handset) -> None:
    for _ in range(Limits().questions_by_client + 2):
        taken = (await ask(both)).json()
        await both.pz_worker.send_due()
        page = await both.approve(phone, await newest(both), taken["matching_number"])
        assert page.status == 200
        both.clock.advance(10)
        assert (await poll(both, taken["auth_req_id"])).status_code == 200
        both.clock.advance(600)
        await both.unlocked(phone)
