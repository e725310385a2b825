"""Fixtures for every test. Each lives in the file named after what it gives; this is only the list.

postgres_server, postgres_dsn       support/postgres.py   a real PostgreSQL; an empty database of one's own
demo                                support/server.py     `poreka demo` as a subprocess, one for each worker
visitor, new_visitor                support/visit.py      a browser-like HTTP client that checks each page
chromium_windows, whole_chromium_windows, firefox_windows   support/browser.py   real browsers
two_sites                           support/two_sites.py  two tiny foreign sites to try the tools on
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from poreka.rules.door import DoorLimits
from poreka.web import message_state
from poreka.web.door import Door
from poreka.wiring import system as wiring

# How long an example takes says what else the machine does: laws are about what is true, not about when.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.server",
    "tests.support.visit",
    "tests.support.browser",
    "tests.support.two_sites",
]


LONGEST_FIRST = ("browser", "cli", "interop", "flows", "abuse")
"""Folders whose tests take long begin, so that at the end of a run no worker waits for a long test of another."""


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a module's tests on one worker, with the fixtures that they share, and begin with the long ones.

    The looks of `browser/` are too many for one worker: its `conftest.py` groups its own.
    """
    for item in items:
        folder = _folder_of(item)
        if folder != "browser" and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(f"{folder}-{item.path.stem}"))
    items.sort(key=_place)


def _folder_of(item: pytest.Item) -> str:
    """The path below this folder, such as `web` or `oidc-provider`."""
    return "-".join(item.path.parent.relative_to(Path(__file__).parent).parts)


def _place(item: pytest.Item) -> int:
    """Sorting keeps the random order within what has the same place."""
    folder = _folder_of(item)
    return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.fixture(autouse=True)
def _log_as_set_up_by_nobody() -> Iterator[None]:
    """A command run inside a test sets the log up for its own captured stderr, which is closed afterwards."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True, scope="session")
def _pages_that_wait_for_no_message() -> Iterator[None]:
    """In this process messages leave when a test says so: a page that asks for a code need not wait for that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(message_state, "MOMENTS", 0)
        yield


@pytest.fixture(autouse=True, scope="session")
def _a_door_that_is_wide_open() -> Iterator[None]:
    """A machine that does other things is slow without being overloaded: nobody is turned away for that in a test."""
    patient = DoorLimits(password_wait=3600.0, loop_wait=3600.0, request_seconds=60.0)
    passwords = wiring.shared_passwords()
    door = Door(patient, passwords.wait, lambda: passwords.hashed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "shared_door", lambda _: door)
        yield
