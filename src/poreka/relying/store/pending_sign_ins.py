"""Sign-ins under way at a provider, as the relying party remembers them: sealed, by the hash of `state`.

`take` is the single-use gate: it deletes what it returns, in one statement, so a callback that comes
twice finds nothing the second time. It is bound to the browser that began, against sign-in CSRF.
Should the exchange fail afterwards, the person begins again: that is the price.
"""

from dataclasses import dataclass

import msgspec

from poreka.oidc.relying_party.authorization import PendingSignIn
from poreka.store.database import Database, Insert, Value
from poreka.store.fresh import Fresh, secret_hash
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True)
class PendingSignIns:
    """The pending sign-ins of one relying party."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, pending: PendingSignIn, browser_hash: bytes) -> Insert:
        """The row of a sign-in that begins in a browser."""
        record = self.seal.seal(msgspec.json.encode(pending), _context(pending.state_hash), self.fresh.bytes(12))
        values: dict[str, Value] = {
            "state_hash": bytes.fromhex(pending.state_hash),
            "browser_hash": browser_hash,
            "issuer": pending.issuer,
            "record": record,
            "expires_at": pending.expires_at,
        }
        return Insert("pending_sign_ins", values)

    async def take(self, state: str, browser_hash: bytes, now: int) -> PendingSignIn | None:
        """Take out what `state` belongs to, once; None when unknown, taken, expired, or another browser's."""
        async with self.database.transaction() as transaction:
            row = await transaction.one(
                "DELETE FROM pending_sign_ins WHERE state_hash = $1 AND browser_hash = $2 AND expires_at > $3"
                " RETURNING record",
                secret_hash(state),
                browser_hash,
                now,
            )
        if row is None:
            return None
        opened = self.seal.unseal(row["record"], _context(secret_hash(state).hex()))
        return msgspec.json.decode(opened, type=PendingSignIn)


def _context(state_hash: str) -> str:
    return f"pending_sign_ins.record:{state_hash}"
