"""Starting servers on one core and reading how much CPU time a family of processes has used.

A process's own clock is exact to the nanosecond; what its finished children used comes from `/proc` in
hundredths of a second. Linux only, like the figures themselves.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_SCHEDULER_CLOCK = 2


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Whatever is started inside the block runs on this core, and so do its children."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def family(pid: int) -> list[int]:
    """The process and all that descend from it, now."""
    found = [pid]
    for member in found:
        for task in _tasks(member):
            found += [int(child) for child in _read(task / "children").split()]
    return found


def cpu_seconds(pid: int) -> float:
    """CPU time used so far by the process and its descendants, the finished ones too."""
    return sum(_own_seconds(member) + _finished_children_seconds(member) for member in family(pid))


def _own_seconds(pid: int) -> float:
    try:
        return time.clock_gettime((~pid << 3) | _SCHEDULER_CLOCK)
    except OSError:
        return 0.0


def _finished_children_seconds(pid: int) -> float:
    after_name = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return (int(after_name[13]) + int(after_name[14])) / _TICKS if after_name else 0.0


def _tasks(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except FileNotFoundError:
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
