"""A token of our own, kept while it is good: `oidc/relying_party/client_credentials.py` says how one is asked for.

Many who need one at the same moment wait for the same answer. A token that was refused is given back, and then
not used again. It is in memory only.
"""

import asyncio
import time
from collections.abc import Callable

from poreka.oidc.relying_party.client_credentials import ClientGrant, ClientToken, read_token, token_request
from poreka.outgoing.back_channel import BackChannel
from poreka.outgoing.peer_read import within

MARGIN = 30  # seconds that a token must still be good for


class OwnToken:
    """The token of one grant; `fresh_id` names the assertions, `now` never goes back."""

    def __init__(
        self,
        channel: BackChannel,
        grant: ClientGrant,
        fresh_id: Callable[[], str],
        *,
        seconds: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._channel, self._grant, self._fresh_id, self._seconds, self._now = channel, grant, fresh_id, seconds, now
        self._kept: ClientToken | None = None
        self._until = 0.0
        self._asking = asyncio.Lock()

    async def value(self) -> str:
        """The token; raises `PeerFault`, `TokenRefused`."""
        async with self._asking:
            if self._kept is None or self._now() >= self._until:
                request = token_request(self._grant, self._fresh_id(), int(time.time()))
                self._kept = read_token(await within(self._channel, request, self._seconds))
                self._until = self._now() + self._kept.seconds - MARGIN
            return self._kept.value

    def refused(self, value: str) -> None:
        """This one is good no longer; another may have come meanwhile."""
        if self._kept is not None and self._kept.value == value:
            self._kept = None
