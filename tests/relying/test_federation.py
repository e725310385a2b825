"""Levels by their names at a provider.

The driver's conversations are in tests/systems/portal/test_federated_sign_in.py.
"""

import pytest

from poreka.oidc.relying_party.registration import EIDAS_LADDER, Registration
from poreka.relying.sign_in.provider_exchange import acr_of, level_of
from poreka.rules.levels import Level


def registered(*ladder: str) -> Registration:
    return Registration(
        issuer="https://foreign.example",
        client_id="portal-1",
        redirect_uri="https://portal.example/callback",
        acr_ladder=ladder,
    )


EIDAS, FOREIGN, SHORT = registered(*EIDAS_LADDER), registered("bronze", "silver", "gold"), registered("only")


@pytest.mark.parametrize(
    ("known", "level", "name"),
    [
        (EIDAS, Level.SUBSTANTIAL, EIDAS_LADDER[1]),
        (FOREIGN, Level.LOW, "bronze"),
        (FOREIGN, Level.SUBSTANTIAL, "silver"),
        (FOREIGN, Level.HIGH, "gold"),
        (SHORT, Level.SUBSTANTIAL, "only"),
    ],
)
def test_a_level_has_the_provider_s_own_name(known: Registration, level: Level, name: str) -> None:
    assert acr_of(known, level) == name


@pytest.mark.parametrize(
    ("known", "acr", "level"),
    [
        (EIDAS, EIDAS_LADDER[2], Level.HIGH),
        (FOREIGN, "silver", Level.SUBSTANTIAL),
        (FOREIGN, EIDAS_LADDER[1], Level.SUBSTANTIAL),
        (FOREIGN, "platinum", Level.LOW),
        (SHORT, None, Level.LOW),
    ],
)
def test_what_is_unknown_counts_as_the_lowest(known: Registration, acr: str | None, level: Level) -> None:
    assert level_of(known, acr) is level
