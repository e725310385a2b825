"""Our clock beside those of peers: told once an hour, with its seconds, and never a failure."""

from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import pytest
import structlog

from poreka.outgoing.back_channel import BackChannel
from poreka.outgoing.peer_clocks import MOST_PEERS, TELL_AGAIN_SECONDS, PeerClocks
from tests.outgoing.test_back_channel import DEMO, ok, saying, serving

NOW = 1_800_000_000


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as entries:
        yield entries


def dated(seconds: int) -> dict[str, str]:
    return {"date": formatdate(NOW + seconds, usegmt=True)}


@pytest.mark.parametrize(("seconds", "said", "ours"), [(31, 31, "behind"), (-33, 32, "ahead"), (3600, 3600, "behind")])
def test_a_difference_is_told_with_its_seconds(logged: list[Any], seconds: int, said: int, ours: str) -> None:
    PeerClocks(lambda: NOW).compare("bank.example", dated(seconds), NOW)
    [entry] = logged
    assert entry["event"] == f"the clocks differ by {said} s"
    assert (entry["peer"], entry["seconds"], entry["our_clock"]) == ("bank.example", said, ours)
    assert entry["log_level"] == "warning"


@pytest.mark.parametrize(
    "headers",
    [
        dated(0),
        dated(30),
        dated(-31),
        {},
        {"date": "yesterday"},
        {**dated(-9000), "age": "9000"},
        {**dated(99), "age": "0"},
    ],
)
def test_half_a_minute_no_date_and_an_answer_out_of_a_cache_are_no_news(
    logged: list[Any], headers: dict[str, str]
) -> None:
    PeerClocks(lambda: NOW).compare("bank.example", headers, NOW)
    assert logged == []


def test_it_is_told_once_for_a_peer_and_an_hour(logged: list[Any]) -> None:
    passed = [0.0]
    clocks = PeerClocks(lambda: NOW, lambda: passed[0])
    for passed[0] in (0, 1, TELL_AGAIN_SECONDS - 1):
        clocks.compare("bank.example", dated(99), NOW)
        clocks.compare("pue.example", dated(99), NOW)
    assert [entry["peer"] for entry in logged] == ["bank.example", "pue.example"]
    passed[0] = TELL_AGAIN_SECONDS
    clocks.compare("bank.example", dated(99), NOW)
    assert len(logged) == 3


def test_of_many_peers_some_are_remembered(logged: list[Any]) -> None:
    clocks = PeerClocks(lambda: NOW)
    for number in range(MOST_PEERS + 5):
        clocks.compare(f"{number}.example", dated(99), NOW)
    assert len(clocks._told) == MOST_PEERS
    assert len(logged) == MOST_PEERS + 5


async def test_an_answer_by_another_clock_is_an_answer_all_the_same(logged: list[Any]) -> None:
    late = ok(b"{}", f"Date: {formatdate(NOW - 100, usegmt=True)}".encode())
    async with serving(saying(late)) as server, BackChannel(DEMO, clocks=PeerClocks(lambda: NOW)) as channel:
        answer = await channel.get(server.url())
    assert answer.status == 200
    [entry] = logged
    assert (entry["event"], entry["peer"]) == ("the clocks differ by 99 s", f"bank.localhost:{server.port}")
