"""`CustomerView`: customers in a view or table of another database, whose columns the settings name.

It only reads, by key, with one statement a question. Whoever makes the view translates the other system's words and
truth values into ours. `stated_by` checks each row as strictly as an answer over HTTP (`customer_directory.py`). The
names of the view and its columns go into the SQL text; they come from the settings, which accept nothing but names.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from poreka.provider.store.customer_directory import Customer, DirectoryUnavailable, RecordRefused, stated_by
from poreka.provider.store.customers import Credentials
from poreka.rules.passwords.hashes import is_known_hash
from poreka.rules.people.phone_number import POLISH, TakenNumbers
from poreka.store.database import DatabaseUnavailable, Row
from poreka.store.deadline import seconds_left
from poreka.store.read_only import ReadOnly, quoted

KEYS = ("id", "number")
CREDENTIALS = ("password_hash", "identifier_kind", "identifier")
IDENTIFIER_KINDS = ("pesel", "document")
LONGEST_IDENTIFIER = 20
TEXTS = ("text", "character varying", "character", "varchar", "char", "")


class ViewUnfit(Exception):
    """The view cannot be used; the message names the setting and the column at fault."""


class CustomerView:
    """The customers of `view`; it fits `CustomerRecords`. `columns` are its columns by our names."""

    def __init__(
        self,
        database: ReadOnly,
        view: str,
        columns: Mapping[str, str],
        seconds: float,
        taken: TakenNumbers = POLISH,
    ) -> None:
        self._database, self._view, self._seconds, self._taken = database, view, seconds, taken
        self._columns = {ours: theirs for ours, theirs in columns.items() if theirs}
        # `v.` before a name: SQLite takes a quoted name that is no column for a text, but not after a table's name.
        selected = ", ".join(f'v."{theirs}" AS {ours}' for ours, theirs in self._columns.items())
        self._sql = f"SELECT {selected} FROM {quoted(view)} v WHERE v."  # noqa: S608 - names of the settings

    async def check(self) -> None:
        """Raise `ViewUnfit` unless every column named is there, keys as text; raises `DirectoryUnavailable`."""
        types = await self._in_time(self._database.columns(self._view))
        if not types:
            raise ViewUnfit(f"customers.view: there is no {self._view} in the database")
        for ours, theirs in self._columns.items():
            if theirs not in types:
                raise ViewUnfit(f"customers.columns.{ours}: {self._view} has no column {theirs}")
            if ours in KEYS and types[theirs].partition("(")[0] not in TEXTS:
                raise ViewUnfit(f"customers.columns.{ours}: {theirs} is {types[theirs]}; the view must make it text")

    async def by_id(self, customer_id: str) -> Customer | None:
        """The customer with this id; None where no row has it."""
        row = await self._row_by("id", customer_id)
        return None if row is None else _customer(row, self._taken)

    async def to_sign_in(self, number: str) -> tuple[Customer, Credentials] | None:
        """The customer with this number or login, and the hash and identifier that what they type is compared with."""
        row = await self._row_by("number", number)
        return None if row is None else (_customer(row, self._taken), _credentials(row))

    async def some_password_hash(self) -> str | None:
        """Some customer's hash, from which `checked_here` learns what a comparison costs; None without customers."""
        column = f'v."{self._columns["password_hash"]}"'
        rows = await self._in_time(
            self._database.all(f"SELECT {column} AS hash FROM {quoted(self._view)} v LIMIT 1")  # noqa: S608
        )
        return str(rows[0]["hash"]) if rows else None

    async def close(self) -> None:
        """Close the database."""
        await self._database.close()

    async def _row_by(self, key: str, value: str) -> Row | None:
        """The row with this key; raises `RecordRefused` where two rows have it."""
        sql = f'{self._sql}"{self._columns[key]}" = $1 LIMIT 2'
        rows = await self._in_time(self._database.all(sql, value))
        if len(rows) > 1:
            raise RecordRefused(f"two customers with one {key}")
        return rows[0] if rows else None

    async def _in_time(self, question: Any) -> Any:
        """The database's answer within `seconds`; raises `DirectoryUnavailable`."""
        try:
            async with asyncio.timeout(seconds_left(self._seconds)):
                return await question
        except TimeoutError:
            raise DirectoryUnavailable("the customers' database takes too long") from None
        except DatabaseUnavailable as fault:
            raise DirectoryUnavailable(str(fault)) from None


def _customer(row: Row, taken: TakenNumbers) -> Customer:
    fields = {name: row[name] for name in row.keys() if name not in CREDENTIALS}  # noqa: SIM118 - asyncpg's rows
    keys = {name: str(fields[name]) for name in KEYS if fields[name] is not None}
    return stated_by({**fields, **keys}, taken)


def _credentials(row: Row) -> Credentials:
    """The hash and the identifier in a row; raises `RecordRefused` where nothing could be compared with them."""
    stated = {name: row[name] for name in row.keys()}  # noqa: SIM118 - asyncpg's rows
    hashed, identifier = str(stated["password_hash"] or ""), str(stated.get("identifier") or "")
    if not is_known_hash(hashed):
        raise RecordRefused("unreadable password_hash")
    kind = str(stated.get("identifier_kind") or "pesel")
    if kind not in IDENTIFIER_KINDS or len(identifier) > LONGEST_IDENTIFIER:
        raise RecordRefused("unreadable identifier")
    return Credentials(password_hash=hashed, identifier_kind=kind, identifier=identifier)
