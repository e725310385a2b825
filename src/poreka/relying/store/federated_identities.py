"""Which person of ours a provider's `sub` is. A `sub` belongs to one person for good.

Nothing is concluded from it by itself: entering is decided from the facts released at each
sign-in (`systems.portal.rules.admission`). It finds the sessions a provider's logout speaks of.
"""

from dataclasses import dataclass

from poreka.store.database import AlreadyThere, Database, Transaction, Writer


@dataclass(frozen=True, slots=True)
class FederatedIdentities:
    """The known `sub`s of one relying party."""

    database: Database

    async def person_of(self, issuer: str, subject: str, within: Transaction | None = None) -> str | None:
        """The person known under a provider's `sub`; `within` a transaction it is read there."""
        sql = "SELECT person_id FROM federated_identities WHERE issuer = $1 AND subject = $2"
        row = await (within or self.database).one(sql, issuer, subject)
        return row["person_id"] if row else None

    async def of_person(self, person_id: str, within: Transaction | None = None) -> list[tuple[str, str]]:
        """A person's pairs of issuer and `sub`, the one last used first; `within` a transaction they are read there."""
        sql = "SELECT issuer, subject FROM federated_identities WHERE person_id = $1 ORDER BY last_seen DESC, issuer"
        return [(row["issuer"], row["subject"]) for row in await (within or self.database).all(sql, person_id)]

    async def seen(self, writer: Writer, issuer: str, subject: str, person_id: str, now: int) -> None:
        """Remember a sign-in; raises `AlreadyThere` when this `sub` is another person's."""
        changed = await writer.run(
            "INSERT INTO federated_identities (issuer, subject, person_id, first_seen, last_seen)"
            " VALUES ($1, $2, $3, $4, $4) ON CONFLICT (issuer, subject) DO UPDATE SET last_seen = $4"
            " WHERE federated_identities.person_id = $3",
            issuer,
            subject,
            person_id,
            now,
        )
        if not changed:
            raise AlreadyThere("federated_identities")

    async def link(self, writer: Writer, issuer: str, subject: str, person_id: str, now: int) -> None:
        """From now on a provider's `sub` is this person, whoever it was before: for who was proven by PESEL anew."""
        await writer.run(
            "INSERT INTO federated_identities (issuer, subject, person_id, first_seen, last_seen)"
            " VALUES ($1, $2, $3, $4, $4)"
            " ON CONFLICT (issuer, subject) DO UPDATE SET person_id = $3, last_seen = $4",
            issuer,
            subject,
            person_id,
            now,
        )
