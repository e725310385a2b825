"""How long a browser session lives: idle limit, absolute limit, the warning before the end (Z8).

Portal: 15 minutes idle, 8 hours in all; bank: 10 minutes idle. Being active is written down at most once a
minute, so a session may end up to a minute early, never late; the countdown on the page counts the same way
and tells the truth. A warning comes two minutes before the end, with the way to extend (WCAG 2.2.1).
"""

import msgspec


class SessionLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of one system's sessions, in seconds."""

    idle: int
    absolute: int = 8 * 60 * 60
    warn_before: int = 2 * 60
    write_every: int = 60


class SessionTimes(msgspec.Struct, frozen=True, kw_only=True):
    """When a session began, and when activity was last written down."""

    started_at: int
    active_at: int


def is_alive(times: SessionTimes, limits: SessionLimits, now: int) -> bool:
    """Whether the session may still be used."""
    return seconds_left(times, limits, now) > 0


def seconds_left(times: SessionTimes, limits: SessionLimits, now: int) -> int:
    """Seconds until the session ends if nothing happens; 0 when it has ended."""
    end = min(times.started_at + limits.absolute, times.active_at + limits.idle)
    return max(end - now, 0)


def should_write(times: SessionTimes, limits: SessionLimits, now: int) -> bool:
    """Whether this request's activity is worth a write."""
    return now - times.active_at >= limits.write_every
