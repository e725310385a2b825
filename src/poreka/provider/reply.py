"""How a release is answered: each protocol has one `ReplyKind`, and a provider has a list of them.

What a protocol needs for its answer (an address, a state, a challenge) is stored with the release as the reply, in the
protocol's own form. Only its `ReplyKind` reads it: `provider/release/answer.py` for OpenID Connect.
"""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from msgspec import Raw
from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.rules.release import Ended
from poreka.provider.rules.wish import AskingService
from poreka.rules.people.person import Fact
from poreka.store.database import Insert
from poreka.store.sessions import Session

Answering_contra = TypeVar("Answering_contra", contravariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a release gives: the session of its person, the facts, and the operation by which a document was signed.

    `once` is the row that an answer saves with everything else it saves, so that there is one answer."""

    session: Session
    facts: tuple[Fact, ...]
    once: Insert
    signed_by: str | None = None


class ReplyKind(Protocol[Answering_contra]):
    """One protocol's end of a release; the type variable is the system that answers."""

    async def service(self, system: Answering_contra, service_id: str) -> AskingService | None:
        """The service of this name as it is registered now; None where there is none."""
        ...

    async def with_data(self, request: Request, system: Answering_contra, reply: Raw, given: Given) -> Response:
        """Answer with what was given; raises `AlreadyThere` when `given.once` was claimed before."""
        ...

    async def without_data(self, request: Request, system: Answering_contra, reply: Raw, ended: Ended) -> Response:
        """Answer that the release ended without data."""
        ...
