"""Sign-ins with a certificate between two origins of ours: begun here, shown there, taken back here.

Two secrets, of which only hashes are kept. The state goes with the browser to the origin of mutual TLS and can
be answered once; the ticket comes back with it, opens what was found there once, within a minute, and only in
the browser that began. So whoever makes another person's browser show a certificate gets nothing by it: the
ticket is in that browser, and the sign-in belongs to this one.
"""

from dataclasses import dataclass, field

from poreka.store.database import Database, Insert, Value
from poreka.store.fresh import Fresh, secret_hash
from poreka.store.seal import Seal

TICKET_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Taken:
    """What was found at the other origin, and where the sign-in leads."""

    record: bytes = field(repr=False)
    target: str | None


@dataclass(frozen=True, slots=True)
class CertificateHandOvers:
    """The hand-overs of one portal."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, state: str, browser_hash: bytes, expires_at: int, target: str | None = None) -> Insert:
        """The row of a sign-in that begins in a browser; `target` is the page of ours to come to in the end."""
        values: dict[str, Value] = {
            "state_hash": secret_hash(state),
            "browser_hash": browser_hash,
            "target": target,
            "expires_at": expires_at,
        }
        return Insert("certificate_hand_overs", values)

    async def is_waiting(self, state: str, now: int) -> bool:
        """Whether a certificate may still be shown under this state."""
        sql = (
            "SELECT 1 AS one FROM certificate_hand_overs"
            " WHERE state_hash = $1 AND ticket_hash IS NULL AND expires_at > $2"
        )
        return await self.database.one(sql, secret_hash(state), now) is not None

    async def answer(self, state: str, ticket: str, record: bytes, now: int) -> bool:
        """Keep what was found, under a ticket; False when the state is unknown, over, or was answered before."""
        changed = await self.database.run(
            "UPDATE certificate_hand_overs SET ticket_hash = $2, record = $3, expires_at = $4"
            " WHERE state_hash = $1 AND ticket_hash IS NULL AND expires_at > $5",
            secret_hash(state),
            secret_hash(ticket),
            self.seal.seal(record, _context(ticket), self.fresh.bytes(12)),
            now + TICKET_SECONDS,
            now,
        )
        return changed > 0

    async def take(self, ticket: str, browser_hash: bytes, now: int) -> Taken | None:
        """Take out what was found, once; None when unknown, taken, over, or another browser's."""
        async with self.database.transaction() as transaction:
            row = await transaction.one(
                "DELETE FROM certificate_hand_overs"
                " WHERE ticket_hash = $1 AND browser_hash = $2 AND expires_at > $3 RETURNING record, target",
                secret_hash(ticket),
                browser_hash,
                now,
            )
        return None if row is None else Taken(self.seal.unseal(row["record"], _context(ticket)), row["target"])


def _context(ticket: str) -> str:
    return f"certificate_hand_overs.record:{secret_hash(ticket).hex()}"
