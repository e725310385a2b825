"""The people whose phones the app serves: the facts that the provider which enrolled them gave, the PESEL sealed.

One row for a person, found by the blind index of the PESEL, so that a new profile of the same person is the same person
here. It fits `CustomerDirectory`: to relying parties they are this provider's people. Nobody is checked by a password
here; `devices.py` has what proves them.
"""

from dataclasses import dataclass, field

from poreka.provider.rules.eligibility import AccountRole
from poreka.provider.store.customer_directory import Checked, ChosenIdentifier, Customer, Typed
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.store.database import Database, Insert, Row, Transaction, Value
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPerson:
    """One person; `customer` is the name by which the provider that enrolled them knows them."""

    id: str
    customer: str
    facts: PersonFacts = field(repr=False)


@dataclass(frozen=True, slots=True)
class AppPeople:
    """The people of one app."""

    database: Database
    seal: Seal
    fresh: Fresh

    async def of_customer(self, customer: str, within: Transaction | None = None) -> AppPerson | None:
        """Whom a provider means."""
        row = await (within or self.database).one("SELECT * FROM app_people WHERE customer = $1", customer)
        return self._from_row(row) if row else None

    async def of_pesel(self, pesel: Pesel, within: Transaction | None = None) -> AppPerson | None:
        """The person of a PESEL."""
        sql = "SELECT * FROM app_people WHERE pesel_index = $1"
        row = await (within or self.database).one(sql, self._index(pesel))
        return self._from_row(row) if row else None

    async def load(self, person_id: str, within: Transaction | None = None) -> AppPerson | None:
        """One person."""
        row = await (within or self.database).one("SELECT * FROM app_people WHERE id = $1", person_id)
        return self._from_row(row) if row else None

    def adding(self, person: AppPerson, now: int) -> Insert:
        """The row of a person whose first phone is enrolled now."""
        return Insert("app_people", {"id": person.id, "enrolled_at": now, **self._changing(person)})

    async def rename(self, transaction: Transaction, person: AppPerson) -> None:
        """The same person with the facts and the name that a provider gave now."""
        values = self._changing(person)
        changes = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, start=2))
        await transaction.run(f"UPDATE app_people SET {changes} WHERE id = $1", person.id, *values.values())  # noqa: S608

    async def forget_customer(self, transaction: Transaction, person_id: str) -> None:
        """The provider's name for this person has passed to somebody else."""
        await transaction.run("UPDATE app_people SET customer = $2 WHERE id = $1", person_id, f"(former) {person_id}")

    # --- as a directory of customers (`provider/store/customer_directory.py`) ----------------------------------

    async def by_id(self, customer_id: str) -> Customer | None:
        """The person as relying parties may be told of them."""
        found = await self.load(customer_id)
        if found is None:
            return None
        return Customer(
            id=found.id,
            number=found.customer,
            first_name=found.facts.first_name,
            surname=found.facts.surname,
            pesel=found.facts.pesel,
            phone=None,
            email=None,
            identity_verified=True,
            account_role=AccountRole.OWNER,
            sms_active=False,
            opened_by_transfer=False,
            sim_replaced_at=None,
        )

    async def identifier_of(self, number: str) -> ChosenIdentifier | None:  # noqa: ARG002
        """Nobody is asked for characters here."""
        return None

    async def check(self, number: str, typed: Typed) -> Checked:  # noqa: ARG002
        """Nobody signs in with a password here."""
        return Checked(customer_id=None, customer=None)

    # --- rows ------------------------------------------------------------------------------------------------

    def _changing(self, person: AppPerson) -> dict[str, Value]:
        pesel = person.facts.pesel
        return {
            "customer": person.customer,
            "first_name": person.facts.first_name,
            "surname": person.facts.surname,
            "pesel": self.seal.seal(pesel.digits.encode(), _context(person.id), self.fresh.bytes(12)),
            "pesel_index": self._index(pesel),
        }

    def _index(self, pesel: Pesel) -> bytes:
        return self.seal.index(pesel.digits, "pesel")

    def _from_row(self, row: Row) -> AppPerson:
        pesel = Pesel(self.seal.unseal(row["pesel"], _context(row["id"])).decode())
        facts = PersonFacts(first_name=row["first_name"], surname=row["surname"], pesel=pesel)
        return AppPerson(id=row["id"], customer=row["customer"], facts=facts)


def _context(person_id: str) -> str:
    return f"app_people.pesel:{person_id}"
