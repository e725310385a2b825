"""Whole systems as they are built: the federation by host, a single one from its settings, a clean end."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from poreka.cli.single import build_single
from poreka.demo.federation import build_demonstration
from poreka.demo.people import PasswordHashes, read_people
from poreka.demo.presets import Address, preset
from poreka.demo.trusted_profiles import add_trusted_profiles
from poreka.rules.levels import Factor
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import lay
from poreka.systems.desk.roll import clerk_roll
from poreka.systems.desk.system import DeskSystem
from poreka.systems.trusted_profile.build import reminding
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.sessions import Details, new_session
from tests.support.asgi import AsgiBrowser, Site, request_of
from tests.support.in_process import bank_settings
from tests.support.postgres import PostgresServer


async def test_the_demonstration_is_there_by_host_and_starts_again_on_the_same_data(tmp_path: Path) -> None:
    address = Address(8123)
    for _ in range(2):
        demonstration = await build_demonstration(tmp_path, address)
        for host in ("millenet", "pz", "pue", "phone", "start"):
            page = await AsgiBrowser(Site(demonstration.application, address.origin(host))).open("/")
            assert page.status == 200, host
            assert page.heading
        people = await Site(demonstration.application, address.origin("start")).call("GET", "/people.json")
        assert {"jan", "anna"} <= {person["key"] for person in people.json()["people"]}
        await demonstration.stop()


async def test_nothing_runs_on_after_a_stop(tmp_path: Path) -> None:
    before = asyncio.all_tasks()
    demonstration = await build_demonstration(tmp_path, Address(8124))
    await demonstration.stop()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() <= before


async def test_moving_the_clock_moves_every_system(tmp_path: Path) -> None:
    demonstration = await build_demonstration(tmp_path, Address(8125))
    before = [running.system.clock() for running in demonstration.systems]
    start = next(one for one in demonstration.systems if one.system.settings.system.kind == "start")
    await start.system.demo_clock.advance(1000)  # type: ignore[attr-defined]
    await start.system.moved()  # type: ignore[attr-defined]
    after = [running.system.clock() for running in demonstration.systems]
    assert all(1000 <= new - old < 1010 for old, new in zip(before, after, strict=True))
    await demonstration.stop()


async def test_a_single_bank_from_its_settings(tmp_path: Path) -> None:
    running = await build_single(bank_settings("sqlite:bank.db"), tmp_path)
    site = Site(running.application, "http://millenet.localhost:8000")
    assert (await site.call("GET", "/.well-known/openid-configuration")).json()["issuer"] == site.origin
    assert (await site.call("GET", "/sign-in")).status_code == 303
    await running.stop()


async def test_without_nginx_the_demonstration_says_what_to_install(tmp_path: Path) -> None:
    address = Address(8126, "https")
    demonstration = await build_demonstration(tmp_path, address)
    page = await AsgiBrowser(Site(demonstration.application, address.origin("pue"))).open("/certificate")
    assert "apt-get install nginx-light libnginx-mod-http-js" in page.text
    answer = await Site(demonstration.application, address.origin("start")).call("GET", "/certificates/jan.p12")
    assert answer.headers["content-disposition"] == 'attachment; filename="jan.p12"'
    await demonstration.stop()


@pytest.mark.postgres
async def test_a_single_trusted_profile_on_postgresql(tmp_path: Path, postgres_server: PostgresServer) -> None:
    """What the demonstration does on SQLite, on the engine that an office would run: made, found, ended, once."""
    name = postgres_server.create()
    settings = preset("pz", Address(8000))
    system = msgspec.structs.replace(settings.system, database=postgres_server.dsn(name))
    running = await build_single(msgspec.structs.replace(settings, system=system), tmp_path)
    try:
        pz = running.system
        assert isinstance(pz, TrustedProfileSystem)
        site = Site(running.application, "http://pz.localhost:8000")
        assert (await site.call("GET", "/.well-known/openid-configuration")).json()["issuer"] == site.origin
        hashes = PasswordHashes(pz.passwords.hash)
        await add_trusted_profiles(pz, read_people(), hashes)
        await add_trusted_profiles(pz, read_people(), hashes)
        assert await pz.customers.by_id("nobody") is None
        found = await pz.profiles.to_sign_in("stanislaw.golab")
        assert found is not None
        for _ in range(2):
            await reminding(pz).round()
        row = await pz.database.one("SELECT count(*) AS n FROM outbox WHERE channel = 'email'")
        assert row is not None
        assert row["n"] == 1, "stanislaw's profile ends soon; he is reminded once"
        assert await pz.profiles.end_overdue() <= 1, "helena's, unless the task beside it was quicker"
        assert await pz.profiles.to_sign_in("helena.mroz") is None
    finally:
        await running.stop()
        postgres_server.drop(name)


@pytest.mark.postgres
async def test_a_single_phone_app_on_postgresql(tmp_path: Path, postgres_server: PostgresServer) -> None:
    """By itself, on the engine that an office would run: it enrols for the profile whose secret it knows."""
    name = postgres_server.create()
    settings = preset("mobywatel", Address(8000))
    system = msgspec.structs.replace(settings.system, database=postgres_server.dsn(name))
    running = await build_single(msgspec.structs.replace(settings, system=system), tmp_path)
    try:
        site = Site(running.application, "http://mobywatel.localhost:8000")
        assert (await site.call("GET", "/.well-known/openid-configuration")).json()["issuer"] == site.origin
        assert (await site.call("GET", "/app.webmanifest")).json()["display"] == "standalone"
        token = (tmp_path / "pz-to-mobywatel.secrets").read_text().strip()
        headers = [("authorization", f"Bearer {token}"), ("content-type", "application/json")]
        body = b'{"customer":"a.b","first_name":"Adam","surname":"Bie\\u0144","pesel":"71120285435"}'
        offered = (await site.call("POST", "/enrolments", body=body, headers=headers)).json()
        stands = await site.call("GET", f"/enrolments/{offered['id']}?customer=a.b", headers=headers)
        assert stands.json() == {"id": offered["id"], "state": "offered", "device": ""}
        assert (await site.call("GET", "/devices?customer=a.b", headers=headers)).json() == {"devices": []}
    finally:
        await running.stop()
        postgres_server.drop(name)


@pytest.mark.postgres
async def test_a_single_desk_on_postgresql(tmp_path: Path, postgres_server: PostgresServer) -> None:
    """By itself, on the engine that an office would run: clerks come in, and while the profile is away it says so."""
    name = postgres_server.create()
    settings = preset("clerk", Address(8000))
    system = msgspec.structs.replace(settings.system, database=postgres_server.dsn(name))
    running = await build_single(msgspec.structs.replace(settings, system=system), tmp_path)
    try:
        site = Site(running.application, "http://clerk.localhost:8000")
        assert (await site.call("GET", "/sign-in")).status_code == 200
        assert (await site.call("GET", "/")).headers["location"] == "/sign-in"
        assert len((await site.call("GET", "/jwks")).json()["keys"]) >= 1
        desk = running.system
        assert isinstance(desk, DeskSystem)
        base = await lay(msgspec.structs.replace(settings, system=system), tmp_path, desk.clock)
        roll = clerk_roll(base)
        clerk = await roll.add("grazyna.lis", "Grażyna Lis", Pesel("69051744280"))
        link = await roll.make_link(clerk)
        page = await (await AsgiBrowser(site).open("/key")).submit("/key", code=link.address.partition("#")[2])
        assert "Grażyna Lis" in page.text
        browser = AsgiBrowser(site)
        new = new_session(request_of(""), desk, clerk.id, (Factor.PASSKEY,), Details(name=clerk.name))
        await desk.database.insert(new.row)
        browser.set_cookie("session", new.cookie)
        assert (await browser.open("/")).status == 503
        assert await roll.block(clerk)
        assert (await browser.open("/")).path == "/sign-in"
        await base.database.close()
    finally:
        await running.stop()
        postgres_server.drop(name)


@pytest.mark.postgres
async def test_a_single_patient_account_and_its_app_on_postgresql(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    """Each by itself, on the engine that an office would run: one account a person, and no device yet."""
    names, running = {key: postgres_server.create() for key in ("ikp", "mojeikp")}, []
    try:
        for key, name in names.items():
            settings = preset(key, Address(8000))
            system = msgspec.structs.replace(settings.system, database=postgres_server.dsn(name))
            running.append(await build_single(msgspec.structs.replace(settings, system=system), tmp_path))
        account, app = (Site(one.application, one.system.origin) for one in running)
        token = (tmp_path / "mojeikp-to-ikp.secrets").read_text().strip()
        headers = [("authorization", f"Bearer {token}"), ("content-type", "application/json")]
        body = (
            b'{"first_name":"Adam","surname":"Bie\\u0144","pesel":"71120285435",'
            b'"issuer":"http://pz.localhost:8000","level":"substantial"}'
        )
        entered = [await account.call("POST", "/app/entries", body=body, headers=headers) for _ in range(2)]
        found = {answer.json()["account"] for answer in entered}
        assert len(found) == 1
        told = await account.call("GET", f"/app/accounts/{found.pop()}/history", headers=headers)
        assert [line["what"] for line in told.json()["lines"]] == ["entered", "entered", "made"]
        secret = [("authorization", f"Bearer {(tmp_path / 'ikp-to-mojeikp.secrets').read_text().strip()}")]
        assert (await app.call("GET", "/bound?account=nobody", headers=secret)).json() == {"devices": []}
        assert (await app.call("GET", "/app.webmanifest")).json()["display"] == "standalone"
    finally:
        for one in running:
            await one.stop()
        for name in names.values():
            postgres_server.drop(name)
