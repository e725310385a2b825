"""An operator ends people's sessions, locks a trusted profile and closes a portal profile."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from poreka.cli.single import build_for_command
from poreka.demo.presets import Address, settings_text
from poreka.settings import read_settings
from poreka.web.system import System
from tests.cli.conftest import Run
from tests.support.jan_everywhere import NAMES, ONE_EACH, PESEL, TOLD, add_jan, begin_sessions
from tests.support.quick_keys import quick_keys


def at(file: Path, work: Callable[[Any], Awaitable[Any]]) -> Any:
    """Do something with the system of a settings file."""

    async def within() -> Any:
        running = await build_for_command(read_settings(file), file.parent)
        try:
            return await work(running.system)
        finally:
            await running.stop()

    return asyncio.run(within())


@pytest.fixture(params=ONE_EACH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """A system with Jan in it, who has two sessions."""
    file = tmp_path / f"{request.param}.toml"
    file.write_text(settings_text(request.param, Address(8000)), encoding="utf-8")

    async def add(system: System) -> None:
        await begin_sessions(system, await add_jan(system, request.param, file), 2)

    with quick_keys():
        at(file, add)
    return request.param, file


def called(run: Run, monkeypatch: pytest.MonkeyPatch, place: tuple[str, Path], *words: str, **options: str) -> Any:
    """`poreka …` with how Jan is named there, by his PESEL where he has no name."""
    key, file = place
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PESEL}\n"))
    named = [NAMES[key]] if key in NAMES else []
    with quick_keys():
        return run(*words, file, *named, *(word for name, value in options.items() for word in (f"--{name}", value)))


def rows(file: Path, sql: str) -> list[Any]:
    async def read(system: System) -> list[Any]:
        return list(await system.database.all(sql))

    with quick_keys():
        return list(at(file, read))


def test_sessions_are_listed_and_ended_and_the_person_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, place: tuple[str, Path]
) -> None:
    key, file = place
    listed = called(run, monkeypatch, place, "session", "list")
    assert listed.code == 0, listed.err
    lines = listed.out.splitlines()
    assert len(lines) == 2
    assert all("Firefox, Linux" in line and "password" in line for line in lines)
    assert PESEL not in listed.out
    one = called(run, monkeypatch, place, "session", "end", session=lines[0].split()[0])
    assert (one.code, one.out.strip()) == (0, "sessions ended: 1"), one.err
    rest = called(run, monkeypatch, place, "session", "end")
    assert (rest.code, rest.out.strip()) == (0, "sessions ended: 1"), rest.err
    assert called(run, monkeypatch, place, "session", "list").out.strip() == "no session"
    assert called(run, monkeypatch, place, "session", "end").out.strip() == "sessions ended: 0"
    ended = rows(file, "SELECT details FROM audit_entries WHERE event = 'SignedOut'")
    assert ['"operator"' in row["details"] for row in ended] == [True, True]
    told = rows(file, "SELECT channel FROM outbox WHERE about LIKE 'sessions:%' ORDER BY channel")
    assert sorted({row["channel"] for row in told}) == TOLD.get(key, [])
    assert len(told) == 2 * len(TOLD.get(key, [])), "once for each time that something ended"


def test_a_session_of_somebody_else_is_not_ended(
    run: Run, monkeypatch: pytest.MonkeyPatch, place: tuple[str, Path]
) -> None:
    refused = called(run, monkeypatch, place, "session", "end", session="nobodys")
    assert refused.code == 1
    assert "no such session" in refused.err
    assert len(called(run, monkeypatch, place, "session", "list").out.splitlines()) == 2


@pytest.mark.parametrize("place", ["pz"], indirect=True)
def test_a_trusted_profile_is_locked_and_its_owner_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, place: tuple[str, Path]
) -> None:
    _, file = place
    locked = called(run, monkeypatch, place, "profile", "lock")
    assert (locked.code, locked.out.strip()) == (0, "locked"), locked.err
    assert not rows(file, "SELECT * FROM sessions")
    (event,) = rows(file, "SELECT details FROM audit_entries WHERE event = 'TrustedProfileLocked'")
    assert '"operator"' in event["details"]
    assert [row["channel"] for row in rows(file, "SELECT channel FROM outbox WHERE channel = 'email'")] == ["email"]
    again = called(run, monkeypatch, place, "profile", "lock")
    assert again.code == 1
    assert "there is nobody" in again.err
    assert "not for a trusted_profile" in called(run, monkeypatch, place, "profile", "close").err


@pytest.mark.parametrize("place", ["pue"], indirect=True)
def test_a_portal_profile_is_closed_for_good_and_its_address_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, place: tuple[str, Path]
) -> None:
    _, file = place
    closed = called(run, monkeypatch, place, "profile", "close")
    assert (closed.code, closed.out.strip()) == (0, "closed"), closed.err
    assert not rows(file, "SELECT * FROM sessions")
    (event,) = rows(file, "SELECT details FROM audit_entries WHERE event = 'ProfileClosed'")
    assert '"operator"' in event["details"]
    assert len(rows(file, "SELECT channel FROM outbox WHERE channel = 'email'")) == 1
    assert "closed already" in called(run, monkeypatch, place, "profile", "close").err


@pytest.mark.parametrize("place", ["ikp"], indirect=True)
def test_whoever_is_not_there_is_not_guessed(
    run: Run, monkeypatch: pytest.MonkeyPatch, place: tuple[str, Path]
) -> None:
    _, file = place
    for typed, said in (("", "eleven digits"), ("83041741030", "eleven digits"), ("79090344729", "nobody")):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        refused = run("session", "list", file)
        assert refused.code == 1
        assert said in refused.err
        assert not typed or typed not in refused.err
    assert "leave it out" in run("session", "list", file, "jan").err
