"""Which worker runs what, and in which order: a module's tests stay together, and those that take long begin.

xdist would keep together what carries the same `xdist_group`; it writes that into the name of a test, where pytest
from 9.2 on no longer looks, and says nothing. So its scheduler is told here, by the module's file. Read by
tests/conftest.py; without workers nothing but the order is left of it.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

LONGEST_FIRST = (
    "browser",
    "demo",
    "cli",
    "interop",
    "abuse",
    "systems",
    "delivery",
    "protocol",
    "provider",
    "web",
    "store",
)
"""Folders in the order in which they begin, so that at the end of a run no worker waits for another's long test."""
TOO_LONG_FOR_ONE = "tests/browser/test_looks"
"""Modules whose tests are spread over all workers: each takes long, and none shares more than a demo with another."""


class ByModule(LoadScopeScheduling):  # type: ignore[misc]  # it tells no types
    """Gives each module to one worker, with the fixtures that its tests share."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(TOO_LONG_FOR_ONE) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    config.option.loadscopereorder = False  # as sorted below, not by how many tests a module has
    return ByModule(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorting keeps the random order of modules within a folder, and of tests within a module."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.nodeid.removeprefix("tests/").partition("/")[0]
    return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)
