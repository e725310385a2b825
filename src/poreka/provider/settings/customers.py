"""The table `[customers]` of a bank's settings: where its customers are, and what is wrong with what it says.

`poreka/settings.py` reads the file.
"""

import re
from collections.abc import Collection, Iterator
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from poreka.provider.rules.eligibility import Reason

NAME = r"[A-Za-z_][A-Za-z0-9_]{0,62}"  # of a view or a column
LONGEST_SECONDS = 10


class CustomerColumns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The columns of the view, by what they hold. Those that may be left empty ("") are then not read.

    `id`, `number` (the login in lower case) and `password_hash` (argon2 or bcrypt) are texts;
    `account_role` is `owner`, `co_owner`, `authorised` or `none`; `identifier_kind` is `pesel` or `document`.
    """

    id: str = "id"
    number: str = "number"
    password_hash: str = "password_hash"
    first_name: str = "first_name"
    surname: str = "surname"
    identity_verified: str = "identity_verified"
    account_role: str = "account_role"
    sms_active: str = "sms_active"
    phone: str = "phone"
    pesel: str = "pesel"  # may be ""
    email: str = ""  # may be ""
    identifier_kind: str = ""  # may be "" where sign_in is "password"
    identifier: str = ""  # the same
    opened_by_transfer: str = ""  # may be "" where eligibility does not ask
    sim_replaced_at: str = ""  # a moment or seconds since 1970; may be "" where eligibility does not ask
    identity_verified_at: str = ""  # the same; may be "": then nobody is told when the identity was verified
    identity_assurance: str = ""  # `low`, `substantial` or `high`; may be "": then nobody is told how surely


class Customers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a bank's customers are: in its own tables, in a view of another database, or behind HTTP."""

    source: Literal["own", "view", "http"] = "own"
    seconds: int = 2  # how long one question may take
    database: str = ""  # view: sqlite:FILE or postgresql://…, opened for reading only
    view: str = ""  # view: its name, with the schema if need be
    columns: CustomerColumns = CustomerColumns()
    url: str = ""  # http: where the directory's API is
    token_file: str = ""  # http: one line, sent as a bearer token
    certificate: str = ""  # http: PEM file with our certificate for mutual TLS
    certificate_key: str = ""  # http: PEM file with its key, readable by its owner only
    authorities: str = ""  # http: PEM file with those we trust; left out: those the machine trusts

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= LONGEST_SECONDS:
            raise ValueError("customers.seconds: must be a number from 1 to 10")
        if self.source != "view":
            return
        if not self.database.startswith(("sqlite:", "postgresql://")):
            raise ValueError("customers.database: must be sqlite:FILE or postgresql://…")
        if not re.fullmatch(rf"(?:{NAME}\.)?{NAME}", self.view):
            raise ValueError("customers.view: must be the name of a view, with its schema if need be")


def customers_faults(customers: Customers, *, masked: bool, checked: Collection[Reason], local: bool) -> Iterator[str]:
    """What the rest of the bank's settings forbids; `local` allows http, for the demonstration."""
    if customers.source == "view":
        yield from _column_faults(customers.columns, _may_miss(masked=masked, checked=checked))
    if customers.source == "http":
        yield from _http_faults(customers, local=local)


def _may_miss(*, masked: bool, checked: Collection[Reason]) -> frozenset[str]:
    """The columns that this bank can do without."""
    may = {"pesel", "email", "identifier", "identifier_kind", "opened_by_transfer", "sim_replaced_at"}
    may |= {"identity_verified_at", "identity_assurance"}
    may -= {"identifier", "identifier_kind"} if masked else set()
    may -= {"opened_by_transfer"} if Reason.OPENED_BY_TRANSFER in checked else set()
    may -= {"sim_replaced_at"} if Reason.SIM_REPLACED in checked else set()
    return frozenset(may)


def _column_faults(columns: CustomerColumns, may_miss: frozenset[str]) -> Iterator[str]:
    for ours, theirs in msgspec.structs.asdict(columns).items():
        if not re.fullmatch(NAME, theirs) and (theirs or ours not in may_miss):
            yield f"customers.columns.{ours}: must be the name of a column"


def _http_faults(customers: Customers, *, local: bool) -> Iterator[str]:
    parts = urlsplit(customers.url)
    allowed = ("https", "http") if local else ("https",)
    if parts.scheme not in allowed or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        yield "customers.url: must be https://host[:port][/path]"
    if not customers.token_file and not customers.certificate and not local:
        yield "customers.token_file: a token or a certificate must show the directory who asks"
