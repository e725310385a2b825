"""Signing keys are turned by hand: at every kind that signs, without the command line."""

from pathlib import Path

import pytest

from poreka.demo.presets import Address, preset
from poreka.kinds import KINDS
from poreka.running.foundation import lay
from poreka.running.keys_by_hand import kept_keys, rotate_keys_now
from poreka.running.real_clock import real_clock
from poreka.store.past_keys import PastKeys
from poreka.web.settings.kind import Kind
from tests.support.quick_keys import quick_keys

SIGNING = [kind for kind in KINDS if kind.algorithms]


@pytest.mark.parametrize("kind", SIGNING, ids=lambda kind: kind.name)
async def test_new_keys_take_the_place_of_the_old_ones_of_which_a_provider_keeps_the_public_half(
    kind: Kind, tmp_path: Path
) -> None:
    base = await lay(preset(kind.demo[0], Address(8000)), tmp_path, real_clock)
    try:
        assert await kept_keys(base) == []
        with quick_keys():
            first, second = await rotate_keys_now(base), await rotate_keys_now(base)
        states = {key.kid: key.state for key in await kept_keys(base)}
        assert [states[kid] for kid in (*first, *second)] == ["retired", "current"]
        if kind.vouches:
            (past,) = await PastKeys(base.database).all("ES256")
            assert past.kid == first[0]
            assert past.leaked_at is not None
        rows = await base.database.all("SELECT 1 FROM audit_entries WHERE event = 'KeysRotated'")
        assert len(rows) == 3, "two were made and one retired"
    finally:
        await base.database.close()
