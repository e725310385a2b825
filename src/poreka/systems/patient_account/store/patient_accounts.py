"""The patient accounts: one for each PESEL, which is sealed and found by a blind index (K2).

The names are those of the first entry; when another is taken over is decided in `systems/patient_account/entry.py`.
"""

from dataclasses import dataclass, replace

from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.store.database import Database, Insert, Row, Transaction, Value
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientAccount:
    """One account."""

    id: str
    facts: PersonFacts
    created_at: int
    version: int = 1


@dataclass(frozen=True, slots=True)
class PatientAccounts:
    """The accounts of one system."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, new: PatientAccount) -> Insert:
        """The row of a new account; `AlreadyThere` when the person has one."""
        facts = new.facts
        values: dict[str, Value] = {
            "id": new.id,
            "first_name": facts.first_name,
            "surname": facts.surname,
            "pesel": self.seal.seal(facts.pesel.digits.encode(), _context(new.id), self.fresh.bytes(12)),
            "pesel_index": self._index(facts.pesel),
            "created_at": new.created_at,
            "version": new.version,
        }
        return Insert("patient_accounts", values)

    async def load(self, account_id: str, within: Transaction | None = None) -> PatientAccount | None:
        """One account."""
        row = await (within or self.database).one("SELECT * FROM patient_accounts WHERE id = $1", account_id)
        return self._from_row(row) if row else None

    async def by_pesel(self, pesel: Pesel, within: Transaction | None = None) -> PatientAccount | None:
        """A person's account."""
        sql = "SELECT * FROM patient_accounts WHERE pesel_index = $1"
        row = await (within or self.database).one(sql, self._index(pesel))
        return self._from_row(row) if row else None

    async def rename(self, transaction: Transaction, account: PatientAccount, facts: PersonFacts) -> PatientAccount:
        """Keep the names that the person's provider now says."""
        sql = "UPDATE patient_accounts SET first_name = $2, surname = $3, version = version + 1 WHERE id = $1"
        await transaction.run(sql, account.id, facts.first_name, facts.surname)
        return replace(account, facts=facts, version=account.version + 1)

    def _index(self, pesel: Pesel) -> bytes:
        return self.seal.index(pesel.digits, "pesel")

    def _from_row(self, row: Row) -> PatientAccount:
        pesel = Pesel(self.seal.unseal(row["pesel"], _context(row["id"])).decode())
        facts = PersonFacts(first_name=row["first_name"], surname=row["surname"], pesel=pesel)
        return PatientAccount(id=row["id"], facts=facts, created_at=row["created_at"], version=row["version"])


def _context(account_id: str) -> str:
    return f"patient_accounts.pesel:{account_id}"
