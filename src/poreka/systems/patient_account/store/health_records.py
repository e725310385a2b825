"""What the health service knows of people: prescriptions, referrals, visits; and for whom a guardian may look (K4).

Everything about a person is sealed and found by the blind index of the PESEL. It is the demonstration's stand-in for
the health service's own systems, which would be put behind the same calls.
"""

import datetime
from dataclasses import dataclass
from typing import Literal

import msgspec

from poreka.rules.people.guardianship import may_be_looked_for
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.store.database import Database, Insert, Value
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal

Kind = Literal["prescription", "referral", "visit"]


class HealthRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record; `code` is what is shown at the pharmacy or the clinic, empty for a visit."""

    kind: Kind
    at: int
    what: str
    by: str
    code: str = ""


class _Ward(msgspec.Struct, frozen=True):
    first_name: str
    surname: str
    pesel: str


@dataclass(frozen=True, slots=True)
class HealthRecords:
    """The records of everyone."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, pesel: Pesel, record: HealthRecord) -> Insert:
        """The row of a record."""
        record_id = self.fresh.id()
        sealed = self.seal.seal(msgspec.json.encode(record), f"health_records:{record_id}", self.fresh.bytes(12))
        index = self.seal.index(pesel.digits, "pesel")
        return Insert(
            "health_records",
            {"id": record_id, "pesel_index": index, "kind": record.kind, "at": record.at, "record": sealed},
        )

    async def of(self, pesel: Pesel, kind: Kind, most: int = 100) -> list[HealthRecord]:
        """A person's records of a kind, the newest first."""
        sql = (
            "SELECT id, record FROM health_records WHERE pesel_index = $1 AND kind = $2"
            " ORDER BY at DESC, id DESC LIMIT $3"
        )
        rows = await self.database.all(sql, self.seal.index(pesel.digits, "pesel"), kind, most)
        return [
            msgspec.json.decode(self.seal.unseal(row["record"], f"health_records:{row['id']}"), type=HealthRecord)
            for row in rows
        ]

    def adding_ward(self, guardian: Pesel, ward: PersonFacts) -> Insert:
        """From now on the guardian may look for this child."""
        ward_id = self.fresh.id()
        told = _Ward(ward.first_name, ward.surname, ward.pesel.digits)
        sealed = self.seal.seal(msgspec.json.encode(told), f"guardianships:{ward_id}", self.fresh.bytes(12))
        index = self.seal.index(guardian.digits, "pesel")
        values: dict[str, Value] = {
            "guardian_index": index,
            "ward_id": ward_id,
            "ward": sealed,
            "ward_index": self.seal.index(ward.pesel.digits, "pesel"),
        }
        return Insert("guardianships", values)

    async def wards_of(self, guardian: Pesel, today: datetime.date) -> dict[str, PersonFacts]:
        """For whom somebody may look today, by the name that stands in addresses; nobody who is of age."""
        sql = "SELECT ward_id, ward FROM guardianships WHERE guardian_index = $1 ORDER BY ward_id"
        found = {}
        for row in await self.database.all(sql, self.seal.index(guardian.digits, "pesel")):
            told = msgspec.json.decode(self.seal.unseal(row["ward"], f"guardianships:{row['ward_id']}"), type=_Ward)
            found[row["ward_id"]] = PersonFacts(
                first_name=told.first_name, surname=told.surname, pesel=Pesel(told.pesel)
            )
        return {ward_id: facts for ward_id, facts in found.items() if may_be_looked_for(facts.pesel, today)}

    async def as_ward(self, pesel: Pesel) -> list[str]:
        """The names under which somebody stood in addresses of their guardians."""
        sql = "SELECT ward_id FROM guardianships WHERE ward_index = $1 ORDER BY ward_id"
        return [row["ward_id"] for row in await self.database.all(sql, self.seal.index(pesel.digits, "pesel"))]
