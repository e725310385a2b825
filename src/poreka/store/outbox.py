"""The outbox: messages written in the transaction they tell of, and sent afterwards by a worker.

`claim_due` gives a message to one worker under a lease, and `renew` shows that the worker lives; when a lease is not
renewed any more (`delivery/leases.py`), `take_over` gives the message to another worker. `handing_over` writes down,
before anything leaves, which gateway may have the message; `retry`, `failed` and `give_back` take that back when the
gateway surely did not take it. So the worker that takes a message over knows whether it may have left already
(`handed_to`), and `rules/limits/sending.py` says what may be done then. A message that was sent or given up keeps its
row, but not its recipient and body.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from poreka.store.database import Database, Insert, Row, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal

_OPEN = "dispatched_at IS NULL AND failed_at IS NULL"
PING = "ping"  # a relying party is told that a request of its has been answered: `provider.ping_sender`
TO_PEERS = ("logout", PING)  # the other channels lead to people
NOBODY = "nobody"  # a channel that leads nowhere: `delivery.senders.Nobody`
_TO = {None: "", True: f" AND channel NOT IN {TO_PEERS}", False: f" AND channel IN {TO_PEERS}"}


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
    handed_to: str | None = None  # the gateway that may have it from an attempt before this one
    handed_at: int | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's hold on a message; each renewal makes its `number` another one, by which `LeasesSeen` knows it."""

    message_id: str
    attempts: int
    number: int
    to_people: bool


Report = Literal["delivered", "undelivered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How the sending of a message stands.

    It waits while `dispatched_at` and `failed_at` are None; `unsure` means that it may have left, and nobody can say.
    """

    attempts: int
    dispatched_at: int | None
    failed_at: int | None
    failure: str | None
    unsure: bool = False
    report: Report | None = None
    reported_at: int | None = None
    handed_at: int | None = None  # since when a gateway has it whose answer is not there yet


@dataclass(frozen=True, slots=True)
class Outbox:
    """The messages of one system.

    `renew`, `give_back`, `handing_over`, `failed` and `retry` are guarded by `message.attempts`, which grows by one
    with every worker that takes the message: they change nothing and return False when a later worker has it.
    """

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
            "recipient_index": self._recipient_index(message),
        }
        return Insert("outbox", values)

    async def claim_due(self, now: int, *, limit: int = 20, to_people: bool | None = None) -> list[Message]:
        """Take due messages under a lease: those to people, those to relying parties (False), or all of them (None)."""
        due = (
            f"SELECT id FROM outbox WHERE {_OPEN} AND lease IS NULL"  # noqa: S608
            f" AND due_at <= $1 AND expires_at > $1{_TO[to_people]}"
        )
        if await self.database.one(f"{due} LIMIT 1", now) is None:
            return []  # the ordinary case, and it takes no write lock
        skip = " FOR UPDATE SKIP LOCKED" if self.database.engine == "postgresql" else ""
        async with self.database.transaction() as transaction:
            rows = await transaction.all(
                "UPDATE outbox SET lease = 0, attempts = attempts + 1"  # noqa: S608
                f" WHERE id IN ({due} ORDER BY due_at LIMIT $2{skip}) RETURNING *",
                now,
                limit,
            )
        return sorted((self._from_row(row) for row in rows), key=lambda message: message.id)

    async def leases(self) -> list[Lease]:
        """Which messages workers have now."""
        rows = await self.database.all(
            f"SELECT id, attempts, lease, channel FROM outbox WHERE lease >= 0 AND {_OPEN}"  # noqa: S608
        )
        return [Lease(row["id"], row["attempts"], row["lease"], row["channel"] not in TO_PEERS) for row in rows]

    async def take_over(self, leases: Sequence[Lease], now: int) -> list[Message]:
        """Take messages from the workers that have these leases; a lease that was renewed meanwhile is left alone."""
        taken: list[Message] = []
        async with self.database.transaction() as transaction:
            for lease in sorted(leases, key=lambda lease: lease.message_id):
                row = await transaction.one(
                    "UPDATE outbox SET lease = 0, attempts = attempts + 1"  # noqa: S608
                    f" WHERE id = $1 AND attempts = $2 AND lease = $3 AND expires_at > $4 AND {_OPEN} RETURNING *",
                    lease.message_id,
                    lease.attempts,
                    lease.number,
                    now,
                )
                taken += [self._from_row(row)] if row else []
        return taken

    async def renew(self, writer: Writer, message: Message) -> bool:
        """Show that the worker that has a message lives; False when it is not that worker's any more."""
        sql = f"UPDATE outbox SET lease = lease + 1 WHERE id = $1 AND attempts = $2 AND lease IS NOT NULL AND {_OPEN}"  # noqa: S608
        return await writer.run(sql, message.id, message.attempts) > 0

    async def give_back(self, writer: Writer, message: Message, due_at: int) -> bool:
        """Make a message due again at `due_at`, with the gateway's mark that it had before this attempt.

        For an attempt in which nothing was sent. False when the message is not this worker's any more.
        """
        sql = (
            "UPDATE outbox SET lease = NULL, due_at = $3, handed_to = $4, handed_at = $5"  # noqa: S608
            f" WHERE id = $1 AND attempts = $2 AND {_OPEN}"
        )
        values = (message.id, message.attempts, due_at, message.handed_to, message.handed_at)
        return await writer.run(sql, *values) > 0

    async def handing_over(self, writer: Writer, message: Message, gateway: str, now: int) -> bool:
        """Write down that this gateway may have a message from now on, before it is sent there.

        False when a later worker has it: then it must not be sent. `handed_at` stays when the same gateway is asked
        again.
        """
        sql = (
            "UPDATE outbox SET handed_at = CASE WHEN handed_to = $3 THEN handed_at ELSE $4 END, handed_to = $3"  # noqa: S608
            f" WHERE id = $1 AND attempts = $2 AND {_OPEN}"
        )
        return await writer.run(sql, message.id, message.attempts, gateway, now) > 0

    async def dispatched(
        self, writer: Writer, message: Message, now: int, *, reference: str | None = None, unsure: bool = False
    ) -> bool:
        """Close a message as sent, or as perhaps sent (`unsure`); False when it was closed before.

        Any worker may say so, because a message that has left cannot be taken back.
        """
        sql = (
            "UPDATE outbox SET dispatched_at = $2, recipient = $3, body = $3, reference = $4,"  # noqa: S608
            " unsure = ($5 AND report IS NULL)"
            f" WHERE id = $1 AND {_OPEN}"
        )
        return await writer.run(sql, message.id, now, b"", reference, unsure) > 0

    async def failed(self, writer: Writer, message: Message, now: int, failure: str) -> bool:
        """Close a message as never sent; False when a later worker has it."""
        sql = (
            "UPDATE outbox SET failed_at = $3, failure = $4, recipient = $5, body = $5, handed_to = NULL"  # noqa: S608
            f" WHERE id = $1 AND attempts = $2 AND {_OPEN}"
        )
        return await writer.run(sql, message.id, message.attempts, now, failure, b"") > 0

    async def retry(self, writer: Writer, message: Message, due_at: int, failure: str, *, in_doubt: bool) -> bool:
        """Make a message due again at `due_at`; False when a later worker has it.

        The gateway's mark is removed unless the message may have left already (`in_doubt`).
        """
        unmark = "" if in_doubt else ", handed_to = NULL, handed_at = NULL"
        sql = (
            f"UPDATE outbox SET lease = NULL, due_at = $3, failure = $4{unmark}"  # noqa: S608
            f" WHERE id = $1 AND attempts = $2 AND {_OPEN}"
        )
        return await writer.run(sql, message.id, message.attempts, due_at, failure) > 0

    async def bring_forward(self, writer: Writer, about: str, now: int) -> None:
        """Make what waits to be sent about `about` due now, where anything does."""
        sql = f"UPDATE outbox SET due_at = $2 WHERE about = $1 AND {_OPEN} AND due_at > $2"  # noqa: S608
        await writer.run(sql, about, now)

    async def report(self, gateway: str, message_id: str, report: Report, now: int) -> bool:
        """Keep a gateway's report about a message, which has surely left, then (`unsure` ends).

        `delivered` is final; `undelivered` may still become `delivered`. False when the gateway was given no such
        message, or has reported it as delivered before.
        """
        sql = (
            "UPDATE outbox SET report = $3, reported_at = $4, unsure = FALSE"
            " WHERE id = $1 AND handed_to = $2 AND (report IS NULL OR report <> 'delivered')"
        )
        return await self.database.run(sql, message_id, gateway, report, now) > 0

    async def id_by_reference(self, gateway: str, reference: str) -> str | None:
        """The id of the message that a gateway calls by its own `reference`."""
        row = await self.database.one(
            "SELECT id FROM outbox WHERE handed_to = $1 AND reference = $2", gateway, reference
        )
        return row["id"] if row else None

    async def earlier_to_recipient(self, message: Message, since: int) -> int:
        """How many messages to the same recipient were written after `since` and before this one, and not given up."""
        row = await self.database.one(
            "SELECT count(*) AS earlier FROM outbox WHERE recipient_index = $1 AND created_at > $2"
            " AND (created_at < $3 OR (created_at = $3 AND id < $4)) AND failed_at IS NULL",
            self._recipient_index(message),
            since,
            message.created_at,
            message.id,
        )
        return int(row["earlier"]) if row else 0

    async def give_up_expired(self, writer: Writer, now: int) -> int:
        """Close what was not sent in time: as failed, or as unsure where it may have left; returns how many."""
        closed = f"recipient = $2, body = $2 WHERE {_OPEN} AND expires_at <= $1"
        failed = f"UPDATE outbox SET failed_at = $1, failure = 'expired', {closed} AND handed_to IS NULL"  # noqa: S608
        unsure = f"UPDATE outbox SET dispatched_at = handed_at, unsure = TRUE, {closed} AND handed_to IS NOT NULL"  # noqa: S608
        return await writer.run(failed, now, b"") + await writer.run(unsure, now, b"")

    async def status_of(self, about: str) -> Delivery | None:
        """How the newest message about something stands; None when there is none."""
        row = await self.database.one(
            "SELECT attempts, dispatched_at, failed_at, failure, unsure, report, reported_at, handed_at FROM outbox"
            " WHERE about = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
            about,
        )
        return Delivery(**{**dict(row), "unsure": bool(row["unsure"])}) if row else None

    def proof_of(self, message_id: str) -> str:
        """The secret that ends the address at which a gateway reports about a message: nobody else can guess it."""
        return self.seal.index(message_id, "message report")[:16].hex()

    def _recipient_index(self, message: Message) -> bytes:
        return self.seal.index(message.recipient, f"recipient {message.channel}")

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
            handed_to=row["handed_to"],
            handed_at=row["handed_at"],
        )
