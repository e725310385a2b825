"""Sessions of ours that rest on a provider's session, so that its logout can end them; and entries that are
to become sessions, by the id of their journey.

OpenID Connect Back-Channel Logout 1.0 §2.6: a logout token names a session, a subject, or both.
"""

from dataclasses import dataclass, field

from poreka.store.database import Database, Insert, Transaction, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class FederatedSession:
    """Our session's `sid` (or an entry's journey) and what it rests on; the ID Token is the hint for signing out."""

    session_sid: str
    issuer: str
    subject: str
    provider_sid: str | None
    id_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FederatedSessions:
    """The federated sessions of one relying party."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, federated: FederatedSession) -> Insert:
        """The row that is saved with a new session."""
        sealed = self.seal.seal(federated.id_token.encode(), _context(federated.session_sid), self.fresh.bytes(12))
        values: dict[str, Value] = {
            "session_sid": federated.session_sid,
            "issuer": federated.issuer,
            "subject": federated.subject,
            "provider_sid": federated.provider_sid,
            "id_token": sealed,
        }
        return Insert("federated_sessions", values)

    async def of_session(self, session_sid: str, within: Transaction | None = None) -> FederatedSession | None:
        """What a session of ours rests on; None for one with a password. `within` a transaction it is read there."""
        sql = "SELECT * FROM federated_sessions WHERE session_sid = $1"
        row = await (within or self.database).one(sql, session_sid)
        if row is None:
            return None
        return FederatedSession(
            session_sid=session_sid,
            issuer=row["issuer"],
            subject=row["subject"],
            provider_sid=row["provider_sid"],
            id_token=self.seal.unseal(row["id_token"], _context(session_sid)).decode(),
        )

    async def resting_on(
        self, issuer: str, *, provider_sid: str | None, subject: str | None, within: Transaction | None = None
    ) -> list[str]:
        """The `sid`s of our sessions that a logout token means; what it does not name does not matter."""
        if provider_sid is None and subject is None:
            return []
        sql = (
            "SELECT session_sid FROM federated_sessions WHERE issuer = $1"
            " AND (CAST($2 AS TEXT) IS NULL OR provider_sid = $2)"
            " AND (CAST($3 AS TEXT) IS NULL OR subject = $3)"
        )
        found = await (within or self.database).all(sql, issuer, provider_sid, subject)
        return [row["session_sid"] for row in found]

    async def remove(self, writer: Writer, session_sid: str) -> bool:
        """Forget what a session rested on; False when nothing was known."""
        return await writer.run("DELETE FROM federated_sessions WHERE session_sid = $1", session_sid) > 0


def _context(session_sid: str) -> str:
    return f"federated_sessions.id_token:{session_sid}"
