"""Browser sessions: a new secret at every sign-in and step-up, activity written down once a minute."""

import pytest
from starlette.responses import Response

from poreka.rules.levels import Factor
from poreka.store.database import Stale
from poreka.web.sessions import Details, details_of, new_session, session_of, set_session_cookie, step_up
from tests.support.asgi import request_of
from tests.support.in_process import BankInProcess
from tests.web.requests_by_hand import request


def with_cookie(value: str) -> list[tuple[str, str]]:
    return [("cookie", f"session={value}")]


async def opened(bank: BankInProcess, *factors: Factor) -> str:
    new = new_session(request_of(""), bank.bank, "jan", factors or (Factor.PASSWORD,), Details(name="Jan Kowalski"))
    await bank.bank.database.insert(new.row)
    return new.cookie


async def test_every_session_has_a_secret_of_its_own(bank: BankInProcess) -> None:
    cookies = {await opened(bank) for _ in range(5)}
    assert len(cookies) == 5
    assert {len(cookie) for cookie in cookies} == {43}
    rows = await bank.bank.database.all("SELECT * FROM sessions")
    assert not any(cookie in repr([tuple(row) for row in rows]) for cookie in cookies)
    assert "Kowalski" not in repr([tuple(row) for row in rows])


async def test_a_session_is_found_by_its_cookie_and_by_nothing_else(bank: BankInProcess) -> None:
    cookie = await opened(bank)
    session = await session_of(request(headers=with_cookie(cookie)), bank.bank)
    assert session is not None
    assert (session.person_id, details_of(session).name) == ("jan", "Jan Kowalski")
    for other in ("", "x" * 43, session.sid, cookie[:-1], cookie + "a"):
        assert await session_of(request(headers=with_cookie(other)), bank.bank) is None
    assert await session_of(request(), bank.bank) is None


async def test_being_active_is_written_down_at_most_once_a_minute(bank: BankInProcess) -> None:
    cookie = await opened(bank)
    began = bank.clock()

    async def written() -> int:
        await session_of(request(headers=with_cookie(cookie)), bank.bank)
        row = await bank.bank.database.one("SELECT active_at FROM sessions")
        assert row is not None
        return int(row["active_at"]) - began

    seen = []
    for _ in range(5):
        seen.append(await written())
        bank.clock.advance(30)
    assert seen == [0, 0, 60, 60, 120]


async def test_a_session_idles_out_and_lives_out(bank: BankInProcess) -> None:
    cookie = await opened(bank)
    bank.clock.advance(599)
    assert await session_of(request(headers=with_cookie(cookie)), bank.bank) is not None
    bank.clock.advance(600)
    assert await session_of(request(headers=with_cookie(cookie)), bank.bank) is None

    cookie, alive = await opened(bank), 0
    while await session_of(request(headers=with_cookie(cookie)), bank.bank) is not None:
        bank.clock.advance(300)
        alive += 300
    assert alive == 8 * 3600


async def test_a_step_up_gives_a_new_secret_and_kills_the_old(bank_on_each: BankInProcess) -> None:
    system, old = bank_on_each.bank, await opened(bank_on_each)
    session = await session_of(request(headers=with_cookie(old)), system)
    assert session is not None
    bank_on_each.clock.advance(10)
    async with system.database.transaction() as transaction:
        fresh = await step_up(system, transaction, session, old, Factor.SMS_CODE)
    assert await session_of(request(headers=with_cookie(old)), system) is None
    stronger = await session_of(request(headers=with_cookie(fresh)), system)
    assert stronger is not None
    assert stronger.factors == (Factor.PASSWORD, Factor.SMS_CODE)
    assert (stronger.sid, stronger.auth_time) == (session.sid, session.auth_time)  # a further factor is no new sign-in
    with pytest.raises(Stale):
        async with system.database.transaction() as transaction:
            await step_up(system, transaction, session, old, Factor.SMS_CODE)


async def test_the_cookie_ends_with_the_browser(bank: BankInProcess) -> None:
    response = set_session_cookie(Response(), bank.bank, "s" * 43, "b" * 43)
    assert "Max-Age" not in response.headers["set-cookie"]
    assert "HttpOnly" in response.headers["set-cookie"]
