"""Wrong passwords by the keyed hash of the name that was typed, whether it exists or not.

`replace` is guarded by what was read. Count the failure *before* the password is looked at and
clear it when it was right: then a hundred tries sent at once are one try and 99 times `Stale`,
where "look, check, count" would let all hundred through while the first is being checked.
"""

from dataclasses import dataclass

from poreka.rules.limits.attempts import Attempts
from poreka.store.database import Database, Stale, Writer


@dataclass(frozen=True, slots=True)
class PasswordAttempts:
    """The counts of one system."""

    database: Database

    async def of(self, subject_hash: bytes) -> Attempts:
        """What is counted for a name; nothing yet is zero."""
        sql = "SELECT failures, not_before FROM password_attempts WHERE subject_hash = $1"
        row = await self.database.one(sql, subject_hash)
        return Attempts(failures=row["failures"], not_before=row["not_before"]) if row else Attempts()

    async def replace(self, writer: Writer, subject_hash: bytes, before: Attempts, after: Attempts) -> None:
        """Put `after` in place of `before`; raises `Stale` when another try was counted meanwhile."""
        changed = await writer.run(
            "INSERT INTO password_attempts (subject_hash, failures, not_before) VALUES ($1, $2, $3)"
            " ON CONFLICT (subject_hash) DO UPDATE SET failures = $2, not_before = $3"
            " WHERE password_attempts.failures = $4 AND password_attempts.not_before = $5",
            subject_hash,
            after.failures,
            after.not_before,
            before.failures,
            before.not_before,
        )
        if not changed:
            raise Stale("password_attempts")

    async def clear(self, writer: Writer, subject_hash: bytes) -> None:
        """The password was right: start from zero."""
        await writer.run("DELETE FROM password_attempts WHERE subject_hash = $1", subject_hash)
