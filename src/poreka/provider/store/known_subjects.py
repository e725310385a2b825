"""Which person a relying party means by a pairwise ``sub``: written down when a consent is given.

A ``sub`` is a keyed hash (`oidc.provider.subject`) and cannot be turned back. Only people who agreed to a service are
found under what it calls them; what it may be told or ask is decided elsewhere.
"""

from dataclasses import dataclass

from poreka.store.database import Database, Writer


@dataclass(frozen=True, slots=True)
class KnownSubjects:
    """The subjects of one provider's people."""

    database: Database

    async def person_of(self, client_id: str, subject: str) -> str | None:
        """The person, or None."""
        sql = "SELECT person_id FROM known_subjects WHERE client_id = $1 AND subject = $2"
        row = await self.database.one(sql, client_id, subject)
        return row["person_id"] if row else None

    async def know(self, writer: Writer, client_id: str, subject: str, person_id: str) -> None:
        """From now on the client can mean this person; a `sub` belongs to one person for good."""
        await writer.run(
            "INSERT INTO known_subjects (client_id, subject, person_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            client_id,
            subject,
            person_id,
        )
