"""The bank's customers in our own tables.

The PESEL and the identifier asked at sign-in are sealed in the database. A `Customer` holds the PESEL
as `rules.people.pesel` reads it, which never prints it (a bank may hold a text that is none). What a password is
compared with is read for a sign-in only. Read next: `customer_directory.py` for what a directory is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from poreka.provider.rules.eligibility import AccountRole
from poreka.provider.store.customer_directory import Customer
from poreka.rules.levels import Level
from poreka.rules.people.pesel import read_pesel
from poreka.store.database import Database, Insert, Row, Transaction, Value
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal

MOST_NUMBERS = 50  # asked about at once: an engine has a limit of parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What typed texts are compared with; nothing of it is shown when printed."""

    password_hash: str = field(repr=False)
    identifier_kind: str
    identifier: str = field(repr=False)


class CustomerRecords(Protocol):
    """Customers kept with their credentials, for passwords that are compared here."""

    async def by_id(self, customer_id: str) -> Customer | None: ...

    async def to_sign_in(self, number: str) -> tuple[Customer, Credentials] | None:
        """Who signs in with this number or login, and what theirs is compared with."""
        ...

    async def some_password_hash(self) -> str | None:
        """Any customer's hash: what comparing with nobody's has to cost."""
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
    identity_verified_at: int | None = None
    identity_assurance: Level | None = None
    details: str = "{}"


NOBODY = NewCustomer(
    id="nobody", number="", password_hash="", identifier_kind="pesel", identifier="44051401359", first_name="",
    surname="", pesel="44051401359", phone=None,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Customers:
    """The table; it fits `CustomerRecords`."""

    database: Database
    seal: Seal
    fresh: Fresh
    _nobody: Row = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """A row of nobody's, to be opened where no row is found."""
        object.__setattr__(self, "_nobody", self.adding(NOBODY).values)

    def adding(self, new: NewCustomer) -> Insert:
        """The row of a customer."""
        values: dict[str, Value] = {
            "id": new.id,
            "customer_number": new.number,
            "password_hash": new.password_hash,
            "identifier_kind": new.identifier_kind,
            "identifier": self._sealed("identifier", new.id, new.identifier),
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
            "identity_verified_at": new.identity_verified_at,
            "identity_assurance": new.identity_assurance.name.lower() if new.identity_assurance else None,
            "details": new.details,
        }
        return Insert("customers", values)

    async def put(self, transaction: Transaction, new: NewCustomer) -> None:
        """Add a customer, or put new values in the place of those of the same id; `details` stay."""
        values = self.adding(new).values
        changed = ", ".join(f"{name} = excluded.{name}" for name in values if name not in ("id", "details"))
        marks = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        await transaction.run(
            f"INSERT INTO customers ({', '.join(values)}) VALUES ({marks})"  # noqa: S608 - names from code
            f" ON CONFLICT (id) DO UPDATE SET {changed}",
            *values.values(),
        )

    async def by_id(self, customer_id: str) -> Customer | None:
        """One customer."""
        row = await self.database.one("SELECT * FROM customers WHERE id = $1", customer_id)
        return self.from_row(row) if row else None

    async def to_sign_in(self, number: str) -> tuple[Customer, Credentials] | None:
        """Who signs in with this number or login, and what theirs is compared with."""
        row = await self.database.one("SELECT * FROM customers WHERE customer_number = $1", number)
        if row is None:
            self._opened(self._nobody)  # as if somebody had been found: opening takes time that would tell
            return None
        return self._opened(row)

    def _opened(self, row: Row) -> tuple[Customer, Credentials]:
        credentials = Credentials(
            password_hash=row["password_hash"],
            identifier_kind=row["identifier_kind"],
            identifier=self._unsealed("identifier", row["id"], row["identifier"]),
        )
        return self.from_row(row), credentials

    async def some_password_hash(self) -> str | None:
        """Any customer's hash."""
        row = await self.database.one("SELECT password_hash FROM customers LIMIT 1")
        return row["password_hash"] if row else None

    async def ids_of(self, numbers: Sequence[str]) -> Mapping[str, str]:
        """The ids of those numbers, at most `MOST_NUMBERS`, that are somebody's."""
        if not numbers:
            return {}
        marks = ", ".join(f"${place}" for place in range(1, len(numbers) + 1))
        sql = f"SELECT customer_number, id FROM customers WHERE customer_number IN ({marks})"  # noqa: S608 - marks only
        return {row["customer_number"]: row["id"] for row in await self.database.all(sql, *numbers)}

    def from_row(self, row: Row) -> Customer:
        """A customer from a row that has the columns of `Customer`."""
        sealed = row["pesel"]
        return Customer(
            id=row["id"],
            number=row["customer_number"],
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
            identity_verified_at=row["identity_verified_at"],
            identity_assurance=Level.named(row["identity_assurance"]) if row["identity_assurance"] else None,
        )

    def _sealed(self, column: str, customer_id: str, value: str) -> bytes:
        return self.seal.seal(value.encode(), f"customers.{column}:{customer_id}", self.fresh.bytes(12))

    def _unsealed(self, column: str, customer_id: str, sealed: bytes) -> str:
        return self.seal.unseal(sealed, f"customers.{column}:{customer_id}").decode()
