"""Wrong passwords: slowed from the third, locked for a quarter of an hour at the tenth.

A wait is a time before which no try is looked at, not a sleep: it holds no worker and parallel tries gain
nothing. The count belongs to the *name that was typed*, known or not, so that neither answer nor time tells
whether it exists. When a lock has run out the count starts again: an owner who mistypes once more is not
shut out again at once, and a guesser still gets ten tries in a quarter of an hour. Codes are counted in
`operation`.
"""

import msgspec

SLOWED_FROM = 3
LOCKED_AT = 10
LONGEST_WAIT = 30  # seconds
LOCK = 15 * 60  # seconds
CODES_LOCK = 24 * 60 * 60  # for codes sent to somebody: each brings three guesses, and fills a mailbox


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
    return Locked(wait) if attempts.failures >= LOCKED_AT else Slowed(wait)


def after_failure(attempts: Attempts, now: int, lock: int = LOCK) -> Attempts:
    """Count one try that was allowed; the tenth is the last for `lock` seconds."""
    failures = 1 if attempts.failures >= LOCKED_AT else attempts.failures + 1
    return Attempts(failures=failures, not_before=now + _wait_after(failures, lock))


def after_success() -> Attempts:
    """The right password clears the count."""
    return Attempts()


def _wait_after(failures: int, lock: int) -> int:
    if failures >= LOCKED_AT:
        return lock
    if failures < SLOWED_FROM:
        return 0
    return min(1 << (failures - SLOWED_FROM), LONGEST_WAIT)
