"""Access tokens, by hash: one statement reads a token, its grant's revocation, and whether the consent holds.

The tokens are opaque to others and looked up on every use, so a revocation counts from the next
request on, on every worker. Read next: `oidc.provider.access`, `grants`.
"""

from dataclasses import dataclass

import msgspec

from poreka.oidc.provider.tokens import AccessToken
from poreka.store.database import Database, Insert, Row, Value
from poreka.store.fresh import secret_hash

WHILE_IT_HOLDS = (
    "LEFT JOIN revoked_grants r ON r.grant_id = t.grant_id"
    " LEFT JOIN consents c ON c.person_id = t.person_id AND c.client_id = t.client_id AND c.withdrawn_at IS NULL"
)
"""What a token `t` rests on: its grant not revoked (`r`), its consent in force (`c`)."""


@dataclass(frozen=True, slots=True)
class AccessTokens:
    """The access tokens of one provider."""

    database: Database

    def adding(self, token: AccessToken) -> Insert:
        """The row of a token issued just now."""
        values: dict[str, Value] = {
            "token_hash": bytes.fromhex(token.token_hash),
            "client_id": token.client_id,
            "grant_id": token.grant_id,
            "person_id": token.person,
            "record": msgspec.json.encode(token).decode(),
            "expires_at": token.expires_at,
        }
        return Insert("access_tokens", values)

    async def load(self, token: str) -> AccessToken | None:
        """The token presented, its time over or not; None when unknown, revoked, or its consent has ended.

        The consent is looked at beside the revocation because a code may be issued at the very moment
        in which the consent is withdrawn: what it gives is worthless too.
        """
        row = await self.database.one(
            f"SELECT t.record, c.id AS consent FROM access_tokens t {WHILE_IT_HOLDS}"  # noqa: S608
            " WHERE t.token_hash = $1 AND r.grant_id IS NULL",
            secret_hash(token),
        )
        return usable(row) if row else None


def usable(row: Row) -> AccessToken | None:
    """The token of a row read with `WHILE_IT_HOLDS`, if the consent under which it tells facts is in force."""
    record = msgspec.json.decode(row["record"], type=AccessToken)
    return None if record.consented and row["consent"] is None else record
