"""Lists of revoked certificates: kept while they are in force, fetched again in time, and no worse one instead."""

import asyncio
from dataclasses import dataclass, field

import pytest

from poreka.oidc.relying_party.exchange import Answer
from poreka.outgoing.back_channel import PeerAnswerRefused, PeerUnreachable
from poreka.rules.clocks import CLOCKS_DIFFER_BY
from poreka.systems.portal.certificate.revocation_lists import (
    AFTER_TROUBLE_SECONDS,
    LOOK_AGAIN_SECONDS,
    MOST_LISTS,
    RevocationLists,
)
from poreka.systems.portal.rules.revocation_list import Revocation
from tests.support.certificates import DAY, JAN, NOW, Authority

AUTHORITY = Authority()
SHOWN = AUTHORITY.issue(JAN)
CHAIN = (SHOWN.certificate, AUTHORITY.certificate)
GOOD = AUTHORITY.list()


@dataclass
class Publisher:
    """Answers whatever it is given: bytes, a status, or a fault."""

    says: bytes | int | Exception = GOOD
    asked: list[str] = field(default_factory=list)

    async def fetch(self, place: str) -> Answer:
        self.asked.append(place)
        await asyncio.sleep(0)
        if isinstance(self.says, Exception):
            raise self.says
        if isinstance(self.says, int):
            return Answer(status=self.says, headers={}, body=GOOD)
        return Answer(status=200, headers={}, body=self.says)


async def test_fetched_once_and_kept() -> None:
    publisher = Publisher()
    lists = RevocationLists(publisher.fetch)
    for now in (NOW, NOW + 1, NOW + LOOK_AGAIN_SECONDS - 1):
        assert await lists.standing(CHAIN, now) is Revocation.GOOD
    assert publisher.asked == [AUTHORITY.place]


async def test_many_at_once_wait_for_one_fetch() -> None:
    publisher = Publisher()
    lists = RevocationLists(publisher.fetch)
    said = await asyncio.gather(*(lists.standing(CHAIN, NOW) for _ in range(20)))
    assert set(said) == {Revocation.GOOD}
    assert len(publisher.asked) == 1


async def test_after_an_hour_a_newer_one_is_looked_for_and_counts() -> None:
    publisher = Publisher()
    lists = RevocationLists(publisher.fetch)
    await lists.standing(CHAIN, NOW)
    publisher.says = AUTHORITY.list([SHOWN], issued=NOW + 60)
    assert await lists.standing(CHAIN, NOW + LOOK_AGAIN_SECONDS - 1) is Revocation.GOOD
    assert await lists.standing(CHAIN, NOW + LOOK_AGAIN_SECONDS) is Revocation.REVOKED
    assert await lists.standing(CHAIN, NOW + LOOK_AGAIN_SECONDS + 1) is Revocation.REVOKED


async def test_an_older_list_does_not_bring_a_revoked_certificate_back() -> None:
    publisher = Publisher(AUTHORITY.list([SHOWN], issued=NOW - 60))
    lists = RevocationLists(publisher.fetch)
    assert await lists.standing(CHAIN, NOW) is Revocation.REVOKED
    publisher.says = AUTHORITY.list(issued=NOW - 120)
    assert await lists.standing(CHAIN, NOW + LOOK_AGAIN_SECONDS) is Revocation.REVOKED


TROUBLE: list[bytes | int | Exception] = [
    b"",
    b"garbage",
    404,
    500,
    PeerUnreachable("connect"),
    PeerAnswerRefused("size"),
    Authority("Obcy").list(),
    Authority("Urząd kwalifikowany").list(),
    AUTHORITY.list(until=NOW - CLOCKS_DIFFER_BY, issued=NOW - 2 * CLOCKS_DIFFER_BY),
]


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_a_kept_list_outlives_trouble_until_its_own_end(trouble: bytes | int | Exception) -> None:
    publisher = Publisher()
    lists = RevocationLists(publisher.fetch)
    await lists.standing(CHAIN, NOW)
    publisher.says = trouble
    assert await lists.standing(CHAIN, NOW + DAY - 1) is Revocation.GOOD
    assert await lists.standing(CHAIN, NOW + DAY + CLOCKS_DIFFER_BY) is Revocation.NOT_KNOWN


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_without_a_list_nobody_knows_and_it_is_tried_again_soon(trouble: bytes | int | Exception) -> None:
    publisher = Publisher(trouble)
    lists = RevocationLists(publisher.fetch)
    for now in (NOW, NOW, NOW + AFTER_TROUBLE_SECONDS - 1):
        assert await lists.standing(CHAIN, now) is Revocation.NOT_KNOWN
    assert len(publisher.asked) == 1
    publisher.says = GOOD
    assert await lists.standing(CHAIN, NOW + AFTER_TROUBLE_SECONDS) is Revocation.GOOD


async def test_every_certificate_below_the_trusted_one_is_asked_about() -> None:
    between = Authority("Urząd wydający", AUTHORITY, place="http://crl.example/between")
    chain = (between.issue(JAN).certificate, between.certificate, AUTHORITY.certificate)
    shelf = {between.place: between.list()}

    async def fetch(place: str) -> Answer:
        return Answer(status=200, headers={}, body=shelf.get(place, b""))

    assert await RevocationLists(fetch).standing(chain, NOW) is Revocation.NOT_KNOWN
    shelf[AUTHORITY.place] = GOOD
    assert await RevocationLists(fetch).standing(chain, NOW) is Revocation.GOOD


async def test_the_second_place_counts_when_the_first_is_silent() -> None:
    from cryptography import x509

    points = [x509.DistributionPoint([x509.UniformResourceIdentifier(place)], None, None, None)
              for place in ("http://silent.example/", AUTHORITY.place)]  # fmt: skip
    shown = AUTHORITY.issue(JAN, place=None, extension=x509.CRLDistributionPoints(points))

    async def fetch(place: str) -> Answer:
        if place == AUTHORITY.place:
            return Answer(status=200, headers={}, body=GOOD)
        raise PeerUnreachable("name")

    lists = RevocationLists(fetch)
    assert await lists.standing((shown.certificate, AUTHORITY.certificate), NOW) is Revocation.GOOD


async def test_no_more_than_so_many_are_kept() -> None:
    publisher = Publisher()
    lists = RevocationLists(publisher.fetch)
    for number in range(MOST_LISTS + 10):
        shown = AUTHORITY.issue(JAN, place=f"http://crl.example/{number}")
        await lists.standing((shown.certificate, AUTHORITY.certificate), NOW)
    assert len(lists._kept) == MOST_LISTS


async def test_a_list_whose_end_has_just_come_is_not_looked_for_with_each_question() -> None:
    publisher = Publisher(AUTHORITY.list(until=NOW - CLOCKS_DIFFER_BY + 30))
    lists = RevocationLists(publisher.fetch)
    for _ in range(3):
        assert await lists.standing(CHAIN, NOW) is Revocation.GOOD
    assert len(publisher.asked) == 1
