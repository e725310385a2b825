"""When a worker process that ended is started again: soon at first, then after growing pauses, for ever.

Pauses double from one second to half a minute while a worker ends again and again, and begin anew once it has served
for a minute. Times are seconds of a clock that only runs forward.
"""

import msgspec

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
SETTLED_AFTER = 60.0


class Restarts(msgspec.Struct, frozen=True):
    """One worker's place: how often in a row it ended soon, and when it may be started next."""

    in_a_row: int = 0
    not_before: float = 0.0


def after_end(restarts: Restarts, started_at: float, now: float) -> Restarts:
    """A worker that was started at `started_at` has ended."""
    in_a_row = 1 if now - started_at >= SETTLED_AFTER else restarts.in_a_row + 1
    return Restarts(in_a_row, now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(in_a_row - 1, 10)))
