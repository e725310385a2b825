"""How long the code that a page asks for is good, and when another one may be asked for: what `code_times.html` shows.

Both are told beforehand and counted down; waiting is never a fault of what was typed. A code's time begins when its
message has left; before that there is nothing to tell.
"""

from typing import TypedDict

from poreka.rules.authorising.operation import Operation, as_of
from poreka.rules.authorising.operation import OperationState as State
from poreka.rules.shown_date import time_of_day


class CodeTimes(TypedDict):
    """Seconds that are left, and until when; and seconds to wait, for who asked for another code too soon."""

    code_left: int
    code_until: str
    code_wait: int


def code_times(operation: Operation | None, now: int, wait: int = 0) -> CodeTimes:
    """The times of an operation's newest code; none of an operation that is not there."""
    if operation is None or operation.dispatched_at is None or as_of(operation, now).state is not State.ISSUED:
        return CodeTimes(code_left=0, code_until="", code_wait=wait)
    until = time_of_day(operation.expires_at)
    return CodeTimes(code_left=operation.expires_at - now, code_until=until, code_wait=wait)
