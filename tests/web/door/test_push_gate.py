"""Pushed requests are turned away where their people would be, before the client is proven and before the database."""

from dataclasses import replace

from poreka.rules.limits.door import LATEST, SOONEST
from poreka.store.deadline import TooBusy
from poreka.systems.bank.routes import ROUTES
from poreka.web.application import Application
from poreka.web.door.door import Door
from tests.support.asgi import Site
from tests.support.in_process import BankInProcess
from tests.web.door.test_door import Load, let_in

CLIENT = "sandbox-fapi"


def push(door: Door, requests: int, service: str = "crowd") -> int:
    """How many of so many pushes are taken."""
    taken = 0
    for _ in range(requests):
        try:
            door.ask_to_push(service)
        except TooBusy:
            continue
        door.pushed(service)
        taken += 1
    return taken


def crowded(load: Load, door: Door, service: str = "crowd") -> None:
    """Three seconds in which ten times as many of a service come as can be let in."""
    load.password_wait = 1.0
    for _ in range(6):
        load.next_interval(hashed=10)
        push(door, 100, service)
        let_in(door, 100, service)


def test_without_a_crowd_every_push_is_taken() -> None:
    load = Load()
    door = load.door()
    for _ in range(5):
        load.next_interval(hashed=10)
        assert push(door, 1000) == 1000
        let_in(door, 1000, "crowd")


def test_in_a_crowd_about_as_many_are_pushed_as_are_let_in() -> None:
    load = Load()
    door = load.door()
    crowded(load, door)
    pushed = admitted = waiting = 0
    for _ in range(40):
        load.next_interval(hashed=10)
        taken = push(door, 100)
        came = let_in(door, waiting + taken, "crowd")
        waiting += taken - came
        pushed, admitted = pushed + taken, admitted + came
    assert admitted >= 0.9 * 40 * 10
    assert pushed <= 1.3 * admitted


def test_a_crowd_at_one_service_bounds_no_pushes_of_another() -> None:
    load = Load()
    door = load.door()
    crowded(load, door)
    assert push(door, 100) < 100
    assert push(door, 100, "small") == 100


def test_a_crowd_from_nowhere_bounds_no_pushes_of_a_service() -> None:
    load = Load()
    door = load.door()
    crowded(load, door, service="")
    assert push(door, 100, "") == 100
    assert push(door, 100, "small") == 100


def test_after_the_crowd_every_push_is_taken_again() -> None:
    load = Load()
    door = load.door()
    crowded(load, door)
    load.password_wait = 0.0
    for _ in range(30):
        load.next_interval(hashed=10)
        push(door, 5)
        let_in(door, 5, "crowd")
    assert push(door, 1000) == 1000


async def test_a_push_that_is_turned_away_is_told_when_to_come_back_and_costs_no_look_at_the_client(
    bank: BankInProcess,
) -> None:
    load = Load()
    door = load.door()
    client = bank.fapi()
    await client.reference()  # this process has met the client
    crowded(load, door, CLIENT)
    site = Site(Application(replace(bank.bank, door=door, database=None), ROUTES, _nobody), bank.bank.origin)  # type: ignore[arg-type]
    while push(door, 1, CLIENT):
        pass
    answer = await site.call("POST", "/par", form={"client_id": CLIENT, "client_assertion": "none"})
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
    assert SOONEST <= int(answer.headers["retry-after"]) <= LATEST


async def test_whoever_only_claims_to_be_a_client_uses_up_none_of_its_pushes(bank: BankInProcess) -> None:
    load = Load()
    door = load.door()
    await bank.fapi().reference()
    crowded(load, door, CLIENT)
    load.next_interval(hashed=10)
    site = Site(Application(replace(bank.bank, door=door), ROUTES, _nobody), bank.bank.origin)
    forged = {"client_id": CLIENT, "client_assertion": "none"}
    answers = [(await site.call("POST", "/par", form=forged)).status_code for _ in range(40)]
    assert 503 not in answers
    assert push(door, 40, CLIENT) > 0


async def _nobody(request: object, system: object) -> None:
    raise AssertionError("nobody signs in here")
