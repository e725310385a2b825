"""The insurance register: who is known, under which names, in which roles (Z6). A store of its own.

`InsuranceRegister` is all that the portal asks of it; the embedded `Insured` is one answer, the
register's own service would be another.
"""

import enum
from dataclasses import dataclass
from typing import Protocol

import msgspec

from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.store.database import Database, Insert, Value
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


class InsuredRole(enum.Enum):
    """What a person is to social insurance; it decides which tabs of the panel there are (Z7)."""

    INSURED = "insured"
    PAYER = "payer"
    BENEFICIARY = "beneficiary"


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuredPerson:
    """One person of the register."""

    facts: PersonFacts
    roles: tuple[InsuredRole, ...]


class InsuranceRegister(Protocol):
    """What the portal asks of the register."""

    async def find(self, pesel: Pesel) -> InsuredPerson | None:
        """The person with this PESEL, None when the register does not know one."""
        ...


@dataclass(frozen=True, slots=True)
class Insured:
    """The embedded register; it fits `InsuranceRegister`."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, person: InsuredPerson) -> Insert:
        """The row of a person."""
        facts, index = person.facts, self._index(person.facts.pesel)
        values: dict[str, Value] = {
            "pesel_index": index,
            "pesel": self.seal.seal(facts.pesel.digits.encode(), _context(index), self.fresh.bytes(12)),
            "first_name": facts.first_name,
            "surname": facts.surname,
            "roles": msgspec.json.encode(person.roles).decode(),
        }
        return Insert("insured", values)

    async def find(self, pesel: Pesel) -> InsuredPerson | None:
        """The person with this PESEL, None when the register does not know one."""
        index = self._index(pesel)
        row = await self.database.one("SELECT * FROM insured WHERE pesel_index = $1", index)
        if row is None:
            return None
        kept = Pesel(self.seal.unseal(row["pesel"], _context(index)).decode())
        return InsuredPerson(
            facts=PersonFacts(first_name=row["first_name"], surname=row["surname"], pesel=kept),
            roles=msgspec.json.decode(row["roles"], type=tuple[InsuredRole, ...]),
        )

    def _index(self, pesel: Pesel) -> bytes:
        return self.seal.index(pesel.digits, "insured")


def _context(index: bytes) -> str:
    return f"insured.pesel:{index.hex()}"
