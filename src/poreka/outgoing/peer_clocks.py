"""Whether this machine's clock agrees with those of its peers, by the `Date` of their answers.

A difference of more than half a minute is logged with its seconds, once for each peer and hour of this process. It
is never a failure: whose clock is wrong nobody can say from one peer. What operators do about it: docs/operating.md.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

import structlog

from poreka.rules.clocks import WORTH_TELLING, difference, read_date

TELL_AGAIN_SECONDS = 3600.0
MOST_PEERS = 1000
log = structlog.get_logger()


class PeerClocks:
    """Compares our clock with those of peers; the real one, which no demonstration moves."""

    def __init__(self, clock: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.now, self._monotonic = clock, monotonic
        self._told: OrderedDict[str, float] = OrderedDict()

    def compare(self, peer: str, headers: Mapping[str, str], sent_at: float) -> None:
        """Look at the `Date` of an answer to what was sent at `sent_at`; an answer out of a cache says nothing."""
        date = None if "age" in headers else read_date(headers.get("date", ""))
        seconds = 0 if date is None else difference(date, sent_at, self.now())
        if abs(seconds) <= WORTH_TELLING or not self._may_tell(peer):
            return
        ours = "behind" if seconds > 0 else "ahead"
        log.warning(f"the clocks differ by {abs(seconds)} s", peer=peer, seconds=abs(seconds), our_clock=ours)

    def _may_tell(self, peer: str) -> bool:
        now = self._monotonic()
        if peer in self._told and now - self._told[peer] < TELL_AGAIN_SECONDS:
            return False
        self._told[peer] = now
        self._told.move_to_end(peer)
        if len(self._told) > MOST_PEERS:
            self._told.popitem(last=False)
        return True
