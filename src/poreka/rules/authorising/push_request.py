"""A push request: one question on a person's phone, answered with the number that only the page shows (P3, T5).

open → approved | refused | lapsed | withdrawn, and nothing leads out of the other four. The number is typed on
the phone and never sent to it, so who did not ask for anything has no number to type. A wrong number ends the
request like a refusal: there is one try. One request at a time is open for one person; two refusals in a row, or
three requests that nobody answered, bring a pause (`may_open`), whatever browser they came from.
Its life begins when it is opened, not when it arrives: what comes late has little time left or none, and
surprises nobody (docs/adr/0020). What the app is told: `push_message`.
"""

import enum
import hashlib
import hmac
from collections.abc import Sequence

import msgspec

NUMBERS = 90  # from 10 to 99: two digits, and no zero in front to leave out


class PushLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long, how often; seconds and counts."""

    life: int = 2 * 60
    finish: int = 2 * 60  # for which an approval waits for the browser that asked
    refusals: int = 2  # in a row; then a pause
    unanswered: int = 3
    pause: int = 15 * 60


class PushState(enum.Enum):
    """Where a request stands."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class PushRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request, for one operation of one person; `service` asks; `wrong_number`: why it was refused."""

    id: str
    person_id: str
    operation_id: str
    service: str
    opened_at: int
    expires_at: int
    state: PushState = PushState.OPEN
    ended_at: int | None = None
    wrong_number: bool = False


class Approved(msgspec.Struct, frozen=True):
    """The right number, in time. What it was for is done by the browser that asked."""

    request: PushRequest


class Refused(msgspec.Struct, frozen=True):
    """By the person, or by a wrong number."""

    request: PushRequest


class Lapsed(msgspec.Struct, frozen=True):
    """The answer came too late."""

    request: PushRequest


class NotOpen(msgspec.Struct, frozen=True):
    """It had ended before: a second answer, from whatever phone. Nothing changes."""

    state: PushState


class MayOpen(msgspec.Struct, frozen=True):
    """A request may be opened."""


class StillOpen(msgspec.Struct, frozen=True):
    """Another one waits for its answer."""

    request: PushRequest


class Paused(msgspec.Struct, frozen=True):
    """No request goes out before `until`."""

    until: int


Answered = Approved | Refused | Lapsed | NotOpen
Opening = MayOpen | StillOpen | Paused


def matching_number(key: bytes, request_id: str) -> str:
    """The two digits that the page shows: computed from the provider's key, so that nothing stored tells them."""
    drawn = hmac.digest(key, b"push-number" + request_id.encode(), hashlib.sha256)
    return str(10 + int.from_bytes(drawn[:16]) % NUMBERS)


def open_request(
    *, request_id: str, person_id: str, operation_id: str, service: str, now: int, limits: PushLimits
) -> PushRequest:
    """A new request; ask `may_open` first."""
    return PushRequest(
        id=request_id,
        person_id=person_id,
        operation_id=operation_id,
        service=service,
        opened_at=now,
        expires_at=now + limits.life,
    )


def as_of(request: PushRequest, now: int) -> PushRequest:
    """The request as it stands now: lapsed, if its time has passed meanwhile."""
    if request.state is PushState.OPEN and now >= request.expires_at:
        return _ended(request, PushState.LAPSED, request.expires_at)
    return request


def answer(request: PushRequest, number: str | None, right: str, now: int) -> Answered:
    """Decide about what the phone says: a number approves if it is `right`; None refuses."""
    current = as_of(request, now)
    if request.state is not PushState.OPEN:
        return NotOpen(request.state)
    if current.state is PushState.LAPSED:
        return Lapsed(current)
    if number is None:
        return Refused(_ended(request, PushState.REFUSED, now))
    if hmac.compare_digest("".join(number.split()).encode(), right.encode()):
        return Approved(_ended(request, PushState.APPROVED, now))
    return Refused(msgspec.structs.replace(_ended(request, PushState.REFUSED, now), wrong_number=True))


def withdraw(request: PushRequest, now: int) -> PushRequest | NotOpen:
    """Whoever asked gave up, or goes on with another tool."""
    current = as_of(request, now)
    return _ended(request, PushState.WITHDRAWN, now) if current.state is PushState.OPEN else NotOpen(current.state)


def may_open(recent: Sequence[PushRequest], now: int, limits: PushLimits) -> Opening:
    """Whether a person may be asked again, after these requests of theirs, the newest first.

    An approval ends what counts. Until then each further refusal brings another pause, and so does each further
    request without an answer: who bombards a phone gets two questions through, then one in a quarter of an hour.
    """
    standing = [as_of(request, now) for request in recent]
    if waiting := next((request for request in standing if request.state is PushState.OPEN), None):
        return StillOpen(waiting)
    counted = _since_approval(standing)
    refused = [at.ended_at or 0 for at in counted if at.state is PushState.REFUSED]
    ignored = [at.ended_at or 0 for at in counted if at.state in (PushState.LAPSED, PushState.WITHDRAWN)]
    ends = [
        max(moments) + limits.pause
        for moments, most in ((refused, limits.refusals), (ignored, limits.unanswered))
        if len(moments) >= most
    ]
    until = max(ends, default=0)
    return Paused(until) if until > now else MayOpen()


def _since_approval(newest_first: Sequence[PushRequest]) -> list[PushRequest]:
    approved = (place for place, one in enumerate(newest_first) if one.state is PushState.APPROVED)
    return list(newest_first[: next(approved, len(newest_first))])


def _ended(request: PushRequest, state: PushState, at: int) -> PushRequest:
    return msgspec.structs.replace(request, state=state, ended_at=at)
