"""Requests by which relying parties ask people in the app (CIBA), by the SHA-256 of their ``auth_req_id``.

What was asked, and of whom, is sealed. `may_poll` enforces the interval for all workers at once: of two polls at the
same moment one is early. `use` is the single-use gate of an approval. Rows stay for a day after their time, so that a
late poll still learns how it ended.
"""

from dataclasses import dataclass, field

import msgspec

from poreka.oidc.trusted_signature import SignatureRequest
from poreka.store.database import Database, Insert, Stale, Value, Writer
from poreka.store.fresh import Fresh, secret_hash
from poreka.store.seal import Seal


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a request; `denied_at` is set where nobody was asked, `jkt` binds it to a key.

    `message` is what the app showed besides the service's name, as the client worded it.
    """

    id: str
    client_id: str
    person_id: str | None = None
    operation_id: str | None = None
    scopes: tuple[str, ...]
    signature: SignatureRequest | None = None
    message: str = ""
    jkt: str | None = None
    asked_at: int
    answer_by: int
    denied_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRequest:
    """A request as it lies there."""

    asked: Asked = field(repr=False)
    used: bool


@dataclass(frozen=True, slots=True)
class BackchannelRequests:
    """The requests of one provider."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, asked: Asked, auth_req_id: str, interval: int, expires_at: int) -> Insert:
        """The row of a request taken just now; it may be polled at once."""
        record = self.seal.seal(msgspec.json.encode(asked), _context(asked.id), self.fresh.bytes(12))
        values: dict[str, Value] = {
            "id_hash": secret_hash(auth_req_id),
            "id": asked.id,
            "client_id": asked.client_id,
            "operation_id": asked.operation_id,
            "record": record,
            "interval_seconds": interval,
            "next_poll_at": asked.asked_at,
            "used_at": None,
            "expires_at": expires_at,
        }
        return Insert("backchannel_requests", values)

    async def load(self, auth_req_id: str, client_id: str) -> StoredRequest | None:
        """The request of this client; another's is not found."""
        row = await self.database.one(
            "SELECT id, record, used_at FROM backchannel_requests WHERE id_hash = $1 AND client_id = $2",
            secret_hash(auth_req_id),
            client_id,
        )
        if row is None:
            return None
        record = self.seal.unseal(row["record"], _context(row["id"]))
        return StoredRequest(asked=msgspec.json.decode(record, type=Asked), used=row["used_at"] is not None)

    async def may_poll(self, writer: Writer, request_id: str, now: int) -> bool:
        """Whether the client has waited long enough since its last poll; from now on it waits anew."""
        changed = await writer.run(
            "UPDATE backchannel_requests SET next_poll_at = $2 + interval_seconds WHERE id = $1 AND next_poll_at <= $2",
            request_id,
            now,
        )
        return changed > 0

    async def slow_down(self, writer: Writer, request_id: str, now: int, *, by: int, most: int) -> None:
        """The client polled too soon: its interval is longer for good (CIBA Core §11)."""
        await writer.run(
            "UPDATE backchannel_requests SET next_poll_at = $2 + interval_seconds + $3,"
            " interval_seconds = CASE WHEN interval_seconds + $3 > $4 THEN $4 ELSE interval_seconds + $3 END"
            " WHERE id = $1",
            request_id,
            now,
            by,
            most,
        )

    async def use(self, writer: Writer, request_id: str, now: int) -> None:
        """The approval is given out now, once; raises `Stale` when it was given before."""
        sql = "UPDATE backchannel_requests SET used_at = $2 WHERE id = $1 AND used_at IS NULL"
        if not await writer.run(sql, request_id, now):
            raise Stale("backchannel_requests")


def _context(request_id: str) -> str:
    return f"backchannel_requests.record:{request_id}"
