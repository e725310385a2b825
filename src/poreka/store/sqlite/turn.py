"""Whose turn it is to write among processes that share one SQLite file: who waits for the write lock is the next one.

SQLite itself keeps no line. A process that writes much takes its lock again before another one, which looks every few
milliseconds, has seen it free: that one's people would wait for seconds. So whoever wants the write lock takes this
lock first (`flock` on a file beside the database), waits with it, and gives it up once it writes. The write lock stays
what protects the data; a program that does not know of this file only stands outside the line. A process that dies
leaves its place.
"""

import fcntl
import os
import weakref
from pathlib import Path

SUFFIX = "-turn"


class Next:
    """The place at the head of the line, for one database connection."""

    def __init__(self, database: Path) -> None:
        self._file = os.open(database.with_name(database.name + SUFFIX), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.close = weakref.finalize(self, os.close, self._file)  # once, and like the connection's when nobody says so

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
