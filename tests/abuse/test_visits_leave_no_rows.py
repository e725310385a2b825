"""Whoever only looks leaves nothing: no address adds a row to any table, however often a stranger opens it.

Every GET route of people, in every kind of system, with and without cookies.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from poreka.demo.federation import Demonstration, build_demonstration
from poreka.demo.phone import routes as phone
from poreka.demo.presets import Address
from poreka.demo.start import routes as start
from poreka.kinds import KINDS
from poreka.running import running as wiring
from poreka.systems.bank import routes as bank
from poreka.systems.desk import routes as desk
from poreka.systems.mobywatel import routes as mobywatel
from poreka.systems.mojeikp import routes as mojeikp
from poreka.systems.patient_account import routes as patient_account
from poreka.systems.portal import routes as portal
from poreka.systems.trusted_profile import routes as trusted_profile
from poreka.web.routes import Access, Route
from poreka.web.system import System
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
ASKED = {
    "bank": ("/sign-in?next=/settings", "/sign-in?release=x", "/end-session?client_id=sandbox-openid"),
    "trusted_profile": ("/sign-in?next=/profile", "/confirm?next=/profile"),
    "portal": ("/register?journey=x", "/initiate?iss=https://nobody.example"),
}
"""Addresses with a query that means something."""
TIMES, CHECKED = 50, 2


def test_every_kind_is_walked() -> None:
    assert list(ROUTES) == [kind.name for kind in KINDS]


@pytest.mark.timeout(600)
async def test_whoever_only_looks_leaves_no_row_in_any_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "SWEEP_EVERY_SECONDS", 1e6)  # what is swept or rotated meanwhile is no visit's
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
    routes = [route for route in ROUTES[kind] if route.method == "GET"]
    for path in (*paths_of(routes, Access.ANYONE), *ASKED.get(kind, ())):
        await look(site, path, TIMES)
    for path in paths_of(routes, Access.PERSON, Access.STRONG_PERSON):
        await look(site, path, CHECKED)  # all of these send a stranger to the sign-in, which is looked at above
    after = await rows_of(system)
    return dict(after - before)


def paths_of(routes: list[Route], *access: Access) -> list[str]:
    return sorted({opened(route.path) for route in routes if route.access in access})


async def look(site: Site, path: str, times: int) -> None:
    browser = AsgiBrowser(site)
    for time in range(times):
        # Checking a whole page takes longer than making it.
        answer = await (browser.request("GET", path) if time < CHECKED else site.call("GET", path))
        assert answer.status_code < 500 or answer.status_code == 503, (path, answer.status_code)


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
