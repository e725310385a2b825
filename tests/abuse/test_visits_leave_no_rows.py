"""Whoever only looks leaves nothing: no address adds a row to any table, however often a stranger opens it.

Every GET route of people, in every kind of system, with and without cookies.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from poreka.apps import bank, desk, mobywatel, mojeikp, patient_account, phone, portal, start, trusted_profile
from poreka.kinds import KINDS
from poreka.web.routes import Access, Route
from poreka.web.system import System
from poreka.wiring.federation import Address, Demonstration, build_demonstration
from tests.support.asgi import AsgiBrowser, Site

ROUTES: dict[str, list[Route]] = {
    "portal": portal.ROUTES,
    "trusted_profile": trusted_profile.ROUTES,
    "mobywatel": mobywatel.ROUTES,
    "desk": desk.ROUTES,
    "patient_account": patient_account.ROUTES,
    "mojeikp": mojeikp.ROUTES,
    "bank": bank.ROUTES,
    "start": start.ROUTES,
    "phone": phone.ROUTES,
}
TIMES = 50


def test_every_kind_is_walked() -> None:
    assert list(ROUTES) == [kind.name for kind in KINDS]


@pytest.mark.asyncio
async def test_whoever_only_looks_leaves_no_row_in_any_system(tmp_path: Path) -> None:
    address = Address(8127)
    demonstration = await build_demonstration(tmp_path, address)
    try:
        left = {kind.name: await left_by_looking(demonstration, address, kind.demo[0], kind.name) for kind in KINDS}
    finally:
        await demonstration.stop()
    assert {name: rows for name, rows in left.items() if rows} == {}


async def left_by_looking(demonstration: Demonstration, address: Address, key: str, kind: str) -> dict[str, int]:
    """The tables that grew, and by how many rows."""
    system = next(one.system for one in demonstration.systems if one.system.settings.system.key == key)
    site = Site(demonstration.application, address.origin(key))
    before = await rows_of(system)
    people = (Access.ANYONE, Access.PERSON, Access.STRONG_PERSON)
    for path in sorted({opened(one.path) for one in ROUTES[kind] if one.method == "GET" and one.access in people}):
        browser = AsgiBrowser(site)
        for _ in range(TIMES // 2):
            answer = await browser.request("GET", path)
            assert answer.status_code < 500, (path, answer.status_code)
            await site.call("GET", path)
    after = await rows_of(system)
    return dict(after - before)


def opened(path: str) -> str:
    """The address of a route, with something in the place of what it names."""
    return re.sub(r"\{[^}]+\}", "millenet", path)


async def rows_of(system: System) -> Counter[str]:
    tables = await system.database.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    names = [row["name"] for row in tables if not row["name"].startswith("sqlite_")]
    counted: Counter[str] = Counter()
    for name in names:
        row = await system.database.one(f"SELECT count(*) AS rows FROM {name}")
        counted[name] = int(row["rows"]) if row else 0
    return counted
