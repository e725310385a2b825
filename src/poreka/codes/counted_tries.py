"""Counting tries by what was typed: passwords, codes asked for by e-mail, PESELs that are taken.

A *try* at a secret is reserved before it is looked at, so that a hundred sent at once are one try and 99 waits, and
counted with its verdict: wrong, and one more is counted; right, and the count begins anew. A try that nobody could look
at, because something was away or broke, counts as nothing: what was reserved is given back, or lapses in seconds. A
*sending* (`count`) is counted at once: it costs whoever gets it. Names are kept as keyed hashes; each kind counts for
itself. The rules: `rules/limits/attempts.py`.
"""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

from starlette.requests import Request

from poreka.rules.limits.attempts import (
    CODES_LOCK,
    LOCK,
    Allowed,
    Attempts,
    Locked,
    Slowed,
    after_failure,
    may_try,
    reserved,
)
from poreka.store.database import DatabaseUnavailable, Stale, Transaction
from poreka.web.door.known_browser import known_under
from poreka.web.door.limiter import Spread, begin_spread, end_spread, right_in_spread, spread_of, wrong_in_spread
from poreka.web.system import System
from poreka.web.texts import Texts

OVERTAKEN = 3  # a verdict that comes after its reservation lapsed is counted all the same


Counted = Allowed | Slowed | Locked


@dataclass(frozen=True, slots=True)
class Try:
    """One try that may be looked at now: what it is counted under, what was counted before, and its reservation."""

    subject: bytes
    before: Attempts
    reserved: Attempts
    spread: Spread | None = None  # as one of many names that somebody tries; None in a browser that is known


def counted_under(system: System, kind: str, name: str) -> bytes:
    """What a kind of try for a name is counted under."""
    return hmac.digest(system.keys.attempts, f"{kind}\0{name}".encode("utf-8", "replace"), "sha256")


def sign_in_subject(system: System, number: str) -> bytes:
    """What tries at a provider's password are counted under: the name as typed, known or not."""
    return hmac.digest(system.keys.attempts, b"sign-in:" + number.casefold().encode("utf-8", "replace"), "sha256")


async def begin_anyones_try(request: Request, system: System, subject: bytes) -> Try | Slowed | Locked:
    """Reserve a try at the password of a name that anybody may type (`subject`, as its tries are counted).

    A browser in which the name's owner signed in before has a count of its own; from any other it counts, too, as one
    of many names that may be tried from there (`web/door/limiter.py`). Raises `LimitReached`, and `TooBusy`.
    """
    if (known := known_under(request, system, subject)) is not None:
        return await begin_try(system, known)
    spread = spread_of(request, system, subject)
    await begin_spread(system, spread)
    tried: Try | Slowed | Locked | None = None
    try:
        tried = await begin_try(system, subject)
    finally:
        if not isinstance(tried, Try):
            end_spread(system, spread)
    return replace(tried, spread=spread) if isinstance(tried, Try) else tried


async def begin_try(system: System, subject: bytes) -> Try | Slowed | Locked:
    """Reserve a try at a password, to be settled by `wrong` or `right`; raises `TooBusy` before anything is counted."""
    system.passwords.make_room()
    now = system.clock()
    before = await system.attempts.of(subject)
    allowed = may_try(before, now)
    if not isinstance(allowed, Allowed):
        return allowed
    held = reserved(before, now)
    try:
        await system.attempts.replace(system.database, subject, before, held)
    except Stale:
        return Slowed(1)  # another try is being looked at
    return Try(subject, before, held)


@asynccontextmanager
async def until_verdict(system: System, tried: Try) -> AsyncIterator[None]:
    """While the try is looked at and its verdict is saved: whatever fails in it gives the reservation back."""
    try:
        yield
    except BaseException:
        await give_back(system, tried)
        raise
    finally:
        if tried.spread is not None:
            end_spread(system, tried.spread)


async def give_back(system: System, tried: Try) -> None:
    """The try came to no verdict: others may be looked at again at once."""
    with suppress(Stale, DatabaseUnavailable):
        await system.attempts.replace(system.database, tried.subject, tried.reserved, tried.before)


async def wrong(system: System, transaction: Transaction, tried: Try) -> Attempts:
    """The verdict is wrong: counted with whatever else the transaction saves; what is counted now."""
    now, held, after = system.clock(), tried.reserved, after_failure(tried.before, system.clock())
    for _ in range(OVERTAKEN):
        with suppress(Stale):
            await system.attempts.replace(transaction, tried.subject, held, after)
            if tried.spread is not None:
                await wrong_in_spread(system, transaction, tried.spread)
            return after
        held = await system.attempts.of(tried.subject)
        after = after_failure(held, now)
    raise Stale("password_attempts")


async def right(system: System, transaction: Transaction, tried: Try) -> None:
    """The verdict is right: the count begins anew."""
    await system.attempts.clear(transaction, tried.subject)
    if tried.spread is not None:
        await right_in_spread(system, transaction, tried.spread)


async def count_for_name(request: Request, system: System, kind: str, name: str, subject: bytes) -> Counted:
    """Count one sending for a name that anybody may type; `subject` is what tries at its password are counted under.

    A browser in which the name's owner signed in before has a count of its own, so that strangers use up nobody's.
    """
    known = known_under(request, system, subject)
    return await count(system, counted_under(system, kind, known.hex() if known else name), lock=CODES_LOCK)


async def count(system: System, subject: bytes, *, lock: int = LOCK) -> Counted:
    """Count one sending, if it is allowed now; `lock` is how long the tenth closes the way, in seconds."""
    now = system.clock()
    before = await system.attempts.of(subject)
    allowed = may_try(before, now)
    if not isinstance(allowed, Allowed):
        return allowed
    try:
        await system.attempts.replace(system.database, subject, before, after_failure(before, now, lock))
    except Stale:
        return Slowed(1)  # another try was counted meanwhile
    return allowed


async def count_sending(system: System, kind: str, *names: str) -> bool:
    """Count one message of a kind for each of the names; False at the first that has had too many."""
    for name in names:
        if not isinstance(await count(system, counted_under(system, kind, name), lock=CODES_LOCK), Allowed):
            return False
    return True


def wait_text(texts: Texts, why: Slowed | Locked) -> str:
    """When to come back for another code: in seconds, or in hours begun."""
    if isinstance(why, Locked):
        return texts.plural("profiles.wait_hours", -(-why.seconds // 3600))
    return texts.plural("profiles.wait", why.seconds)
