"""Revoked grants. A grant is what one authorization code gave; a row here makes everything of it worthless.

Revoking adds a row and never searches for tokens: a token that is being issued at this moment is
caught too, because whoever reads it reads the revocation with it (`access_tokens`).
"""

from dataclasses import dataclass

from poreka.store.database import Insert, Transaction


def revoking(grant_id: str, *, now: int, expires_at: int) -> Insert:
    """The row that revokes; `expires_at` is when its last token has died. May be `AlreadyThere`."""
    return Insert("revoked_grants", {"grant_id": grant_id, "revoked_at": now, "expires_at": expires_at})


@dataclass(frozen=True, slots=True)
class Grants:
    """Revoking inside a transaction."""

    async def revoke(self, transaction: Transaction, grant_id: str, *, now: int, expires_at: int) -> bool:
        """Revoke one grant; False when it was revoked before."""
        changed = await transaction.run(
            "INSERT INTO revoked_grants (grant_id, revoked_at, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            grant_id,
            now,
            expires_at,
        )
        return changed > 0

    async def revoke_all_of(
        self, transaction: Transaction, person_id: str, client_id: str, *, now: int, expires_at: int
    ) -> list[str]:
        """Revoke every grant of a person to a client and return those that were not revoked before."""
        rows = await transaction.all(
            "INSERT INTO revoked_grants (grant_id, revoked_at, expires_at)"
            " SELECT grant_id, CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM relying_sign_ins"
            " WHERE person_id = $1 AND client_id = $2 ON CONFLICT DO NOTHING RETURNING grant_id",
            person_id,
            client_id,
            now,
            expires_at,
        )
        return [row["grant_id"] for row in rows]
