"""Customers in another database: a view or table there, whose columns the settings name.

Only read, by key, one statement a question. What words and truth values mean is said in the view; what
it states is believed as little as an answer over HTTP (`customer_directory.py`). Names of the view and
its columns come from the operator's settings, which let nothing but names through.
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
        shown = ", ".join(f'v."{theirs}" AS {ours}' for ours, theirs in self._columns.items())
        self._sql = f"SELECT {shown} FROM {quoted(view)} v WHERE v."  # noqa: S608 - names of the settings

    async def check(self) -> None:
        """Look whether the view and every column named is there; raises `ViewUnfit`, `DirectoryUnavailable`."""
        there = await self._asked(self._database.columns(self._view))
        if not there:
            raise ViewUnfit(f"customers.view: there is no {self._view} in the database")
        for ours, theirs in self._columns.items():
            if theirs not in there:
                raise ViewUnfit(f"customers.columns.{ours}: {self._view} has no column {theirs}")
            if ours in KEYS and there[theirs].partition("(")[0] not in TEXTS:
                raise ViewUnfit(f"customers.columns.{ours}: {theirs} is {there[theirs]}; the view must make it text")

    async def by_id(self, customer_id: str) -> Customer | None:
        """One customer."""
        row = await self._one("id", customer_id)
        return None if row is None else _customer(row, self._taken)

    async def to_sign_in(self, number: str) -> tuple[Customer, Credentials] | None:
        """Who signs in with this number or login, and what theirs is compared with."""
        row = await self._one("number", number)
        return None if row is None else (_customer(row, self._taken), _credentials(row))

    async def some_password_hash(self) -> str | None:
        """Any customer's hash."""
        column = f'v."{self._columns["password_hash"]}"'
        rows = await self._asked(
            self._database.all(f"SELECT {column} AS hash FROM {quoted(self._view)} v LIMIT 1")  # noqa: S608
        )
        return str(rows[0]["hash"]) if rows else None

    async def close(self) -> None:
        """Close the database."""
        await self._database.close()

    async def _one(self, key: str, value: str) -> Row | None:
        sql = f'{self._sql}"{self._columns[key]}" = $1 LIMIT 2'
        rows = await self._asked(self._database.all(sql, value))
        if len(rows) > 1:
            raise RecordRefused(f"two customers with one {key}")
        return rows[0] if rows else None

    async def _asked(self, question: Any) -> Any:
        try:
            async with asyncio.timeout(seconds_left(self._seconds)):
                return await question
        except TimeoutError:
            raise DirectoryUnavailable("the customers' database takes too long") from None
        except DatabaseUnavailable as fault:
            raise DirectoryUnavailable(str(fault)) from None


def _customer(row: Row, taken: TakenNumbers) -> Customer:
    fields = {name: row[name] for name in row.keys() if name not in CREDENTIALS}  # noqa: SIM118 - asyncpg's rows
    texts = {name: str(fields[name]) for name in KEYS if fields[name] is not None}
    return stated_by({**fields, **texts}, taken)


def _credentials(row: Row) -> Credentials:
    """What is compared with; raises `RecordRefused` where nothing could be."""
    stated = {name: row[name] for name in row.keys()}  # noqa: SIM118 - asyncpg's rows
    hashed, identifier = str(stated["password_hash"] or ""), str(stated.get("identifier") or "")
    if not is_known_hash(hashed):
        raise RecordRefused("unreadable password_hash")
    kind = str(stated.get("identifier_kind") or "pesel")
    if kind not in IDENTIFIER_KINDS or len(identifier) > LONGEST_IDENTIFIER:
        raise RecordRefused("unreadable identifier")
    return Credentials(password_hash=hashed, identifier_kind=kind, identifier=identifier)
