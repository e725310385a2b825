"""Refresh tokens, by hash, each with what it stands for and which one came after it.

A token is used by giving it a successor; of two uses at once one is `Stale`. A token that was used may be used again
only while its successor was not: then the answer was lost on its way, and the successor is taken back. Read next:
`oidc/provider/refresh_token.py`.
"""

from dataclasses import dataclass

import msgspec

from poreka.oidc.provider.refresh_token import RefreshToken
from poreka.provider.store.access_tokens import WHILE_IT_HOLDS
from poreka.store.database import Database, Insert, Stale, Transaction, Value
from poreka.store.fresh import secret_hash


@dataclass(frozen=True, slots=True)
class StoredRefreshToken:
    """What a presented token stands for; `used` when the one after it was used, too, so that this is a copy."""

    token: RefreshToken
    successor: bytes | None
    used: bool


@dataclass(frozen=True, slots=True)
class RefreshTokens:
    """The refresh tokens of one provider."""

    database: Database

    def adding(self, record: RefreshToken, token: str) -> Insert:
        """The row of a token that is given out now."""
        values: dict[str, Value] = {
            "token_hash": secret_hash(token),
            "client_id": record.grant.client_id,
            "grant_id": record.grant.grant_id,
            "person_id": record.grant.person,
            "record": msgspec.json.encode(record).decode(),
            "successor_hash": None,
            "expires_at": record.expires_at,
        }
        return Insert("refresh_tokens", values)

    async def load(self, token: str) -> StoredRefreshToken | None:
        """The token presented, its time over or not; None when unknown, revoked, or its consent has ended."""
        row = await self.database.one(
            "SELECT t.record, t.successor_hash, n.successor_hash AS next_hash, c.id AS consent"  # noqa: S608
            f" FROM refresh_tokens t LEFT JOIN refresh_tokens n ON n.token_hash = t.successor_hash {WHILE_IT_HOLDS}"
            " WHERE t.token_hash = $1 AND r.grant_id IS NULL",
            secret_hash(token),
        )
        if row is None:
            return None
        record = msgspec.json.decode(row["record"], type=RefreshToken)
        if record.grant.consented and row["consent"] is None:
            return None
        return StoredRefreshToken(record, row["successor_hash"], used=row["next_hash"] is not None)

    async def succeed(
        self, transaction: Transaction, old: str, found: StoredRefreshToken, new: str, record: RefreshToken
    ) -> None:
        """Give a token its successor, in the place of one that was never used; raises `Stale` for the second of two."""
        before, after = found.successor, secret_hash(new)
        same = "successor_hash IS NULL" if before is None else "successor_hash = $3"
        arguments = (after, secret_hash(old), *(() if before is None else (before,)))
        sql = f"UPDATE refresh_tokens SET successor_hash = $1 WHERE token_hash = $2 AND {same}"  # noqa: S608
        if not await transaction.run(sql, *arguments):
            raise Stale("refresh_tokens")
        if before is not None:
            gone = "DELETE FROM refresh_tokens WHERE token_hash = $1 AND successor_hash IS NULL"
            if not await transaction.run(gone, before):
                raise Stale("refresh_tokens")
        await transaction.insert(self.adding(record, new))
