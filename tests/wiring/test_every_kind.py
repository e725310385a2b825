"""What holds for every kind of system once it is built: it is ready alone, and its keys are those of its kind."""

from pathlib import Path

import pytest

from poreka.kinds import KINDS, kind_of
from poreka.wiring.federation import Address, preset
from poreka.wiring.single import BUILT, build_single
from tests.support.asgi import Site

ADDRESS = Address(8000)
ALONE = [key for kind in KINDS if kind.alone for key in kind.demo]


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
