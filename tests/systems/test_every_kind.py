"""What holds for every kind of system once it is built: it is ready alone, and its keys are those of its kind."""

import asyncio
import tomllib
from pathlib import Path
from typing import Any

import pytest

from poreka.audit.record import AuditLog
from poreka.cli.single import build_single
from poreka.demo.presets import Address, preset, settings_text
from poreka.kinds import DEMO_KEYS, KINDS, builder_of, events_of, kind_of
from poreka.running.foundation import SHARED_SECRETS, lay
from poreka.running.real_clock import real_clock
from poreka.running.running import own_keys
from poreka.settings import settings_from
from poreka.web.settings.every_kind import SettingsError
from poreka.web.settings.kind import Kind
from tests.support.asgi import Site

ADDRESS = Address(8000)
ALONE = [key for kind in KINDS if kind.alone for key in kind.demo]

DEMO_FIRST = [kind.demo[0] for kind in KINDS]


def tables_of(key: str) -> dict[str, Any]:
    return tomllib.loads(settings_text(key, ADDRESS))


def test_every_kind_that_is_served_alone_has_a_builder() -> None:
    assert all(callable(builder_of(kind)) for kind in KINDS if kind.alone)


def test_every_kind_has_a_name_of_its_own_and_events_that_are_there() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert all(hasattr(part, "Event") for kind in KINDS for part in events_of(kind))


@pytest.mark.parametrize("key", ALONE)
async def test_every_system_is_served_alone_and_publishes_the_keys_of_its_kind(key: str, tmp_path: Path) -> None:
    settings = preset(key, ADDRESS)
    running = await build_single(settings, tmp_path)
    try:
        site = Site(running.application, settings.system.origin)
        assert (await site.call("GET", "/health/ready")).status_code == 200
        keys = running.system.own_keys()
        assert keys is not None
        assert keys.algorithms == kind_of(settings.system.kind).algorithms
        published = (await site.call("GET", "/jwks")).json()["keys"]
        assert {one["alg"] for one in published} == set(keys.algorithms)
    finally:
        await running.stop()


@pytest.mark.parametrize("key", DEMO_FIRST)
def test_a_system_has_the_table_of_its_own_kind_and_of_no_other(key: str) -> None:
    tables = tables_of(key)
    own = tables["system"]["kind"]
    assert settings_from(tables, "own").system.kind == own
    for kind in KINDS:
        if kind.alone and kind.name != own:
            foreign = tables_of(kind.demo[0])[kind.name]
            with pytest.raises(
                SettingsError, match=f"{kind.name}: this table is for a {kind.name}, and system.kind is {own}"
            ):
                settings_from({**tables, kind.name: foreign}, "foreign")
        elif kind.alone:
            with pytest.raises(SettingsError, match=f"{own}: this table is missing"):
                settings_from({name: table for name, table in tables.items() if name != own}, "without")


def test_the_demonstration_makes_every_secret_that_two_of_its_systems_share() -> None:
    named = {file for key in DEMO_KEYS for _, file in preset(key, ADDRESS).secret_files()}
    assert named == set(SHARED_SECRETS)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.alone], ids=lambda kind: kind.name)
async def test_what_only_the_demonstration_has_is_not_served_alone(kind: Kind, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="served alone"):
        await build_single(preset(kind.demo[0], ADDRESS), tmp_path)


@pytest.mark.parametrize("key", [kind.demo[0] for kind in KINDS if kind.algorithms])
async def test_a_running_system_of_every_kind_takes_over_keys_that_were_rotated_by_hand(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poreka.running.running.SWEEP_EVERY_SECONDS", 0.05)
    monkeypatch.setattr("poreka.running.key_ring.READ_EVERY_SECONDS", 0)
    settings = preset(key, ADDRESS)
    running = await build_single(settings, tmp_path)
    base = await lay(settings, tmp_path, real_clock)
    try:
        audit = AuditLog(base.database, base.audit_key, base.clock, base.fresh.id)
        made = await own_keys(base, audit).rotate_now()
        async with asyncio.timeout(60):
            while (keys := running.system.own_keys()) and keys.signing("ES256").kid not in made:  # noqa: ASYNC110 - the ring tells nobody
                await asyncio.sleep(0.05)
    finally:
        await base.database.close()
        await running.stop()
