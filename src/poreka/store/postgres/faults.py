"""What a failure of PostgreSQL means: one table, by SQLSTATE (PostgreSQL manual, appendix A), read from the top.

A fault is what is told, and whether the connection may be used again. A server that is read-only, shutting down
or out of connections is left at once, so that the next call looks for one that writes. What no row names is a bug
of ours, or data that break a rule of the schema: it travels up as it is.
"""

from dataclasses import dataclass

import asyncpg

from poreka.store.database import DatabaseUnavailable


@dataclass(frozen=True, slots=True)
class Fault:
    """`told` says what happened, without any value of a statement; `leave` drops the connection."""

    told: str
    leave: bool


_SHARED = Fault("a pooler hands PostgreSQL's sessions around: its pool mode must be session", leave=True)
SHARED_SESSIONS = (asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError)
"""A statement that we prepared is not there, or was prepared by somebody else: the session is not ours alone."""

# The longest prefix of the code is found first.
_BY_SQLSTATE = {
    "25006": Fault("PostgreSQL is read-only: a standby, or made so by an operator", leave=True),
    "25P03": Fault("PostgreSQL ended a transaction that stood idle", leave=True),
    "25P04": Fault("PostgreSQL ended a transaction that took too long", leave=True),
    "40": Fault("PostgreSQL undid a transaction in favour of another one", leave=False),
    "53100": Fault("PostgreSQL has no space left on its disk", leave=False),
    "53300": Fault("PostgreSQL takes no more connections", leave=True),
    "53": Fault("PostgreSQL lacks memory or another resource", leave=False),
    "55P03": Fault("PostgreSQL did not get a lock in time", leave=False),
    "55P04": Fault("PostgreSQL did not get a lock in time", leave=False),
    "57014": Fault("PostgreSQL cancelled a statement", leave=True),
    "57": Fault("PostgreSQL is starting, stopping or ended the connection", leave=True),
    "58": Fault("PostgreSQL could not read or write its files", leave=True),
    "26000": _SHARED,
    "42P05": _SHARED,
    "42501": Fault("PostgreSQL does not let our user use a table or schema: grant it", leave=False),
    "08P01": Fault(
        "a pooler takes no settings of our sessions: it must ignore them (ignore_startup_parameters)", leave=True
    ),
    "08": Fault("the connection to PostgreSQL was lost", leave=True),
    "28": Fault("PostgreSQL refuses our user or its password", leave=True),
    "3D": Fault("PostgreSQL has no database of this name", leave=True),
}
_LENGTHS = (5, 2)
_LOST = Fault("the connection to PostgreSQL was lost", leave=True)
_LATE = Fault("PostgreSQL did not answer in time", leave=True)
_NO_WRITER = Fault("no address of PostgreSQL leads to a server that writes", leave=True)


def fault_of(error: BaseException) -> Fault | None:
    """What a failed call means, or None where it is no trouble of the database."""
    if isinstance(error, asyncpg.PostgresError):
        code = error.sqlstate or ""
        return next((_BY_SQLSTATE[code[:length]] for length in _LENGTHS if code[:length] in _BY_SQLSTATE), None)
    if isinstance(error, TimeoutError):  # before OSError, of which it is one
        return _LATE
    if isinstance(error, asyncpg.TargetServerAttributeNotMatched):
        return _NO_WRITER
    if isinstance(error, (OSError, asyncpg.ConnectionDoesNotExistError)):
        return _LOST
    return None


def shared_sessions() -> DatabaseUnavailable:
    """The exception that tells of a pooler in another mode than session."""
    return unavailable(_SHARED)


def takes_no_more(error: BaseException) -> bool:
    """Whether the server refused a new connection for their number alone (53300): those it gave before work on."""
    return isinstance(error, asyncpg.TooManyConnectionsError)


def unavailable(fault: Fault) -> DatabaseUnavailable:
    """The exception that tells it."""
    return DatabaseUnavailable(fault.told)
