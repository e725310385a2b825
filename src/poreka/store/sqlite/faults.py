"""What a failure of SQLite means: one table, by result code (sqlite.org/rescode.html).

A full disk, a lock that is held, a file that cannot be read or is damaged is trouble of the machine, told as
`DatabaseUnavailable`. Everything else, a broken rule of the schema or a mistake of ours, travels up as it is.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from poreka.store.database import DatabaseUnavailable

_TOLD = {
    sqlite3.SQLITE_BUSY: "another process held the lock of the SQLite file too long",
    sqlite3.SQLITE_LOCKED: "another process held the lock of the SQLite file too long",
    sqlite3.SQLITE_NOMEM: "SQLite lacks memory",
    sqlite3.SQLITE_READONLY: "the SQLite file is read-only",
    sqlite3.SQLITE_IOERR: "the SQLite file could not be read or written",
    sqlite3.SQLITE_CORRUPT: "the SQLite file is damaged",
    sqlite3.SQLITE_FULL: "there is no space left for the SQLite file",
    sqlite3.SQLITE_CANTOPEN: "the SQLite file could not be opened",
    sqlite3.SQLITE_PROTOCOL: "another process held the lock of the SQLite file too long",
    sqlite3.SQLITE_NOTADB: "the SQLite file is damaged",
}


def unavailable(error: sqlite3.Error) -> DatabaseUnavailable | None:
    """The exception that tells of it, or None where it is no trouble of the machine."""
    code = getattr(error, "sqlite_errorcode", None)
    told = None if code is None else _TOLD.get(code & 0xFF)  # extended codes keep the primary one in their low byte
    return None if told is None else DatabaseUnavailable(told)


@contextmanager
def reading() -> Iterator[None]:
    """Turn what SQLite raises while it reads into `DatabaseUnavailable` where it is that.

    A statement that would write on a connection for reading is a mistake of ours and no trouble of the machine.
    """
    try:
        yield
    except sqlite3.Error as error:
        if (told := unavailable(error)) is None or error.sqlite_errorcode == sqlite3.SQLITE_READONLY:
            raise
        raise told from error
