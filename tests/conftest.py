"""Fixtures for every test. Each lives in the file named after what it gives; this is only the list.

postgres_server, postgres_dsn       support/postgres.py   a real PostgreSQL; an empty database of one's own
demo                                support/server.py     `poreka demo` as a subprocess, one for each worker
visitor, new_visitor                support/visit.py      a browser-like HTTP client that checks each page
chromium_windows, whole_chromium_windows, firefox_windows   support/browser.py   real browsers
two_sites                           support/two_sites.py  two tiny foreign sites to try the tools on

Which worker runs what, and in which order, is said in support/workers.py.
"""

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

from poreka.codes import message_state
from poreka.rules.limits.door import DoorLimits
from poreka.running import running as wiring
from poreka.web.door.door import Door

# How long an example takes says what else the machine does: laws are about what is true, not about when.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
# Bugs that tests provoke are told in plain words: structlog's own way draws all that every frame held, for seconds.
structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.server",
    "tests.support.visit",
    "tests.support.browser",
    "tests.support.two_sites",
    "tests.support.workers",
]


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
