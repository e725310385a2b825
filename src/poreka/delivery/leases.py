"""Leases of other workers, as one worker sees them: which of them nobody renews any more.

No time of another machine is compared with ours, because their clocks may differ by a minute. A lease has run out
when this worker itself has seen it unchanged for a whole lease by its own monotonic clock; a worker that lives renews
it long before, and a renewed lease is another value. A worker that could not look for a while begins to count anew:
what kept it from looking may have kept the other from renewing. Leader election in Kubernetes rests on the same idea.
"""

from collections.abc import Callable, Sequence

from poreka.store.outbox import Lease

LEASE_SECONDS = 15
RENEW_SECONDS = 4.0


class LeasesSeen:
    """What this worker saw of the others' leases, and since when."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._since: dict[Lease, float] = {}
        self._looked_at = monotonic()

    def run_out(self, leases: Sequence[Lease]) -> list[Lease]:
        """Of all that there are now, those that have run out."""
        now = self._monotonic()
        known = self._since if now - self._looked_at <= RENEW_SECONDS else {}
        self._since = {lease: known.get(lease, now) for lease in leases}
        self._looked_at = now
        return [lease for lease, since in self._since.items() if now - since >= LEASE_SECONDS]
