"""What holds for every kind of system once it is built: it is ready alone, and its keys are those of its kind."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from poreka.kinds import KINDS, kind_of
from poreka.settings import SettingsError, settings_from
from poreka.wiring.federation import Address, preset, settings_text
from poreka.wiring.single import BUILT, build_single
from tests.support.asgi import Site

ADDRESS = Address(8000)
ALONE = [key for kind in KINDS if kind.alone for key in kind.demo]

DEMO_FIRST = [kind.demo[0] for kind in KINDS]


def tables_of(key: str) -> dict[str, Any]:
    return tomllib.loads(settings_text(key, ADDRESS))


def test_every_kind_that_is_served_alone_has_a_builder() -> None:
    assert list(BUILT) == [kind.name for kind in KINDS if kind.alone]


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
            with pytest.raises(SettingsError, match=f"{kind.name}: this table is for a {kind.name}, not for a {own}"):
                settings_from({**tables, kind.name: foreign}, "foreign")
        elif kind.alone:
            with pytest.raises(SettingsError, match=f"{own}: this table is missing"):
                settings_from({name: table for name, table in tables.items() if name != own}, "without")
