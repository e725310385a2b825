"""What the phone app remembers, on both engines: people, phones, enrolments, and what was asked."""

import asyncio
from dataclasses import replace

import msgspec
import pytest

from poreka.contracts.app_request import OperationNamed, PushMessage
from poreka.rules.authorising.push_request import PushState
from poreka.rules.enrolment_code import LIFE, Enrolment, EnrolmentState, claim, key_made
from poreka.rules.warsaw_time import warsaw_day, warsaw_moment
from poreka.store.database import AlreadyThere, Database, Stale
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.store.sweep import DAY, sweep
from poreka.systems.mobywatel.rules.cross_device import CrossSignIn, CrossState, use
from poreka.systems.mobywatel.store.app_people import AppPeople, AppPerson
from poreka.systems.mobywatel.store.asked_requests import AskedRequest, AskedRequests
from poreka.systems.mobywatel.store.cross_sign_ins import CrossAsked, CrossSignIns, KeptCross
from poreka.systems.mobywatel.store.devices import Device, Devices
from poreka.systems.mobywatel.store.enrolments import Enrolments, KeptEnrolment, NewDevice, OfferedTo
from tests.support import samples
from tests.support.engines import NOW, PARTS, Engine

CODE = "ABCDEFGHJKMN"


@pytest.fixture
def people(database: Database, seal: Seal, fresh: Fresh) -> AppPeople:
    return AppPeople(database, seal, fresh)


@pytest.fixture
def devices(database: Database, seal: Seal, fresh: Fresh) -> Devices:
    return Devices(database, seal, fresh)


@pytest.fixture
def enrolments(database: Database, seal: Seal, fresh: Fresh) -> Enrolments:
    return Enrolments(database, seal, fresh, b"k" * 32)


@pytest.fixture
def asked(database: Database, seal: Seal, fresh: Fresh) -> AskedRequests:
    return AskedRequests(database, seal, fresh)


def person(person_id: str = "o1", serial: int = 1, customer: str = "zaneta") -> AppPerson:
    return AppPerson(id=person_id, customer=customer, facts=samples.facts(serial))


def device(device_id: str = "d1", key_id: str = "key", person_id: str = "o1") -> Device:
    return Device(id=device_id, person_id=person_id, name="Telefon", key_id=key_id, key=b"cose", uses=0, added_at=NOW)


def offered(enrolment_id: str = "e1") -> KeptEnrolment:
    facts = samples.facts()
    to = OfferedTo(customer="zaneta", first_name=facts.first_name, surname=facts.surname, pesel=facts.pesel.digits)
    return KeptEnrolment(rule=Enrolment(id=enrolment_id, expires_at=NOW + LIFE), asker="pz", to=to)


def request(request_id: str = "r1", person_id: str = "o1", received_at: int = NOW) -> AskedRequest:
    told = PushMessage(
        id=request_id,
        customer="zaneta",
        provider="Profil Zaufany",
        service="Urząd",
        purpose="Podpis wniosku",
        operation=OperationNamed(number=1, date=warsaw_day(NOW)),
        asked_at=warsaw_moment(NOW),
        expires_at=warsaw_moment(NOW + 120),
        state=PushState.OPEN,
    )
    return AskedRequest(
        asker="pz", person_id=person_id, told=told, received_at=received_at, expires_at=received_at + 120
    )


async def test_a_person_is_found_by_name_and_by_pesel(database: Database, people: AppPeople) -> None:
    await database.insert(people.adding(person(), NOW))
    assert await people.of_customer("zaneta") == await people.of_pesel(samples.pesel()) == person()
    assert await people.of_customer("jan") is None
    customer = await people.by_id("o1")
    assert customer is not None
    assert customer.valid_pesel == samples.pesel()
    assert samples.pesel().digits not in repr(person())


async def test_a_person_is_one_person_under_any_name(database: Database, people: AppPeople) -> None:
    await database.insert(people.adding(person(), NOW))
    with pytest.raises(AlreadyThere):
        await database.insert(people.adding(person("o2", customer="inna"), NOW))
    async with database.transaction() as transaction:
        await people.rename(transaction, person(customer="inna"))
    assert await people.of_customer("zaneta") is None
    assert await people.of_customer("inna") == person(customer="inna")


async def test_two_people_never_have_one_name(database: Database, people: AppPeople) -> None:
    await database.insert(people.adding(person(), NOW))
    with pytest.raises(AlreadyThere):
        await database.insert(people.adding(person("o2", serial=2), NOW))
    async with database.transaction() as transaction:
        await people.forget_customer(transaction, "o1")
        await transaction.insert(people.adding(person("o2", serial=2), NOW))
    found = await people.of_customer("zaneta")
    assert found is not None
    assert found.id == "o2"


async def test_a_phone_is_found_by_its_key_until_it_is_removed(database: Database, devices: Devices) -> None:
    await database.insert(devices.adding(device()))
    await devices.subscribe(database, "d1", b'{"endpoint":"https://push.example/1"}')
    kept = replace(device(), subscription=b'{"endpoint":"https://push.example/1"}')
    assert await devices.by_key("key") == await devices.load("d1") == kept
    assert await devices.of_person("o1") == [kept]
    assert await devices.remove(database, "d1", NOW + 1)
    assert not await devices.remove(database, "d1", NOW + 2)
    assert await devices.by_key("key") is None
    assert await devices.of_person("o1") == []
    gone = (await devices.every_of_person("o1"))[0]
    assert (gone.key, gone.subscription, gone.removed_at, gone.name) == (None, None, NOW + 1, "Telefon")
    await devices.subscribe(database, "d1", b"again")
    assert (await devices.every_of_person("o1"))[0].subscription is None


async def test_one_key_is_one_phone_and_may_come_back_after_it_was_removed(
    database: Database, devices: Devices
) -> None:
    await database.insert(devices.adding(device()))
    with pytest.raises(AlreadyThere):
        await database.insert(devices.adding(device("d2")))
    await devices.remove(database, "d1", NOW)
    await database.insert(devices.adding(device("d2")))
    found = await devices.by_key("key")
    assert found is not None
    assert found.id == "d2"


async def test_of_two_uses_that_tell_the_same_count_one_counts(database: Database, devices: Devices) -> None:
    await database.insert(devices.adding(device()))
    outcomes = await asyncio.gather(
        *(devices.use(database, device(), 1, NOW) for _ in range(4)), return_exceptions=True
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(isinstance(outcome, Stale) for outcome in outcomes if outcome is not None)
    used = await devices.load("d1")
    assert used is not None
    assert (used.uses, used.used_at) == (1, NOW)
    await devices.remove(database, "d1", NOW)
    with pytest.raises(Stale):
        await devices.use(database, used, 2, NOW)


async def test_an_enrolment_is_found_by_its_code(database: Database, enrolments: Enrolments) -> None:
    await database.insert(enrolments.adding(offered(), CODE))
    assert await enrolments.of_code(CODE) == await enrolments.load("e1") == offered()
    assert await enrolments.of_code("ABCDEFGHJKMP") is None


async def test_however_many_phones_use_a_code_one_has_it(database: Database, enrolments: Enrolments) -> None:
    await database.insert(enrolments.adding(offered(), CODE))

    async def use(phone: bytes) -> None:
        kept = await enrolments.of_code(CODE)
        assert kept is not None
        after = claim(kept.rule, phone, NOW)
        if not isinstance(after, Enrolment):
            raise Stale("enrolments")
        await enrolments.save(database, kept.rule, after)

    phones = [bytes([number]) * 32 for number in range(6)]
    outcomes = await asyncio.gather(*(use(phone) for phone in phones), return_exceptions=True)
    won = [phone for phone, outcome in zip(phones, outcomes, strict=True) if outcome is None]
    kept = await enrolments.load("e1")
    assert kept is not None
    assert [kept.rule.browser] == won


async def test_the_new_key_waits_sealed_and_is_gone_with_the_next_step(
    database: Database, enrolments: Enrolments
) -> None:
    await database.insert(enrolments.adding(offered(), CODE))
    claimed = claim(offered().rule, b"phone", NOW)
    assert isinstance(claimed, Enrolment)
    await enrolments.save(database, offered().rule, claimed)
    keyed = key_made(claimed, b"phone", "key", NOW)
    assert isinstance(keyed, Enrolment)
    new = NewDevice(name="Telefon", key=b"cose", uses=0)
    await enrolments.save(database, claimed, keyed, new)
    kept = await enrolments.load("e1")
    assert kept is not None
    assert (kept.rule, kept.device) == (keyed, new)
    done = msgspec.structs.replace(keyed, state=EnrolmentState.CONFIRMED)
    await enrolments.save(database, keyed, done)
    kept = await enrolments.load("e1")
    assert kept is not None
    assert kept.device is None


async def test_a_request_comes_once_and_ends_once(database: Database, asked: AskedRequests) -> None:
    await database.insert(asked.adding(request()))
    with pytest.raises(AlreadyThere):
        await database.insert(asked.adding(request()))
    assert await asked.load("r1") == request()
    await asked.ended(database, "r1", PushState.APPROVED, NOW + 5, "d1")
    await asked.ended(database, "r1", PushState.REFUSED, NOW + 6, "d2")
    kept = await asked.load("r1")
    assert kept is not None
    assert (kept.state, kept.ended_at, kept.device_id) == (PushState.APPROVED, NOW + 5, "d1")
    assert request().as_of(NOW + 119) is PushState.OPEN
    assert request().as_of(NOW + 120) is PushState.LAPSED


async def test_requests_are_listed_newest_first_for_their_person_only(database: Database, asked: AskedRequests) -> None:
    await database.insert(*(asked.adding(request(f"r{place}", received_at=NOW + place)) for place in range(3)))
    await database.insert(asked.adding(request("theirs", person_id="o2")))
    assert [one.told.id for one in await asked.of_person("o1")] == ["r2", "r1", "r0"]


async def test_of_all_who_use_an_approval_elsewhere_one_does(database: Database, seal: Seal, fresh: Fresh) -> None:
    store = CrossSignIns(database, seal, fresh, b"k" * 32)
    asked = CrossAsked(client_id="ikp", agent="Firefox, Linux", address="192.0.2.1", asked_at=NOW, next="/release/r")
    approved = CrossSignIn(
        id="c1", browser=b"b", expires_at=NOW + 120, state=CrossState.APPROVED, phone=b"p", device_id="d", person_id="o"
    )
    await database.insert(store.adding(KeptCross(rule=approved, asked=asked), CODE))
    assert await store.of_code(CODE) == await store.load("c1") == KeptCross(rule=approved, asked=asked)
    after = use(approved, b"b", NOW)
    assert isinstance(after, CrossSignIn)
    outcomes = await asyncio.gather(*(store.save(database, approved, after) for _ in range(4)), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(isinstance(outcome, Stale) for outcome in outcomes if outcome is not None)
    assert await sweep(database, PARTS, NOW + 120 + 3601) == {"cross_sign_ins": 1}


async def test_enrolments_go_after_a_day_and_requests_after_three_months(
    database: Database, enrolments: Enrolments, asked: AskedRequests
) -> None:
    await database.insert(enrolments.adding(offered(), CODE), asked.adding(request()))
    assert await sweep(database, PARTS, NOW + DAY) == {}
    assert await sweep(database, PARTS, NOW + LIFE + DAY + 1) == {"enrolments": 1}
    assert await sweep(database, PARTS, NOW + 120 + 90 * DAY + 1) == {"asked_requests": 1}


async def test_no_pesel_and_no_purpose_lie_open(
    database: Database, engine: Engine, people: AppPeople, enrolments: Enrolments, asked: AskedRequests
) -> None:
    if engine.name != "sqlite":
        pytest.skip("the file of SQLite is read")
    await database.insert(people.adding(person(), NOW), enrolments.adding(offered(), CODE), asked.adding(request()))
    at_rest = engine.bytes_at_rest()
    for secret in (samples.pesel().digits, CODE, "Podpis wniosku"):
        assert secret.encode() not in at_rest
