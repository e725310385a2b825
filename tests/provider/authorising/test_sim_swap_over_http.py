"""The SIM swap API against a real small operator: what it says, what goes wrong there, and what never leaves here."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from poreka.oidc.keys import SigningKey
from poreka.oidc.relying_party.client_authentication import ClientCredentials
from poreka.oidc.relying_party.client_credentials import ClientGrant
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.outgoing.breaker import FAILURES, REST, Breaker
from poreka.provider.authorising.operator_token import MARGIN, OwnToken
from poreka.provider.authorising.sim_swap_over_http import OperatorFailed, Question, SimSwapOverHttp
from poreka.provider.rules.sim_swap import Kept, Replaced, Untold
from poreka.rules.people.phone_number import POLISH
from tests.support.customer_system import running
from tests.support.operator_system import CLIENT, SCOPE, SECRET, OperatorSystem
from tests.support.relying_client import new_key

BARBARA, JAN = "600201088", "600201011"
HERE = Reach(allow_http=True, private_hosts=frozenset({"127.0.0.1"}))


@pytest.fixture
def operator() -> Iterator[OperatorSystem]:
    system = OperatorSystem()
    system.changed = {f"+48{BARBARA}": system.now - timedelta(days=1), f"+48{JAN}": system.now - timedelta(days=400)}
    with running(system) as served:
        yield served


@asynccontextmanager
async def asking(
    operator: OperatorSystem,
    question: Question = "check",
    *,
    seconds: float = 5,
    reach: Reach = HERE,
    key: SigningKey | None = None,
    secret: str = SECRET,
    moment: list[float] | None = None,
) -> AsyncIterator[SimSwapOverHttp]:
    async def no_pause() -> None:
        return

    moment = moment or [0.0]
    channel = BackChannel(reach, largest_answer=16 * 1024)
    grant = ClientGrant(
        token_url=f"{operator.origin}/token",
        client_id=CLIENT,
        scope=SCOPE,
        credentials=ClientCredentials(signing_key=key, secret=secret),
    )
    asked = SimSwapOverHttp(
        channel,
        f"{operator.origin}/sim-swap/v2/",
        question,
        OwnToken(channel, grant, lambda: "assertion", seconds=seconds, now=lambda: moment[0]),
        taken=POLISH,
        seconds=seconds,
        pause=no_pause,
        clock=lambda: int(operator.now.timestamp()),
        breaker=Breaker("sim swap", OperatorFailed, now=lambda: moment[0]),
    )
    try:
        yield asked
    finally:
        await asked.close()


@pytest_asyncio.fixture
async def asked(operator: OperatorSystem) -> AsyncIterator[SimSwapOverHttp]:
    async with asking(operator) as opened:
        yield opened


async def test_a_yes_or_a_no_about_so_many_hours(asked: SimSwapOverHttp, operator: OperatorSystem) -> None:
    assert await asked.ask(BARBARA, 3, "c-1") == Replaced()
    assert await asked.ask(f"+48{JAN}", 3, "c-2") == Kept()
    assert operator.asked == [
        ("check", {"phoneNumber": f"+48{BARBARA}", "maxAge": 72}, "c-1"),
        ("check", {"phoneNumber": f"+48{JAN}", "maxAge": 72}, "c-2"),
    ]


async def test_the_date_of_the_last_change_where_the_operator_tells_that(operator: OperatorSystem) -> None:
    async with asking(operator, "retrieve-date") as asked:
        assert await asked.ask(BARBARA, 3, "c") == Replaced()
        assert await asked.ask(BARBARA, 1, "c") == Kept()
        assert await asked.ask(JAN, 100, "c") == Kept()
        operator.changed[f"+48{JAN}"] = None
        assert await asked.ask(JAN, 3, "c") == Untold("not_monitored")
        operator.monitored = 2
        assert await asked.ask(JAN, 3, "c") == Untold("not_monitored")
        operator.monitored = 120
        assert await asked.ask(JAN, 3, "c") == Kept()


async def test_what_is_no_number_is_not_asked_about(asked: SimSwapOverHttp, operator: OperatorSystem) -> None:
    for phone in ("", "12", "600 201 01", "+48600x", "+380501234567"):
        assert await asked.ask(phone, 3, "c") == Untold("no_number")
    assert operator.asked == operator.tokens == []


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        ("400", "refused_question"), ("range", "out_of_range"), ("404", "unknown_number"), ("422", "not_applicable"),
        ("401", "status_401"), ("403", "status_403"), ("429", "status_429"), ("500", "status_500"),
        ("503", "status_503"), ("redirect", "status_307"), ("huge", "size"), ("garbage", "unreadable"),
        ("text", "unreadable"), ("words", "unreadable"), ("numbers", "unreadable"), ("nothing", "unreadable"),
        ("list", "unreadable"), ("no_zone", "unreadable"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("question", ["check", "retrieve-date"])
async def test_an_answer_that_is_none_says_nothing_about_the_card(
    operator: OperatorSystem, question: Question, trouble: str, why: str
) -> None:
    operator.trouble = trouble
    with capture_logs() as logs:
        async with asking(operator, question) as asked:
            assert await asked.ask(BARBARA, 3, "c") == Untold(why)
    assert BARBARA not in str(logs)
    assert SECRET not in str(logs)


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        ("refused", "token_status_401_invalid_client"), ("redirect", "token_status_307_none"), ("huge", "size"),
        ("text", "token_unreadable"), ("dpop", "token_unreadable"), ("header", "token_unreadable"),
    ],
)  # fmt: skip
async def test_without_a_token_nothing_is_asked(
    asked: SimSwapOverHttp, operator: OperatorSystem, trouble: str, why: str
) -> None:
    operator.token_trouble = trouble
    assert await asked.ask(BARBARA, 3, "c") == Untold(why)
    assert operator.asked == []


async def test_a_wrong_secret_is_the_operators_no(operator: OperatorSystem) -> None:
    async with asking(operator, secret="of somebody else") as asked:
        assert await asked.ask(BARBARA, 3, "c") == Untold("token_status_401_invalid_client")


async def test_a_key_proves_who_asks_as_well(operator: OperatorSystem) -> None:
    key = new_key()
    operator.key = key.key  # type: ignore[assignment]
    async with asking(operator, key=key) as asked:
        assert await asked.ask(BARBARA, 3, "c") == Replaced()


async def test_a_token_is_kept_while_it_is_good(operator: OperatorSystem) -> None:
    moment = [0.0]
    async with asking(operator, moment=moment) as asked:
        await asyncio.gather(*(asked.ask(JAN, 3, "c") for _ in range(5)))
        moment[0] = 3600 - MARGIN - 1
        await asked.ask(JAN, 3, "c")
        assert len(operator.tokens) == 1
        moment[0] += 1
        await asked.ask(JAN, 3, "c")
        assert len(operator.tokens) == 2


@pytest.mark.parametrize(("lifetime", "good_for"), [(None, 60), (10**9, 3600), (-5, 0)])
async def test_a_token_whose_life_is_odd_is_kept_for_a_sane_time(
    operator: OperatorSystem, lifetime: Any, good_for: int
) -> None:
    operator.lifetime, moment = lifetime, [0.0]
    async with asking(operator, moment=moment) as asked:
        assert await asked.ask(JAN, 3, "c") == Kept()
        moment[0] = max(0, good_for - MARGIN)
        assert await asked.ask(JAN, 3, "c") == Kept()
        assert len(operator.tokens) == 2


async def test_a_token_that_is_refused_is_replaced_once(asked: SimSwapOverHttp, operator: OperatorSystem) -> None:
    operator.trouble = "forgets"
    assert await asked.ask(BARBARA, 3, "c") == Replaced()
    assert len(operator.asked) == 2
    operator.trouble = "401"
    assert await asked.ask(BARBARA, 3, "c") == Untold("status_401")
    assert len(operator.asked) == 4


async def test_a_question_is_asked_once_more_and_the_token_is_not(
    asked: SimSwapOverHttp, operator: OperatorSystem
) -> None:
    operator.trouble = "once"
    assert await asked.ask(BARBARA, 3, "c") == Replaced()
    assert len(operator.asked) == 2


@pytest.mark.parametrize("where", ["trouble", "token_trouble"])
async def test_who_takes_too_long_is_not_waited_for(operator: OperatorSystem, where: str) -> None:
    setattr(operator, where, "slow")
    async with asking(operator, seconds=0.1) as asked:
        assert await asked.ask(BARBARA, 3, "c") == Untold("time")


async def test_an_operator_that_fails_is_left_alone_and_tried_again(operator: OperatorSystem) -> None:
    moment: list[float] = [0.0]
    async with asking(operator, moment=moment) as asked:
        operator.trouble = "500"
        said = [await asked.ask(BARBARA, 3, "c") for _ in range(FAILURES + 3)]
        assert said == [Untold("status_500")] * FAILURES + [Untold("left_alone")] * 3
        assert len(operator.asked) == FAILURES
        operator.trouble, moment[0] = "", REST
        assert await asked.ask(BARBARA, 3, "c") == Replaced()


async def test_numbers_that_the_operator_does_not_know_are_no_failure(
    asked: SimSwapOverHttp, operator: OperatorSystem
) -> None:
    operator.trouble = "404"
    for _ in range(FAILURES + 3):
        assert await asked.ask(BARBARA, 3, "c") == Untold("unknown_number")
    assert len(operator.asked) == FAILURES + 3


async def test_an_address_inside_our_own_networks_is_not_gone_to(operator: OperatorSystem) -> None:
    async with asking(operator, reach=Reach(allow_http=True)) as asked:
        assert await asked.ask(BARBARA, 3, "c") == Untold("forbidden")
    assert operator.asked == operator.tokens == []
