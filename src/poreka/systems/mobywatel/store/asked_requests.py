"""`AskedRequests`: the app's copy of push requests, with which phone gave which answer.

A provider sends each push request and decides about it; the rows here only fill the app's pages, which ask the provider
how a request stands (`systems/mobywatel/questions/waiting.py`). A request that comes a second time raises
`AlreadyThere`. The message is sealed, because it says what a person does where. Rows are swept after 90 days.
"""

from dataclasses import dataclass

import msgspec

from poreka.contracts.app_request import PushMessage
from poreka.rules.authorising.push_request import PushState
from poreka.store.database import Database, Insert, Row, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal

SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRequest:
    """One push request; `asker` is the key of the provider that sent it, `told` is its message as it came."""

    asker: str
    person_id: str
    told: PushMessage
    state: PushState = PushState.OPEN
    received_at: int
    expires_at: int
    ended_at: int | None = None
    device_id: str | None = None

    def as_of(self, now: int) -> PushState:
        """How the request stands by this row alone: lapsed, if it was open and its time is over."""
        return PushState.LAPSED if self.state is PushState.OPEN and now >= self.expires_at else self.state


@dataclass(frozen=True, slots=True)
class AskedRequests:
    """The requests that one app shows."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, asked: AskedRequest) -> Insert:
        """The row of a request that came now; inserting it raises `AlreadyThere` where the request had come before."""
        document = msgspec.json.encode(asked.told)
        values: dict[str, Value] = {
            "id": asked.told.id,
            "asker": asked.asker,
            "person_id": asked.person_id,
            "document": self.seal.seal(document, _context(asked.told.id), self.fresh.bytes(12)),
            "state": asked.state.value,
            "received_at": asked.received_at,
            "expires_at": asked.expires_at,
            "ended_at": asked.ended_at,
            "device_id": asked.device_id,
        }
        return Insert("asked_requests", values)

    async def load(self, request_id: str) -> AskedRequest | None:
        """The request with this id; None where there is none."""
        row = await self.database.one("SELECT * FROM asked_requests WHERE id = $1", request_id)
        return self._from_row(row) if row else None

    async def of_person(self, person_id: str) -> list[AskedRequest]:
        """The latest `SHOWN` requests of a person, the newest first."""
        sql = "SELECT * FROM asked_requests WHERE person_id = $1 ORDER BY received_at DESC, id DESC LIMIT $2"
        return [self._from_row(row) for row in await self.database.all(sql, person_id, SHOWN)]

    async def ended(
        self, writer: Writer, request_id: str, state: PushState, now: int, device_id: str | None = None
    ) -> None:
        """Record how an open request ended and which phone answered; a request that has ended stays as it is."""
        await writer.run(
            "UPDATE asked_requests SET state = $2, ended_at = $3, device_id = $4 WHERE id = $1 AND state = 'open'",
            request_id,
            state.value,
            now,
            device_id,
        )

    def _from_row(self, row: Row) -> AskedRequest:
        document = self.seal.unseal(row["document"], _context(row["id"]))
        return AskedRequest(
            asker=row["asker"],
            person_id=row["person_id"],
            told=msgspec.json.decode(document, type=PushMessage),
            state=PushState(row["state"]),
            received_at=row["received_at"],
            expires_at=row["expires_at"],
            ended_at=row["ended_at"],
            device_id=row["device_id"],
        )


def _context(request_id: str) -> str:
    return f"asked_requests.document:{request_id}"
