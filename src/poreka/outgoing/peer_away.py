"""What it means that a system we need is away: `PeerAway`, and what the answer to the person tells.

Each system that asks another one has its own subclass: a customer directory, the trusted profile's office, a patient
account. `web/failures.py` answers them all alike, with 503 and when to come again.
"""

from typing import ClassVar

RETRY_SECONDS = 5


class PeerAway(Exception):
    """The other system gave no answer that could be used; `reason` is for the log and names nobody.

    `kind` picks the texts of the page (`failure.<kind>.heading`, `.happened`, `.next`). Where `leads_back`, the page
    offers the step again (`.again`); where `maybe_sent`, it says what may have arrived all the same (`.sent`).
    """

    kind: ClassVar[str]
    noted: ClassVar[str]
    """What the log says."""
    leads_back: ClassVar[bool] = False
    maybe_sent: ClassVar[bool] = False

    def __init__(self, reason: str = "", retry_seconds: int = RETRY_SECONDS) -> None:
        super().__init__(reason)
        self.retry_seconds = retry_seconds
