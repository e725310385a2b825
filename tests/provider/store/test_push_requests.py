import asyncio
from dataclasses import dataclass

import msgspec
import pytest

from poreka.provider.store.push_requests import PushRequests
from poreka.rules.authorising.push_request import PushLimits, PushRequest, PushState, open_request
from poreka.store.database import AlreadyThere, Database, Stale
from poreka.store.sweep import DAY, sweep
from tests.store.test_processes import start
from tests.support.engines import NOW, PARTS

LIMITS = PushLimits()


@dataclass
class Asked:
    """Requests of a test, numbered."""

    number: int = 0

    def __call__(self, person: str = "jan", now: int = NOW) -> PushRequest:
        self.number += 1
        name = f"r{self.number}"
        return open_request(
            request_id=name, person_id=person, operation_id=f"o-{name}", service="PUE", now=now, limits=LIMITS
        )


async def test_a_request_comes_back_as_it_was_saved(database: Database) -> None:
    requests, request = PushRequests(database), Asked()()
    await database.insert(requests.adding(request))
    assert await requests.load(request.id) == request
    assert await requests.of_operation(request.operation_id) == request
    assert await requests.load("nobody's") is None
    assert await requests.of_operation("nobody's") is None


async def test_of_many_opened_at_once_for_one_person_one_is(database: Database) -> None:
    requests, asked = PushRequests(database), Asked()
    rows = [requests.adding(asked()) for _ in range(8)]
    outcomes = await asyncio.gather(*(database.insert(row) for row in rows), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == [*["AlreadyThere"] * 7, "NoneType"]
    await database.insert(requests.adding(asked("anna")))


async def test_an_operation_is_asked_for_once(database: Database) -> None:
    requests, first = PushRequests(database), Asked()()
    await database.insert(requests.adding(first))
    await requests.end(database, msgspec.structs.replace(first, state=PushState.REFUSED, ended_at=NOW))
    again = msgspec.structs.replace(first, id="another")
    with pytest.raises(AlreadyThere):
        await database.insert(requests.adding(again))


async def test_of_many_answers_at_once_one_counts(database: Database) -> None:
    requests, request = PushRequests(database), Asked()()
    await database.insert(requests.adding(request))
    answers = [
        msgspec.structs.replace(request, state=state, ended_at=NOW, wrong_number=state is PushState.REFUSED)
        for state in (PushState.APPROVED, PushState.REFUSED, PushState.WITHDRAWN) * 3
    ]
    outcomes = await asyncio.gather(*(requests.end(database, after) for after in answers), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", *["Stale"] * 8]
    assert await requests.load(request.id) in answers
    with pytest.raises(Stale):
        await requests.end(database, answers[0])


async def test_one_that_lapsed_makes_room(database: Database) -> None:
    requests, asked = PushRequests(database), Asked()
    await database.insert(requests.adding(asked()))
    assert await requests.lapse(database, "jan", NOW + LIMITS.life - 1) == 0
    assert await requests.lapse(database, "jan", NOW + LIMITS.life) == 1
    await database.insert(requests.adding(asked(now=NOW + LIMITS.life)))
    newest_first = await requests.recent("jan")
    assert [one.state for one in newest_first] == [PushState.OPEN, PushState.LAPSED]
    assert await requests.withdraw_open(database, "jan", NOW + LIMITS.life) == 1
    assert await requests.withdraw_open(database, "jan", NOW + LIMITS.life) == 0


async def test_requests_are_forgotten_after_a_month(database: Database) -> None:
    requests, asked = PushRequests(database), Asked()
    await database.insert(requests.adding(asked()))
    assert "push_requests" not in await sweep(database, PARTS, NOW + 29 * DAY)
    assert (await sweep(database, PARTS, NOW + 31 * DAY))["push_requests"] == 1


async def test_of_several_processes_that_ask_for_one_person_one_has_the_phone(address: str, database: Database) -> None:
    """Push fatigue across workers: however many ask, the phone shows one question, and no gap lets a second in."""
    workers = [start("ask_the_phone", address) for _ in range(3)]
    for worker in workers:
        assert worker.wait(60) == 0
        assert worker.stdout is not None
        worker.stdout.close()
    rows = await database.all("SELECT opened_at, ended_at, state FROM push_requests ORDER BY opened_at, id")
    assert len(rows) == 60
    assert sum(row["state"] == "open" for row in rows) == 0
