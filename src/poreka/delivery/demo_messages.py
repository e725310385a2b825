"""The demonstration's phones and mailboxes: where its fake senders deliver to. It exists in the demo only.

The sender that fills it is `senders.py`.
"""

from contextlib import suppress
from dataclasses import dataclass

from poreka.store.database import AlreadyThere, Database, Insert


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMessage:
    """One message that arrived; `idempotency_key` is the outbox message's id."""

    id: str
    idempotency_key: str
    channel: str
    recipient: str
    sender: str
    text: str
    sent_at: int


@dataclass(frozen=True, slots=True)
class DemoMessages:
    """All inboxes of the demonstration."""

    database: Database

    async def deliver(self, message: DemoMessage) -> None:
        """Put a message into its inbox; one that was sent twice arrives once."""
        values = {name: getattr(message, name) for name in DemoMessage.__slots__}
        with suppress(AlreadyThere):
            await self.database.insert(Insert("messages", values))

    async def of_recipients(self, recipients: tuple[str, ...], limit: int = 50) -> list[DemoMessage]:
        """What arrived at any of a person's numbers and addresses, newest first."""
        found: list[DemoMessage] = []
        sql = "SELECT * FROM messages WHERE recipient = $1 ORDER BY id DESC LIMIT $2"
        for recipient in recipients:
            found += [DemoMessage(**dict(row)) for row in await self.database.all(sql, recipient, limit)]
        return sorted(found, key=lambda message: message.id, reverse=True)[:limit]
