"""Wrong passwords: slowed from the third, locked for a quarter of an hour at the tenth, and no more than 100 in a row.

A wait is a time before which no try is looked at, not a sleep: it holds no worker and parallel tries gain
nothing. The count belongs to the *name that was typed*, known or not, so that neither answer nor time tells
whether it exists. When a lock has run out ten more are allowed: an owner who mistypes once more is not shut out
again at once. After a hundred in a row (NIST SP 800-63B-4, 3.2.2) one a day is. Codes are counted in `operation`.
"""

import msgspec

SLOWED_FROM = 3
LOCKED_AT = 10
LONGEST_WAIT = 30  # seconds
LOCK = 15 * 60  # seconds
MOST_IN_A_ROW = 100
DAY = 24 * 60 * 60
CODES_LOCK = DAY  # for codes sent to somebody: each brings three guesses, and fills a mailbox
LOOKED_AT_WITHIN = 15  # seconds, in which a try has its verdict; after that it counts as never made


class Attempts(msgspec.Struct, frozen=True, kw_only=True):
    """Wrong passwords in a row, and the time before which the next try is not looked at."""

    failures: int = 0
    not_before: int = 0


class Allowed(msgspec.Struct, frozen=True):
    """The password may be checked."""


class Slowed(msgspec.Struct, frozen=True):
    """Come back in so many seconds; this try does not count."""

    seconds: int


class Locked(msgspec.Struct, frozen=True):
    """Too many wrong passwords; nothing is checked for so many seconds, not even the right one."""

    seconds: int


def may_try(attempts: Attempts, now: int) -> Allowed | Slowed | Locked:
    """Whether a password may be checked now."""
    wait = attempts.not_before - now
    if wait <= 0:
        return Allowed()
    if _is_locked(attempts.failures):
        return Locked(wait)
    # So few bring no wait: another try is being looked at, which takes a moment.
    return Slowed(wait if attempts.failures % LOCKED_AT >= SLOWED_FROM else 1)


def reserved(attempts: Attempts, now: int) -> Attempts:
    """While a try that was allowed is looked at, no other is; nothing is counted yet."""
    return Attempts(failures=attempts.failures, not_before=now + LOOKED_AT_WITHIN)


def after_failure(attempts: Attempts, now: int, lock: int = LOCK) -> Attempts:
    """Count one try that was allowed; each tenth is the last for `lock` seconds."""
    failures = attempts.failures + 1
    return Attempts(failures=failures, not_before=now + _wait_after(failures, lock))


def _is_locked(failures: int) -> bool:
    return failures > 0 and (failures % LOCKED_AT == 0 or failures > MOST_IN_A_ROW)


def _wait_after(failures: int, lock: int) -> int:
    if failures >= MOST_IN_A_ROW and lock < DAY:
        return DAY
    if failures % LOCKED_AT == 0:
        return lock
    in_this_row = failures % LOCKED_AT
    return 0 if in_this_row < SLOWED_FROM else min(1 << (in_this_row - SLOWED_FROM), LONGEST_WAIT)
