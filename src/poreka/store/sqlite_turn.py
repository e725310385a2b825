"""Whose turn it is to write among processes that share one SQLite file: who waits for the write lock is the next one.

SQLite itself keeps no line. A process that writes much takes its lock again before another one, which looks every few
milliseconds, has seen it free: that one's people would wait for seconds. So whoever wants the write lock takes this
lock first (`flock` on a file beside the database), waits with it, and gives it up once it writes. The write lock stays
what protects the data; a program that does not know of this file only stands outside the line. A process that dies
leaves its place.
"""

import fcntl
from pathlib import Path

SUFFIX = "-turn"


class Next:
    """The place at the head of the line, for one database connection."""

    def __init__(self, database: Path) -> None:
        beside = database.with_name(database.name + SUFFIX)
        beside.touch(mode=0o600, exist_ok=True)
        self._file = beside.open("rb")

    def take(self) -> bool:
        """Whether the place is ours now."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def leave(self) -> None:
        """Give the place up."""
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """The connection is closed; as with the connection itself, it may be said twice."""
        self._file.close()
