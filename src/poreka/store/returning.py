"""What a returning customer's entry needs, in one read; and what releasing their facts needs, in another.

This is the busiest read of a provider; four look-ups by key cost one round trip instead of four.
Everything may be missing by itself: no cookie, an unknown reference, nothing consented yet. It
decides nothing. With a customer directory elsewhere use the separate stores instead.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from poreka.oidc.provider.pushed_request import PushedRequest
from poreka.oidc.provider.tokens import AccessToken
from poreka.store.access_tokens import WHILE_IT_HOLDS, usable
from poreka.store.consents import ConsentRecord, consent_record
from poreka.store.customers import Customer, Customers
from poreka.store.database import Database, Row
from poreka.store.fresh import secret_hash
from poreka.store.pushed_requests import pushed_request
from poreka.store.sessions import Session, Sessions

_SESSION = ("sid", "person_id", "auth_time", "started_at", "active_at", "ends_at", "factors", "details")
_CONSENT = (
    "id", "person_id", "client_id", "text_version", "text_hash", "language", "facts", "level", "operation_id",
    "given_at", "withdrawn_at", "replaced_by",
)  # fmt: skip
_CUSTOMER = (
    "id", "customer_number", "password_hash", "identifier_kind", "identifier", "right_answers", "first_name",
    "surname", "pesel", "phone", "email", "identity_verified", "account_role", "sms_active",
    "opened_by_transfer", "sim_replaced_at", "details",
)  # fmt: skip


def _columns(alias: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{alias}.{name} AS {alias}_{name}" for name in names)


# $1 hash of the reference, $2 client, $3 hash of the cookie, $4 now
_SQL = (
    f"SELECT p.request, p.expires_at, {_columns('s', _SESSION)}, {_columns('c', _CONSENT)},"  # noqa: S608
    f" {_columns('k', _CUSTOMER)}"
    " FROM (SELECT 1 AS one) entry"
    " LEFT JOIN pushed_requests p ON p.reference_hash = $1 AND p.client_id = $2 AND p.expires_at > $4"
    " LEFT JOIN sessions s ON s.cookie_hash = $3"
    " LEFT JOIN consents c ON c.person_id = s.person_id AND c.client_id = $2 AND c.withdrawn_at IS NULL"
    " LEFT JOIN customers k ON k.id = s.person_id"
)

# $1 hash of the access token
_RELEASE_SQL = (
    f"SELECT t.record, c.id AS consent, {_columns('k', _CUSTOMER)} FROM access_tokens t"  # noqa: S608
    f" {WHILE_IT_HOLDS} LEFT JOIN customers k ON k.id = t.person_id"
    " WHERE t.token_hash = $1 AND r.grant_id IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturningEntry:
    """What was found; `session` may have ended (`session_life`), `consent` may not suffice."""

    pushed: PushedRequest | None
    session: Session | None
    consent: ConsentRecord | None
    customer: Customer | None


@dataclass(frozen=True, slots=True)
class Returning:
    """The joined read, for a provider with the embedded customer directory."""

    database: Database
    sessions: Sessions
    customers: Customers

    async def load(self, *, reference: str | None, client_id: str, cookie: str | None, now: int) -> ReturningEntry:
        """Read everything there is under a request's reference and a browser's cookie."""
        reference_hash = None if reference is None else secret_hash(reference)
        cookie_hash = None if cookie is None else secret_hash(cookie)
        row = await self.database.one(_SQL, reference_hash, client_id, cookie_hash, now)
        if row is None:
            raise LookupError("a row of left joins is always there")
        return ReturningEntry(
            pushed=None if row["request"] is None else pushed_request(row["request"], row["expires_at"]),
            session=None if row["s_sid"] is None else self.sessions.from_row(_Part(row, "s_")),
            consent=None if row["c_id"] is None else consent_record(_Part(row, "c_")),
            customer=None if row["k_id"] is None else self.customers.from_row(_Part(row, "k_")),
        )

    async def release(self, token: str) -> tuple[AccessToken, Customer] | None:
        """What a presented access token stands for and whose it is; None as for `AccessTokens.load`."""
        row = await self.database.one(_RELEASE_SQL, secret_hash(token))
        if row is None or row["k_id"] is None:
            return None
        record = usable(row)
        return None if record is None else (record, self.customers.from_row(_Part(row, "k_")))


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
