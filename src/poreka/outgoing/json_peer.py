"""Another system that answers in JSON and knows us by a secret: asking it, and reading what it answers.

Reading is tried once more after a short, uneven pause; what changes something is sent once. Whatever keeps the other
system from answering as its contract says is the exception that its user names.
"""

from typing import Any, Literal, TypeVar

import msgspec

from poreka.oidc.relying_party.exchange import Answer, Outgoing, media_type
from poreka.outgoing.back_channel import BackChannel, PeerFault
from poreka.outgoing.peer_away import PeerAway
from poreka.outgoing.peer_read import Pause, read, uneven_pause, within

T = TypeVar("T")


class JsonPeer:
    """The other system at `origin`, which knows us by `secret`; its subclasses say what they ask it."""

    away: type[PeerAway]
    """What is raised when there is no answer that could be used."""
    gone: type[PeerAway]
    """What is raised when the other system knows nothing of what was asked about (404)."""

    def __init__(
        self, channel: BackChannel, origin: str, secret: str, seconds: float, pause: Pause = uneven_pause
    ) -> None:
        self._channel, self._origin, self._seconds, self._pause = channel, origin, seconds, pause
        self._headers = {"accept": "application/json", "authorization": f"Bearer {secret}"}

    async def ask(self, path: str, kind: type[T]) -> T:
        """A question that changes nothing there; raises `away` and `gone`."""
        try:
            answer = await read(self._channel, self._request("GET", path), self._seconds, self._pause)
        except PeerFault as fault:
            raise self.away("not reached") from fault
        return self.told(answer, kind)

    async def send(self, path: str, document: object) -> Answer:
        """A document, sent once; raises `away`."""
        try:
            return await within(self._channel, self._request("POST", path, document), self._seconds)
        except PeerFault as fault:
            raise self.away("not reached") from fault

    def told(self, answer: Answer, kind: type[T]) -> T:
        """What an answer says; raises `away` and `gone`."""
        if answer.status != 200:
            raise self.refused(answer)
        if media_type(answer) != "application/json":
            raise self.away("not JSON")
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise self.away("not as the contract says") from None

    def refused(self, answer: Answer) -> PeerAway:
        """The exception for an answer with another status than the contract's."""
        return self.gone() if answer.status == 404 else self.away(f"status {answer.status}")

    def _request(self, method: Literal["GET", "POST"], path: str, document: Any = None) -> Outgoing:
        headers = self._headers if document is None else {**self._headers, "content-type": "application/json"}
        body = b"" if document is None else msgspec.json.encode(document)
        return Outgoing(method=method, url=self._origin + path, headers=headers, body=body)
