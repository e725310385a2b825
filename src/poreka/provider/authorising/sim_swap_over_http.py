"""Asking a telephone operator whether a SIM card was replaced lately: the CAMARA API SIM Swap, version 2.

`ask` sends the phone number and nothing else about its owner. The operator offers one of two questions: `check` is
answered with a yes or a no, `retrieve-date` with the date of the last change. A question changes nothing at the
operator, so `peer_read.read` sends it a second time after a failure that may pass; `seconds` limits the token and all
tries together. `ask` raises nothing for an operator that fails: an answer that is slow, too large, of the wrong shape
or an error becomes `Untold` with the reason. After a few failures in a row `Breaker` lets no question through for a
while. Phone numbers are never logged.
"""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, TypeVar

import msgspec

from poreka.oidc.relying_party.client_credentials import TokenRefused
from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.exchange import Answer, Outgoing, media_type
from poreka.outgoing.back_channel import BackChannel, PeerFault
from poreka.outgoing.breaker import Breaker, LeftAlone
from poreka.outgoing.peer_read import Pause, read
from poreka.provider.authorising.operator_token import OwnToken
from poreka.provider.rules.sim_swap import Kept, Replaced, SimCard, Untold, since_change
from poreka.rules.people.phone_number import TakenNumbers, destination
from poreka.store.deadline import seconds_left

T = TypeVar("T")
Question = Literal["check", "retrieve-date"]
HOURS = 24
TELLS_NOT = {400: "refused_question", 404: "unknown_number", 422: "not_applicable"}
CODE = re.compile(r"[A-Z_]{1,64}")


class Swapped(Discreet, frozen=True, kw_only=True):
    """The answer to `check`."""

    swapped: bool


class LastChange(Discreet, frozen=True, kw_only=True, rename="camel"):
    """The answer to `retrieve-date`; without a date the card did not change in the last `monitored_period` days."""

    latest_sim_change: Annotated[datetime, msgspec.Meta(tz=True)] | None
    monitored_period: int | None = None


class _Error(Discreet, frozen=True, kw_only=True):
    code: str


class OperatorFailed(Exception):
    """The operator did not answer as it should; the message is for the log and holds nothing of a person."""


class SimSwapOverHttp:
    """The operator at `url`, which ends with the API's version; it fits `SimSwap`."""

    def __init__(
        self,
        channel: BackChannel,
        url: str,
        question: Question,
        token: OwnToken,
        *,
        taken: TakenNumbers,
        seconds: float,
        pause: Pause,
        clock: Callable[[], int],
        breaker: Breaker | None = None,
    ) -> None:
        self._channel, self._url, self._question, self._token = channel, url.rstrip("/"), question, token
        self._taken, self._seconds, self._pause, self._clock = taken, seconds, pause, clock
        self._breaker = breaker or Breaker("sim swap", OperatorFailed)

    async def ask(self, phone: str, days: int, correlator: str) -> SimCard:
        """Whether the SIM card of this phone is newer than `days`; `correlator` names the question there and here."""
        number = destination(phone, self._taken)
        if number is None:
            return Untold("no_number")
        try:
            return await self._breaker.call(lambda: self._ask_operator(f"+{number}", days, correlator))
        except LeftAlone:
            return Untold("left_alone")
        except OperatorFailed as fault:
            return Untold(str(fault))

    async def close(self) -> None:
        """Close every connection."""
        await self._channel.aclose()

    async def _ask_operator(self, number: str, days: int, correlator: str) -> SimCard:
        """The operator's answer, also one of `TELLS_NOT`; raises `OperatorFailed`, which `Breaker` counts."""
        age = {"maxAge": days * HOURS} if self._question == "check" else {}
        body = msgspec.json.encode({"phoneNumber": number, **age})
        try:
            async with asyncio.timeout(seconds_left(self._seconds)):
                answer = await self._send(body, correlator)
        except TimeoutError:
            raise OperatorFailed("time") from None
        except TokenRefused as refused:
            raise OperatorFailed(str(refused)) from None
        except PeerFault as fault:
            raise OperatorFailed(str(fault)) from None
        if answer.status in TELLS_NOT:
            return Untold("out_of_range" if _code(answer) == "OUT_OF_RANGE" else TELLS_NOT[answer.status])
        if answer.status != 200:
            raise OperatorFailed(f"status_{answer.status}")
        return self._read_answer(answer, days)

    async def _send(self, body: bytes, correlator: str) -> Answer:
        """Send the question with the token we have; where the operator answers 401, once more with a new token."""
        token = await self._token.value()
        answer = await self._send_with(token, body, correlator)
        if answer.status != 401:
            return answer
        self._token.refused(token)
        return await self._send_with(await self._token.value(), body, correlator)

    async def _send_with(self, token: str, body: bytes, correlator: str) -> Answer:
        headers = {
            "accept": "application/json",
            "authorization": f"Bearer {token}",
            "content-type": "application/json",
            "x-correlator": correlator,
        }
        request = Outgoing(method="POST", url=f"{self._url}/{self._question}", headers=headers, body=body)
        return await read(self._channel, request, self._seconds, self._pause)

    def _read_answer(self, answer: Answer, days: int) -> SimCard:
        if self._question == "check":
            return Replaced() if _decoded(answer, Swapped).swapped else Kept()
        last = _decoded(answer, LastChange)
        changed_at = int(last.latest_sim_change.timestamp()) if last.latest_sim_change else None
        return since_change(changed_at, last.monitored_period, days=days, now=self._clock())


def _decoded(answer: Answer, kind: type[T]) -> T:
    """The answer's JSON as a `kind`; raises `OperatorFailed`."""
    if media_type(answer) != "application/json":
        raise OperatorFailed("unreadable")
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise OperatorFailed("unreadable") from None


def _code(answer: Answer) -> str:
    """The error code in an answer; empty where the answer is no error document or its code is malformed."""
    try:
        code = msgspec.json.decode(answer.body, type=_Error).code
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return code if CODE.fullmatch(code) else ""
