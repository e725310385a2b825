"""`Returning`: the two joined reads of a provider's busiest requests, each in one round trip to the database.

`load` reads what /authorize needs: the pushed request, the session of the browser's cookie, the person's consent for
the client, and the customer. `release` reads what UserInfo needs: the access token and the customer. Each part may be
missing by itself: no cookie, an unknown reference, no consent yet. Neither decides anything. Where customers are kept
in another directory, both read everything else and leave `customer` None.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from poreka.oidc.provider.pushed_request import PushedRequest
from poreka.oidc.provider.tokens import AccessToken
from poreka.provider.store.access_tokens import WHILE_IT_HOLDS, usable
from poreka.provider.store.consents import ConsentRecord, consent_record
from poreka.provider.store.customer_directory import Customer
from poreka.provider.store.customers import Customers
from poreka.provider.store.pushed_requests import pushed_request
from poreka.store.database import Database, Row
from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session, Sessions

_SESSION = ("sid", "person_id", "auth_time", "started_at", "active_at", "ends_at", "factors", "details")
_CONSENT = (
    "id", "person_id", "client_id", "text_version", "text_hash", "language", "facts", "level", "operation_id",
    "given_at", "withdrawn_at", "replaced_by",
)  # fmt: skip
_CUSTOMER = (
    "id", "customer_number", "first_name", "surname", "pesel", "phone", "email", "identity_verified",
    "account_role", "sms_active", "opened_by_transfer", "sim_replaced_at", "details",
    "identity_verified_at", "identity_assurance",
)  # fmt: skip


def _columns(alias: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{alias}.{name} AS {alias}_{name}" for name in names)


# $1 hash of the reference, $2 client, $3 hash of the cookie, $4 now
def _entry_sql(columns: str, join: str) -> str:
    return (
        f"SELECT p.request, p.expires_at, {_columns('s', _SESSION)}, {_columns('c', _CONSENT)}{columns}"  # noqa: S608
        " FROM (SELECT 1 AS one) entry"
        " LEFT JOIN pushed_requests p ON p.reference_hash = $1 AND p.client_id = $2 AND p.expires_at > $4"
        " LEFT JOIN sessions s ON s.cookie_hash = $3"
        " LEFT JOIN consents c ON c.person_id = s.person_id AND c.client_id = $2 AND c.withdrawn_at IS NULL"
        f"{join}"
    )


# $1 hash of the access token
def _release_sql(columns: str, join: str) -> str:
    return (
        f"SELECT t.record, c.id AS consent{columns} FROM access_tokens t"  # noqa: S608
        f" {WHILE_IT_HOLDS}{join} WHERE t.token_hash = $1 AND r.grant_id IS NULL"
    )


_OWN = f", {_columns('k', _CUSTOMER)}"
_SQL = _entry_sql(_OWN, " LEFT JOIN customers k ON k.id = s.person_id")
_SQL_ELSEWHERE = _entry_sql("", "")
_RELEASE_SQL = _release_sql(_OWN, " LEFT JOIN customers k ON k.id = t.person_id")
_RELEASE_SQL_ELSEWHERE = _release_sql("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturningEntry:
    """The parts that `load` found; the caller checks whether `session` has ended and whether `consent` suffices.

    `customer` is None also where customers are kept in another directory: then the caller asks that directory.
    """

    pushed: PushedRequest | None
    session: Session | None
    consent: ConsentRecord | None
    customer: Customer | None


@dataclass(frozen=True, slots=True)
class Returning:
    """The joined reads; `customers` is None where customers are kept in another directory."""

    database: Database
    sessions: Sessions
    customers: Customers | None

    async def load(self, *, reference: str | None, client_id: str, cookie: str | None, now: int) -> ReturningEntry:
        """Read the pushed request of a `reference`, the session of a `cookie`, and what belongs to them."""
        reference_hash = None if reference is None else secret_hash(reference)
        cookie_hash = None if cookie is None else secret_hash(cookie)
        row = await self.database.one(
            _SQL if self.customers else _SQL_ELSEWHERE, reference_hash, client_id, cookie_hash, now
        )
        if row is None:
            raise LookupError("a row of left joins is always there")
        return ReturningEntry(
            pushed=None if row["request"] is None else pushed_request(row["request"], row["expires_at"]),
            session=None if row["s_sid"] is None else self.sessions.from_row(_Part(row, "s_")),
            consent=None if row["c_id"] is None else consent_record(_Part(row, "c_")),
            customer=self._customer(row),
        )

    async def release(self, token: str) -> tuple[AccessToken, Customer | None] | None:
        """The record of an access token and its customer; None where it is unknown, revoked or lost its consent."""
        sql = _RELEASE_SQL if self.customers else _RELEASE_SQL_ELSEWHERE
        row = await self.database.one(sql, secret_hash(token))
        record = usable(row) if row is not None else None
        return None if row is None or record is None else (record, self._customer(row))

    def _customer(self, row: Row) -> Customer | None:
        if self.customers is None or row["k_id"] is None:
            return None
        return self.customers.from_row(_Part(row, "k_"))


class _Part(Mapping[str, Any]):
    """One table's columns of a joined row."""

    def __init__(self, row: Row, prefix: str) -> None:
        self._row, self._prefix = row, prefix

    def __getitem__(self, column: str) -> Any:
        return self._row[self._prefix + column]

    def __iter__(self) -> Iterator[str]:
        prefix = self._prefix
        return (name.removeprefix(prefix) for name in self._row.keys() if name.startswith(prefix))  # noqa: SIM118

    def __len__(self) -> int:
        return sum(1 for _ in self)
