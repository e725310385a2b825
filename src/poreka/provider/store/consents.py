"""Consents: one in force for each person and client at most, and all that ever were, as history.

What a consent says is `provider.rules.consent.Consent`. A new one takes the place of the one in force in the
same transaction (`giving`), and a unique index keeps two tabs from giving two. None is ever deleted:
they are the bank's proof.
"""

import datetime
from dataclasses import dataclass

import msgspec

from poreka.provider.rules.consent import Consent
from poreka.rules.levels import Level
from poreka.rules.people.person import Fact
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Value, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecord:
    """A consent on record; with `replaced_by` it ended because a newer one was given, not by withdrawal."""

    id: str
    person_id: str
    consent: Consent
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class OperationName:
    """What people know an operation by: its number of a day (P3)."""

    number: int
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Consents:
    """The consents of one provider's customers; `Consent.service` is the client's id."""

    database: Database

    async def in_force(self, person_id: str, client_id: str) -> ConsentRecord | None:
        """The consent that holds now."""
        sql = "SELECT * FROM consents WHERE person_id = $1 AND client_id = $2 AND withdrawn_at IS NULL"
        row = await self.database.one(sql, person_id, client_id)
        return consent_record(row) if row else None

    async def all_of(self, person_id: str) -> list[ConsentRecord]:
        """Everything a person ever consented to here, newest first."""
        sql = "SELECT * FROM consents WHERE person_id = $1 ORDER BY given_at DESC, id DESC"
        return [consent_record(row) for row in await self.database.all(sql, person_id)]

    async def services_of(self, transaction: Transaction, person_id: str) -> list[str]:
        """The services that a person's consent holds for now."""
        sql = "SELECT client_id FROM consents WHERE person_id = $1 AND withdrawn_at IS NULL"
        return [row["client_id"] for row in await transaction.all(sql, person_id)]

    async def operations_of(self, person_id: str) -> dict[str, OperationName]:
        """The operations that authorised a person's consents, by id."""
        rows = await self.database.all(
            "SELECT o.id, o.number, o.day FROM consents c JOIN operations o ON o.id = c.operation_id"
            " WHERE c.person_id = $1",
            person_id,
        )
        return {row["id"]: OperationName(row["number"], datetime.date.fromisoformat(row["day"])) for row in rows}

    async def by_id(self, consent_id: str, person_id: str) -> ConsentRecord | None:
        """One consent of this person; another's is not found."""
        sql = "SELECT * FROM consents WHERE id = $1 AND person_id = $2"
        row = await self.database.one(sql, consent_id, person_id)
        return consent_record(row) if row else None

    def adding(self, record: ConsentRecord) -> Insert:
        """The row of a first consent; with one in force already, it is `AlreadyThere`."""
        consent = record.consent
        values: dict[str, Value] = {
            "id": record.id,
            "person_id": record.person_id,
            "client_id": consent.service,
            "text_version": consent.text_version,
            "text_hash": consent.text_hash,
            "language": consent.language,
            "facts": msgspec.json.encode(consent.facts).decode(),
            "level": int(consent.level),
            "operation_id": consent.operation_id,
            "given_at": consent.given_at,
            "withdrawn_at": consent.withdrawn_at,
            "replaced_by": record.replaced_by,
        }
        return Insert("consents", values)

    async def give(self, transaction: Transaction, record: ConsentRecord) -> None:
        """Put a consent in force, in place of the one that is; `AlreadyThere` if another tab was quicker."""
        await transaction.run(
            "UPDATE consents SET withdrawn_at = $3, replaced_by = $4"
            " WHERE person_id = $1 AND client_id = $2 AND withdrawn_at IS NULL",
            record.person_id,
            record.consent.service,
            record.consent.given_at,
            record.id,
        )
        await transaction.insert(self.adding(record))

    async def withdraw(self, writer: Writer, consent_id: str, person_id: str, now: int) -> None:
        """End a consent at once; raises `Stale` when it is not in force (any more) or not this person's."""
        changed = await writer.run(
            "UPDATE consents SET withdrawn_at = $3 WHERE id = $1 AND person_id = $2 AND withdrawn_at IS NULL",
            consent_id,
            person_id,
            now,
        )
        if not changed:
            raise Stale("consents")


def consent_record(row: Row) -> ConsentRecord:
    """A consent from a row that has all columns of the table."""
    consent = Consent(
        service=row["client_id"],
        text_version=row["text_version"],
        text_hash=row["text_hash"],
        language=row["language"],
        facts=msgspec.json.decode(row["facts"], type=tuple[Fact, ...]),
        given_at=row["given_at"],
        operation_id=row["operation_id"],
        level=Level(row["level"]),
        withdrawn_at=row["withdrawn_at"],
    )
    return ConsentRecord(id=row["id"], person_id=row["person_id"], consent=consent, replaced_by=row["replaced_by"])
