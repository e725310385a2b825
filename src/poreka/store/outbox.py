"""The outbox: messages written in the transaction they tell of, and sent afterwards by a worker.

`claim_due` gives a message to one worker for the length of a lease. Sending is *at least once*: a
worker that dies between sending and `dispatched` lets its lease run out, and another sends again.
So receivers get `id` as the key to recognise a repetition by; we prefer a code that comes twice to
one that never comes. What was sent or given up keeps its row, but not its address and text.
"""

from dataclasses import dataclass, field

from poreka.store.database import Database, Insert, Row, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal

_OPEN = "dispatched_at IS NULL AND failed_at IS NULL"
_TO = {None: "", True: " AND channel <> 'logout'", False: " AND channel = 'logout'"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; `about` names what it belongs to; it is not worth sending from `expires_at` on."""

    id: str
    channel: str
    recipient: str = field(repr=False)
    body: str = field(repr=False)
    about: str
    created_at: int
    due_at: int
    expires_at: int
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How the sending stands; both times None: still waiting."""

    attempts: int
    dispatched_at: int | None
    failed_at: int | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class Outbox:
    """The messages of one system."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, message: Message) -> Insert:
        """The row of a message to be sent."""
        values: dict[str, Value] = {
            "id": message.id,
            "channel": message.channel,
            "recipient": self._sealed("recipient", message.id, message.recipient),
            "body": self._sealed("body", message.id, message.body),
            "about": message.about,
            "created_at": message.created_at,
            "due_at": message.due_at,
            "expires_at": message.expires_at,
            "attempts": message.attempts,
        }
        return Insert("outbox", values)

    async def claim_due(
        self, now: int, *, lease_seconds: int, limit: int = 20, to_people: bool | None = None
    ) -> list[Message]:
        """Take messages that are due, of all or only `to_people` or not; until the lease ends no other worker gets
        them.
        """
        due = f"SELECT id FROM outbox WHERE {_OPEN} AND due_at <= $1 AND expires_at > $1{_TO[to_people]}"  # noqa: S608
        if await self.database.one(f"{due} LIMIT 1", now) is None:
            return []  # the ordinary case, and it takes no write lock
        skip = " FOR UPDATE SKIP LOCKED" if self.database.engine == "postgresql" else ""
        async with self.database.transaction() as transaction:
            rows = await transaction.all(
                "UPDATE outbox SET due_at = $2, attempts = attempts + 1"  # noqa: S608
                f" WHERE id IN ({due} ORDER BY due_at LIMIT $3{skip}) RETURNING *",
                now,
                now + lease_seconds,
                limit,
            )
        return sorted((self._from_row(row) for row in rows), key=lambda message: message.id)

    async def dispatched(self, writer: Writer, message: Message, now: int) -> bool:
        """It was handed over. False when another worker had said so before: then it went out twice."""
        sql = f"UPDATE outbox SET dispatched_at = $2, recipient = $3, body = $3 WHERE id = $1 AND {_OPEN}"  # noqa: S608
        return await writer.run(sql, message.id, now, b"") > 0

    async def failed(self, writer: Writer, message: Message, now: int, failure: str) -> bool:
        """It will never go out; False when a later worker decides about it."""
        sql = (
            "UPDATE outbox SET failed_at = $3, failure = $4, recipient = $5, body = $5"  # noqa: S608
            f" WHERE id = $1 AND attempts = $2 AND {_OPEN}"
        )
        return await writer.run(sql, message.id, message.attempts, now, failure, b"") > 0

    async def retry(self, writer: Writer, message: Message, due_at: int, failure: str) -> bool:
        """Try again at `due_at`; False when a later worker decides about it."""
        sql = f"UPDATE outbox SET due_at = $3, failure = $4 WHERE id = $1 AND attempts = $2 AND {_OPEN}"  # noqa: S608
        return await writer.run(sql, message.id, message.attempts, due_at, failure) > 0

    async def give_up_expired(self, writer: Writer, now: int) -> int:
        """Mark as failed what was not sent in time; returns how many."""
        sql = (
            "UPDATE outbox SET failed_at = $1, failure = 'expired', recipient = $2, body = $2"  # noqa: S608
            f" WHERE {_OPEN} AND expires_at <= $1"
        )
        return await writer.run(sql, now, b"")

    async def status_of(self, about: str) -> Delivery | None:
        """How the newest message about something stands; None when there is none."""
        row = await self.database.one(
            "SELECT attempts, dispatched_at, failed_at, failure FROM outbox WHERE about = $1"
            " ORDER BY created_at DESC, id DESC LIMIT 1",
            about,
        )
        return Delivery(**dict(row)) if row else None

    def _sealed(self, column: str, message_id: str, value: str) -> bytes:
        return self.seal.seal(value.encode(), f"outbox.{column}:{message_id}", self.fresh.bytes(12))

    def _from_row(self, row: Row) -> Message:
        message_id = row["id"]
        return Message(
            id=message_id,
            channel=row["channel"],
            recipient=self.seal.unseal(row["recipient"], f"outbox.recipient:{message_id}").decode(),
            body=self.seal.unseal(row["body"], f"outbox.body:{message_id}").decode(),
            about=row["about"],
            created_at=row["created_at"],
            due_at=row["due_at"],
            expires_at=row["expires_at"],
            attempts=row["attempts"],
        )
