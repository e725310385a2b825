"""Authorization codes, by hash, with the grant each stands for.

Exchanging one is `claiming(code)` saved with the tokens: a second exchange is `AlreadyThere` in
`used_once` and undoes itself. The row stays until it is swept, so that a replay still finds the
grant it must revoke (RFC 9700 §4.5). Read next: `oidc.provider.authorization_code`, `grants`.
"""

from dataclasses import dataclass

import msgspec

from poreka.oidc.provider.authorization_code import Grant
from poreka.store.database import Database, Insert, Value
from poreka.store.fresh import secret_hash
from poreka.store.used_once import UsedOnce, claiming

KIND = "authorization_code"
KEPT_AFTER_EXPIRY = 24 * 3600


@dataclass(frozen=True, slots=True)
class AuthorizationCodes:
    """The codes of one provider."""

    database: Database

    def adding(self, grant: Grant, code: str) -> Insert:
        """The row of a code issued just now."""
        values: dict[str, Value] = {
            "code_hash": secret_hash(code),
            "client_id": grant.client_id,
            "grant_id": grant.grant_id,
            "person_id": grant.person,
            "record": msgspec.json.encode(grant).decode(),
            "expires_at": grant.expires_at,
        }
        return Insert("authorization_codes", values)

    def use_once(self, code: str, grant: Grant) -> Insert:
        """The row that uses a code up, to be saved with the tokens it gives."""
        return claiming(KIND, secret_hash(code).hex(), grant.expires_at + KEPT_AFTER_EXPIRY)

    async def load(self, code: str) -> Grant | None:
        """What a code stands for, its time over or not; None when unknown, revoked, or its session was ended.

        The session is looked at beside the revocation because a code may be issued at the very moment in
        which the person signs out: nobody would ever tell that relying party.
        """
        row = await self.database.one(
            "SELECT c.record FROM authorization_codes c LEFT JOIN revoked_grants r ON r.grant_id = c.grant_id"
            " LEFT JOIN relying_sign_ins i ON i.grant_id = c.grant_id LEFT JOIN sessions s ON s.sid = i.sid"
            " WHERE c.code_hash = $1 AND r.grant_id IS NULL AND (i.grant_id IS NULL OR s.sid IS NOT NULL)",
            secret_hash(code),
        )
        return msgspec.json.decode(row["record"], type=Grant) if row else None

    async def was_used(self, code: str) -> bool:
        """Whether the code was exchanged before: what an `AlreadyThere` of several claims does not tell."""
        return await UsedOnce(self.database).used(KIND, secret_hash(code).hex())
