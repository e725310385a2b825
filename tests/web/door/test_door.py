"""The door: what is turned away, before what, and how whoever is turned away goes on."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from poreka.hashing import passwords as password_pool
from poreka.hashing.passwords import Passwords
from poreka.rules.limits.door import INTERVAL, LATEST, SLOWEST, SOONEST, DoorLimits
from poreka.store.database import DatabaseUnavailable
from poreka.store.deadline import TooBusy, deadline, seconds_left
from poreka.web.application import Application
from poreka.web.browser.redirect import redirect
from poreka.web.door.door import Door
from poreka.web.routes import Access, Route
from tests.support.asgi import Site
from tests.support.in_process import BankInProcess

LEFT: list[float] = []


class Load:
    """How much there is to do, as a test wants it."""

    def __init__(self) -> None:
        self.password_wait, self.hashed, self.time = 0.0, 0, 0.0

    def door(self, **limits: Any) -> Door:
        return Door(DoorLimits(**limits), lambda: self.password_wait, lambda: self.hashed, lambda: self.time)

    def next_interval(self, hashed: int = 0) -> None:
        self.time += INTERVAL
        self.hashed += hashed


def let_in(door: Door, people: int, service: str = "") -> int:
    """How many of so many newcomers come in."""
    came = 0
    for _ in range(people):
        try:
            door.let_in(service)
        except TooBusy:
            continue
        came += 1
    return came


def test_without_too_much_to_do_everyone_comes_in() -> None:
    load = Load()
    door = load.door()
    for _ in range(5):
        load.next_interval(hashed=10)
        assert let_in(door, 1000) == 1000


def test_with_too_much_to_do_about_as_many_come_in_as_are_finished() -> None:
    load = Load()
    door = load.door()
    let_in(door, 100)
    load.password_wait = 1.0
    came = 0
    for _ in range(20):
        load.next_interval(hashed=13)
        came += let_in(door, 100)
    assert 13 * 20 * 0.9 <= came <= 13 * 20 * 1.1


def test_when_all_is_bearable_again_the_door_opens() -> None:
    load = Load()
    door = load.door()
    load.password_wait = 4.0
    load.next_interval(hashed=1)
    assert let_in(door, 100) < 100
    load.password_wait = 0.0
    for _ in range(30):
        load.next_interval(hashed=20)
        let_in(door, 5)
    load.next_interval()
    assert let_in(door, 100) == 100


def test_a_crowd_from_one_service_leaves_the_others_their_share() -> None:
    load = Load()
    door = load.door()
    load.password_wait = 1.0
    others = 0
    for round_ in range(20):
        load.next_interval(hashed=10)
        crowd = let_in(door, 500, "crowd")
        others += let_in(door, 2, "small")
        assert round_ == 0 or crowd > 0
    assert others >= 2 * 18


def test_a_process_that_stays_slow_is_noticed_without_a_single_password_and_a_slow_moment_is_not() -> None:
    load = Load()
    door = load.door(loop_wait=0.1)

    class SlowLoop:
        def call_soon(self, callback: Callable[[float], None], asked_at: float) -> None:
            callback(asked_at - 0.5)

    def slow() -> int:
        """For half a second; how many of a thousand newcomers come in after it."""
        for _ in range(20):
            door.feel(SlowLoop())  # type: ignore[arg-type]
        load.next_interval()
        return let_in(door, 1000)

    assert slow() == 1000
    load.next_interval()
    assert let_in(door, 1000) == 1000
    assert slow() == 1000
    assert slow() < 1000


async def waiting(request: Request, system: Any, session: Any = None) -> Response:
    LEFT.append(seconds_left(3600))
    await EVENT.wait()
    return PlainTextResponse("done")


EVENT = asyncio.Event()

ROUTES = [
    Route("GET", "/slow", waiting, Access.ANYONE),
    Route("GET", "/slow/{journey}", waiting, Access.ANYONE),
    Route("POST", "/slow/{journey}/step", waiting, Access.ANYONE),
    Route("GET", "/program", waiting, Access.CLIENT),
    Route("GET", "/mine", waiting, Access.PERSON),
]


async def away(request: Request, system: Any) -> Response:
    return redirect(request, system, "/sign-in")


@pytest.fixture(autouse=True)
def gate() -> asyncio.Event:
    global EVENT  # noqa: PLW0603 - a handler is given nothing of a test's own
    EVENT = asyncio.Event()
    LEFT.clear()
    return EVENT


def site_with(bank: BankInProcess, door: Door) -> Site:
    return Site(Application(replace(bank.bank, door=door), ROUTES, away), bank.bank.origin)


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_one_more_newcomer_than_may_be_under_way_is_told_when_to_come_back(
    bank: BankInProcess, gate: asyncio.Event
) -> None:
    site = site_with(bank, Load().door(newcomers=2))
    there = [asyncio.create_task(site.call("GET", "/slow")) for _ in range(2)]
    await settled()
    page = await site.call("GET", "/slow?client_id=a&x=%22", headers=[("accept-language", "pl")])
    assert page.status_code == 503
    assert SOONEST <= int(page.headers["retry-after"]) <= LATEST
    assert page.headers["refresh"] == page.headers["retry-after"]
    assert "Spróbuj za chwilę" in page.text
    assert 'href="/slow?client_id=a&amp;x=%22"' in page.text
    assert 'href="/slow?client_id=a&amp;x=%22&amp;lang=en"' in page.text
    english = await site.call("GET", "/slow", headers=[("accept-language", "en")])
    assert "Try again in a moment" in english.text
    gate.set()
    assert [one.text for one in await asyncio.gather(*there)] == ["done", "done"]
    assert (await site.call("GET", "/slow")).status_code == 200


async def test_those_inside_and_programs_are_served_while_newcomers_are_turned_away(
    bank: BankInProcess, gate: asyncio.Event
) -> None:
    load = Load()
    load.password_wait = 100.0
    door = load.door()
    load.next_interval(hashed=1)
    site = site_with(bank, door)
    gate.set()
    turned_away = [(await site.call("GET", "/slow")).status_code for _ in range(10)]
    assert turned_away.count(503) >= 10 - SLOWEST
    assert (await site.call("GET", "/slow/some-journey")).status_code == 200
    assert (await site.call("GET", "/program")).status_code == 200


async def test_a_form_that_is_not_taken_leads_back_to_its_page_and_is_not_sent_by_itself(
    bank: BankInProcess,
) -> None:
    site = site_with(bank, Load().door(inside=1))
    there = asyncio.create_task(site.call("GET", "/slow/j1"))
    await settled()
    page = await site.call("POST", "/slow/j1/step", form={"a": "b"})
    assert page.status_code == 503
    assert "refresh" not in page.headers
    assert 'href="/slow/j1"' in page.text
    there.cancel()


async def test_a_program_is_told_in_json(bank: BankInProcess) -> None:
    site = site_with(bank, Load().door(programs=1))
    there = asyncio.create_task(site.call("GET", "/program"))
    await settled()
    answer = await site.call("GET", "/program")
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
    assert int(answer.headers["retry-after"]) > 0
    there.cancel()


async def test_a_forged_session_cookie_does_not_pass_the_door(bank: BankInProcess, gate: asyncio.Event) -> None:
    load = Load()
    load.password_wait = 100.0
    door = load.door()
    load.next_interval(hashed=1)
    site = site_with(bank, door)
    gate.set()
    forged = [("cookie", f"{bank.bank.cookies.name('session')}={'x' * 43}")]
    answers = [(await site.call("GET", "/mine", headers=forged)).status_code for _ in range(10)]
    assert answers.count(503) >= 10 - SLOWEST


async def test_whatever_is_done_for_a_request_shares_its_deadline(bank: BankInProcess, gate: asyncio.Event) -> None:
    gate.set()
    await site_with(bank, Load().door(request_seconds=7.0)).call("GET", "/slow")
    assert 0 < LEFT[0] <= 7
    assert seconds_left(3600) == 3600


async def test_a_process_that_ends_says_so_and_answers_what_it_cannot_finish(
    bank: BankInProcess, gate: asyncio.Event
) -> None:
    door = Load().door()
    site = site_with(bank, door)
    assert (await site.call("GET", "/health/live")).text == "live\n"
    assert (await site.call("GET", "/health/ready")).text == "ready\n"
    unfinished = asyncio.create_task(site.call("GET", "/slow"))
    await settled()
    door.closing = True
    ready = await site.call("GET", "/health/ready")
    assert (ready.status_code, ready.headers["connection"]) == (503, "close")
    assert (await site.call("GET", "/health/live")).status_code == 200
    unfinished.cancel()
    answer = await unfinished
    assert answer.status_code == 503
    assert "Spróbuj" in answer.text or "Try again" in answer.text


async def test_a_system_whose_database_is_away_is_not_ready(bank: BankInProcess) -> None:
    class Away:
        async def one(self, sql: str) -> None:
            raise DatabaseUnavailable("no connection to PostgreSQL")

    system = replace(bank.bank, door=Load().door(), database=Away())  # type: ignore[arg-type]
    site = Site(Application(system, ROUTES, away), bank.bank.origin)
    answer = await site.call("GET", "/health/ready")
    assert (answer.status_code, answer.text) == (503, "not ready: database\n")


# --- passwords -----------------------------------------------------------------------------------------------------


class Slow(Passwords):
    """A pool whose work ends when a test says so."""

    def __init__(self) -> None:
        super().__init__(1)
        self.begun, self.gate = 0, asyncio.Event()

    async def occupy(self, people: int) -> "list[asyncio.Task[None]]":
        async def one() -> None:
            await self._turn()
            self.begun += 1
            await self.gate.wait()
            self._note(0.03)

        tasks = [asyncio.create_task(one()) for _ in range(people)]
        await settled()
        return tasks


async def test_who_would_wait_too_long_is_told_before_any_work() -> None:
    pool = Slow()
    there = await pool.occupy(400)
    assert pool.wait() > password_pool.PATIENCE
    with deadline(60), pytest.raises(TooBusy):
        await pool.matches(None, "a password")
    assert pool.begun == 1
    pool.gate.set()
    await asyncio.gather(*there)  # asked for by no request, as at a start: all had their turn
    assert pool.begun == 400
    assert pool.wait() == 0


async def test_the_wait_for_a_turn_ends_with_the_request_and_keeps_nobody_elses_place() -> None:
    pool = Slow()
    there = await pool.occupy(1)
    with deadline(0.05), pytest.raises(TooBusy):
        await pool.matches(None, "a password")
    pool.gate.set()
    await asyncio.gather(*there)
    assert await pool.matches(None, "a password") is False
    assert pool.wait() == 0


async def test_for_who_has_left_no_password_is_hashed() -> None:
    pool = Passwords(1)

    async def gone() -> bool:
        return True

    with deadline(10, gone), pytest.raises(TooBusy, match="left"):
        await pool.hash("a password")
    assert pool.hashed == 0
    assert pool.wait() == 0
    assert (await pool.hash("a password")).startswith("$argon2id$")


async def test_a_password_that_is_not_taken_counts_as_no_try(
    bank: BankInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await (await bank.browser().open("/sign-in")).submit("/number", number="21570133")
    fields = [name for name in page.form_to("/password").fields if name.startswith("characters_")]

    def too_busy() -> None:
        raise TooBusy("too many passwords wait", 5)

    monkeypatch.setattr(bank.bank.passwords, "make_room", too_busy)
    told = await page.submit("/password", password="wrong", **dict.fromkeys(fields, "1"))
    assert told.status == 503
    assert "Spróbuj" in told.text
    assert await bank.bank.database.all("SELECT * FROM password_attempts") == []
