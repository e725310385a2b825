"""The way from one origin to the other and back: each secret once, in time, and in the browser that began."""

import asyncio

import pytest_asyncio

from poreka.store.database import Database
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.store.sweep import sweep
from poreka.systems.portal.store.certificate_hand_overs import TICKET_SECONDS, CertificateHandOvers, Taken
from tests.store.test_at_rest import dump
from tests.support.engines import NOW, PARTS, Engine

STATE, TICKET, BROWSER, OTHER = "s" * 43, "t" * 43, b"b" * 32, b"o" * 32
FOUND = b'{"pesel": "83041741039"}'


@pytest_asyncio.fixture
async def hand_overs(database: Database, seal: Seal, fresh: Fresh) -> CertificateHandOvers:
    made = CertificateHandOvers(database, seal, fresh)
    await database.insert(made.adding(STATE, BROWSER, NOW + 600))
    return made


async def test_there_and_back(hand_overs: CertificateHandOvers) -> None:
    assert await hand_overs.is_waiting(STATE, NOW)
    assert await hand_overs.answer(STATE, TICKET, FOUND, NOW)
    assert not await hand_overs.is_waiting(STATE, NOW)
    assert await hand_overs.take(TICKET, BROWSER, NOW) == Taken(FOUND, None)
    assert await hand_overs.take(TICKET, BROWSER, NOW) is None


async def test_the_page_to_come_to_is_kept(database: Database, hand_overs: CertificateHandOvers) -> None:
    await database.insert(hand_overs.adding("other", BROWSER, NOW + 600, "/settings"))
    await hand_overs.answer("other", TICKET, FOUND, NOW)
    assert await hand_overs.take(TICKET, BROWSER, NOW) == Taken(FOUND, "/settings")


async def test_a_state_is_answered_once(hand_overs: CertificateHandOvers) -> None:
    assert await hand_overs.answer(STATE, TICKET, FOUND, NOW)
    assert not await hand_overs.answer(STATE, "another", b"{}", NOW)
    assert await hand_overs.take("another", BROWSER, NOW) is None
    assert await hand_overs.take(TICKET, BROWSER, NOW) == Taken(FOUND, None)


async def test_of_two_answers_at_once_one_counts(hand_overs: CertificateHandOvers) -> None:
    answers = [hand_overs.answer(STATE, f"ticket-{number}", FOUND, NOW) for number in range(8)]
    assert sum(await asyncio.gather(*answers)) == 1


async def test_of_two_who_take_at_once_one_gets_it(hand_overs: CertificateHandOvers) -> None:
    await hand_overs.answer(STATE, TICKET, FOUND, NOW)
    taken = await asyncio.gather(*(hand_overs.take(TICKET, BROWSER, NOW) for _ in range(8)))
    assert [one for one in taken if one is not None] == [Taken(FOUND, None)]


async def test_another_browser_gets_nothing_and_takes_nothing_away(hand_overs: CertificateHandOvers) -> None:
    await hand_overs.answer(STATE, TICKET, FOUND, NOW)
    assert await hand_overs.take(TICKET, OTHER, NOW) is None
    assert await hand_overs.take(STATE, BROWSER, NOW) is None  # who began has no ticket before it comes back
    assert await hand_overs.take(TICKET, BROWSER, NOW) == Taken(FOUND, None)


async def test_each_in_its_time(hand_overs: CertificateHandOvers) -> None:
    assert not await hand_overs.is_waiting(STATE, NOW + 600)
    assert not await hand_overs.answer(STATE, TICKET, FOUND, NOW + 600)
    assert await hand_overs.answer(STATE, TICKET, FOUND, NOW + 599)
    assert await hand_overs.take(TICKET, BROWSER, NOW + 599 + TICKET_SECONDS) is None
    assert await hand_overs.take(TICKET, BROWSER, NOW + 598 + TICKET_SECONDS) == Taken(FOUND, None)


async def test_unknown_secrets_open_nothing(hand_overs: CertificateHandOvers) -> None:
    for odd in ("", "x", "\ud800", "ł" * 4000):
        assert not await hand_overs.is_waiting(odd, NOW)
        assert not await hand_overs.answer(odd, TICKET, FOUND, NOW)
        assert await hand_overs.take(odd, BROWSER, NOW) is None


async def test_what_is_over_is_forgotten(database: Database, hand_overs: CertificateHandOvers) -> None:
    assert await sweep(database, PARTS, NOW + 600) == {}
    assert await sweep(database, PARTS, NOW + 601) == {"certificate_hand_overs": 1}


async def test_nothing_of_it_can_be_read_from_the_files(
    engine: Engine, database: Database, hand_overs: CertificateHandOvers
) -> None:
    await hand_overs.answer(STATE, TICKET, FOUND, NOW)
    found = await dump(engine, database)
    assert not [secret for secret in (STATE.encode(), TICKET.encode(), b"83041741039") if secret in found]
