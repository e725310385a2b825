"""The bank's customers: the embedded directory, and the narrow interface that a real bank's own would have.

The PESEL and the identifier asked at sign-in are sealed in the database. A `Customer` holds the PESEL
as `rules.pesel` reads it, which never prints it (a bank may hold a text that is none); the
identifier is unsealed only when the directory is asked for it.
"""

from dataclasses import dataclass, field
from typing import Protocol

from poreka.rules.eligibility import AccountRole, CustomerRecord
from poreka.rules.pesel import Pesel, PeselFault, read_pesel
from poreka.store.database import Database, Insert, Row, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer; what is sealed is not shown when printed."""

    id: str
    number: str
    password_hash: str = field(repr=False)
    identifier_kind: str
    sealed_identifier: bytes = field(repr=False)
    right_answers: int
    first_name: str
    surname: str
    pesel: Pesel | PeselFault | None
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    identity_verified: bool
    account_role: AccountRole
    sms_active: bool
    opened_by_transfer: bool
    sim_replaced_at: int | None
    details: str = field(default="{}", repr=False)

    @property
    def valid_pesel(self) -> Pesel | None:
        """The PESEL, if it is one."""
        return self.pesel if isinstance(self.pesel, Pesel) else None

    @property
    def record(self) -> CustomerRecord:
        """What `rules.eligibility` decides by."""
        return CustomerRecord(
            identity_verified=self.identity_verified,
            account_role=self.account_role,
            opened_by_transfer=self.opened_by_transfer,
            phone=self.phone,
            sms_active=self.sms_active,
            sim_replaced_at=self.sim_replaced_at,
            pesel=self.pesel,
        )


class CustomerDirectory(Protocol):
    """What a provider asks of whoever knows its customers."""

    async def by_id(self, customer_id: str) -> Customer | None: ...

    async def by_number(self, number: str) -> Customer | None: ...

    async def identifier_of(self, customer: Customer) -> str:
        """The identifier of which two characters are asked at sign-in."""
        ...

    async def answered_rightly(self, writer: Writer, customer: Customer) -> None:
        """Count a right answer, so that other characters are asked next time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """What is needed to add a customer; texts as they are, not yet sealed."""

    id: str
    number: str
    password_hash: str = field(repr=False)
    identifier_kind: str
    identifier: str = field(repr=False)
    first_name: str
    surname: str
    pesel: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    email: str | None = field(default=None, repr=False)
    identity_verified: bool = True
    account_role: AccountRole = AccountRole.OWNER
    sms_active: bool = True
    opened_by_transfer: bool = False
    sim_replaced_at: int | None = None
    details: str = "{}"


@dataclass(frozen=True, slots=True)
class Customers:
    """The embedded directory; it fits `CustomerDirectory`."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, new: NewCustomer) -> Insert:
        """The row of a customer."""
        values: dict[str, Value] = {
            "id": new.id,
            "customer_number": new.number,
            "password_hash": new.password_hash,
            "identifier_kind": new.identifier_kind,
            "identifier": self._sealed("identifier", new.id, new.identifier),
            "right_answers": 0,
            "first_name": new.first_name,
            "surname": new.surname,
            "pesel": None if new.pesel is None else self._sealed("pesel", new.id, new.pesel),
            "pesel_index": None if new.pesel is None else self.seal.index(new.pesel, "pesel"),
            "phone": new.phone,
            "email": new.email,
            "identity_verified": new.identity_verified,
            "account_role": new.account_role.value,
            "sms_active": new.sms_active,
            "opened_by_transfer": new.opened_by_transfer,
            "sim_replaced_at": new.sim_replaced_at,
            "details": new.details,
        }
        return Insert("customers", values)

    async def by_id(self, customer_id: str) -> Customer | None:
        """One customer."""
        row = await self.database.one("SELECT * FROM customers WHERE id = $1", customer_id)
        return self.from_row(row) if row else None

    async def by_number(self, number: str) -> Customer | None:
        """The customer who signs in with this number or login."""
        row = await self.database.one("SELECT * FROM customers WHERE customer_number = $1", number)
        return self.from_row(row) if row else None

    async def identifier_of(self, customer: Customer) -> str:
        """The identifier of which two characters are asked at sign-in."""
        return self._unsealed("identifier", customer.id, customer.sealed_identifier)

    async def answered_rightly(self, writer: Writer, customer: Customer) -> None:
        """Count a right answer; two at the same moment count as one."""
        await writer.run(
            "UPDATE customers SET right_answers = $3 WHERE id = $1 AND right_answers = $2",
            customer.id,
            customer.right_answers,
            customer.right_answers + 1,
        )

    def from_row(self, row: Row) -> Customer:
        """A customer from a row that has all columns of the table."""
        sealed = row["pesel"]
        return Customer(
            id=row["id"],
            number=row["customer_number"],
            password_hash=row["password_hash"],
            identifier_kind=row["identifier_kind"],
            sealed_identifier=row["identifier"],
            right_answers=row["right_answers"],
            first_name=row["first_name"],
            surname=row["surname"],
            pesel=None if sealed is None else read_pesel(self._unsealed("pesel", row["id"], sealed)),
            phone=row["phone"],
            email=row["email"],
            identity_verified=bool(row["identity_verified"]),
            account_role=AccountRole(row["account_role"]),
            sms_active=bool(row["sms_active"]),
            opened_by_transfer=bool(row["opened_by_transfer"]),
            sim_replaced_at=row["sim_replaced_at"],
            details=row["details"],
        )

    def _sealed(self, column: str, customer_id: str, value: str) -> bytes:
        return self.seal.seal(value.encode(), f"customers.{column}:{customer_id}", self.fresh.bytes(12))

    def _unsealed(self, column: str, customer_id: str, sealed: bytes) -> str:
        return self.seal.unseal(sealed, f"customers.{column}:{customer_id}").decode()
