"""What somebody gains at the door by pretending: nothing that others inside, or programs, have to pay for.

A forged cookie, a made-up release and a made-up service each buy a look, and no more: the tests say how far it goes.
"""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from poreka.rules.limits.door import SLOWEST
from poreka.systems.bank.routes import ROUTES
from poreka.web.application import Application
from poreka.web.door.door import Door
from poreka.web.routes import Access, Route
from tests.support.asgi import Site
from tests.support.in_process import BankInProcess
from tests.web.door.test_door import Load, settled

MANY = 40


def overloaded(load: Load) -> Door:
    """A door at which passwords wait a hundred times as long as is bearable."""
    load.password_wait = 100.0
    door = load.door()
    load.next_interval(hashed=1)
    return door


def site_of(bank: BankInProcess, door: Door) -> Site:
    system = replace(bank.bank, door=door)
    return Site(Application(system, ROUTES, _away), bank.bank.origin)


async def _away(request: Request, system: object) -> Response:
    return PlainTextResponse("sign in", 401)


async def statuses(site: Site, path: str, *, cookie: str = "") -> Counter[int]:
    headers = [("cookie", cookie)] if cookie else []
    return Counter([(await site.call("GET", path, headers=headers)).status_code for _ in range(MANY)])


async def test_a_forged_session_begins_no_more_journeys_than_a_stranger_does(bank: BankInProcess) -> None:
    client = bank.fapi()
    site = site_of(bank, overloaded(Load()))
    forged = f"{bank.bank.cookies.name('session')}={'x' * 43}"
    answers = []
    for _ in range(MANY):
        path = client.authorize_path(await client.reference())
        answers.append((await site.call("GET", path, headers=[("cookie", forged)])).status_code)
    assert answers.count(503) >= MANY - SLOWEST
    assert len(await bank.bank.database.all("SELECT id FROM journeys")) <= SLOWEST


async def test_a_forged_session_opens_no_page_of_a_person_beyond_a_strangers_share(bank: BankInProcess) -> None:
    forged = f"{bank.bank.cookies.name('session')}={'x' * 43}"
    answers = await statuses(site_of(bank, overloaded(Load())), "/settings/security", cookie=forged)
    assert answers[503] >= MANY - SLOWEST


async def test_made_up_services_share_one_share(bank: BankInProcess) -> None:
    """Else a stranger with many names would be many services, and the real ones would get nothing."""
    load = Load()
    site = site_of(bank, load.door())
    load.password_wait = 1.0  # at what is bearable: as many come in as are finished
    assert await bank.bank.registry.find("sandbox-fapi") is not None
    let_in: Counter[str] = Counter()
    for round_ in range(8):
        load.next_interval(hashed=10)
        for n in range(MANY):
            made_up = await site.call("GET", f"/authorize?client_id=made-up-{n}")
            let_in["made up"] += round_ > 1 and made_up.status_code != 503
            if n % 10 == 9:
                real = await site.call("GET", "/authorize?client_id=sandbox-fapi")
                let_in["real"] += round_ > 1 and real.status_code != 503
    assert let_in["real"] >= let_in["made up"] / 2
    assert let_in["real"] > 0


async def test_those_who_pretend_to_be_inside_take_no_place_of_programs_or_newcomers(bank: BankInProcess) -> None:
    gate = asyncio.Event()

    async def slow(request: Request, system: object) -> Response:
        await gate.wait()
        return PlainTextResponse("done")

    routes = [
        Route("GET", "/slow/{journey}", slow, Access.ANYONE),
        Route("GET", "/jwks", slow, Access.CLIENT),
        Route("GET", "/new", slow, Access.ANYONE),
    ]
    site = Site(Application(replace(bank.bank, door=Load().door(inside=3)), routes, _away), bank.bank.origin)
    there = [asyncio.create_task(site.call("GET", f"/slow/forged-{n}")) for n in range(3)]
    await settled()
    assert (await site.call("GET", "/slow/forged")).status_code == 503
    assert (await site.call("GET", "/new?release=forged")).status_code == 503
    others = [asyncio.create_task(site.call("GET", path)) for path in ("/jwks", "/new")]
    gate.set()
    assert {one.status_code for one in await asyncio.gather(*there, *others)} == {200}


async def test_whoever_is_turned_away_left_nothing_behind(bank: BankInProcess) -> None:
    load = Load()
    door = overloaded(load)
    site = site_of(bank, door)
    tables = ("journeys", "sessions", "password_attempts", "audit_entries")
    before = {table: len(await bank.bank.database.all(f"SELECT * FROM {table}")) for table in tables}
    for n in range(MANY):
        await site.call("GET", f"/sign-in?client_id=made-up-{n}")
    assert before == {table: len(await bank.bank.database.all(f"SELECT * FROM {table}")) for table in tables}
    assert set(door._under_way.values()) == {0}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
async def test_an_address_that_is_not_there_costs_the_door_nothing(bank: BankInProcess, method: str) -> None:
    site = site_of(bank, overloaded(Load()))
    answer = await site.call(method, "/nothing-is-here")
    assert answer.status_code in (404, 405)
