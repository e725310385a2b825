import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.levels import Factor, Level, level_named, level_reached, methods_used, own_level, reaches

factor_sets = st.frozensets(st.sampled_from(Factor))


@pytest.mark.parametrize(
    ("factors", "level"),
    [
        (set(), None),
        ({Factor.PASSWORD}, Level.LOW),
        ({Factor.SMS_CODE}, Level.LOW),
        ({Factor.SMS_CODE, Factor.CODE_CARD}, Level.LOW),  # two things one has, nothing one knows
        ({Factor.PASSWORD, Factor.SMS_CODE}, Level.SUBSTANTIAL),
        ({Factor.PASSWORD, Factor.CODE_CARD}, Level.SUBSTANTIAL),
        ({Factor.PASSWORD, Factor.PUSH}, Level.SUBSTANTIAL),
        ({Factor.PASSKEY}, Level.SUBSTANTIAL),
        ({Factor.DEVICE_PIN}, Level.SUBSTANTIAL),
        ({Factor.CERTIFICATE}, Level.HIGH),
    ],
)
def test_levels_of_factors(factors: set[Factor], level: Level | None) -> None:
    assert level_reached(factors) is level


@given(factor_sets, factor_sets)
def test_another_factor_never_weakens(some: frozenset[Factor], more: frozenset[Factor]) -> None:
    assert (level_reached(some) or 0) <= (level_reached(some | more) or 0)


@given(st.sampled_from(Level), st.sampled_from(Level))
def test_reaching_is_an_order(have: Level, wanted: Level) -> None:
    assert reaches(have, wanted) == (have.value >= wanted.value)
    assert not reaches(None, wanted)


def test_acr_values_are_the_eidas_names() -> None:
    assert [level.acr for level in Level] == [
        "http://eidas.europa.eu/LoA/low",
        "http://eidas.europa.eu/LoA/substantial",
        "http://eidas.europa.eu/LoA/high",
    ]
    assert all(level_named(level.acr) is level for level in Level)
    assert level_named("urn:mace:incommon:iap:silver") is None


def test_methods() -> None:
    assert methods_used([Factor.PASSWORD]) == ["pwd"]
    assert methods_used([Factor.PASSWORD, Factor.SMS_CODE]) == ["mfa", "otp", "pwd", "sms"]
    assert methods_used([Factor.CERTIFICATE]) == ["hwk", "mfa"]
    assert methods_used([]) == []


@given(factor_sets.filter(lambda factors: Factor.CERTIFICATE not in factors))
def test_mfa_is_claimed_exactly_from_substantial(factors: frozenset[Factor]) -> None:
    assert ("mfa" in methods_used(factors)) == reaches(level_reached(factors), Level.SUBSTANTIAL)


@given(factor_sets)
def test_a_relying_partys_own_sign_in_is_low_but_for_a_certificate(factors: frozenset[Factor]) -> None:
    expected = None if not factors else Level.HIGH if Factor.CERTIFICATE in factors else Level.LOW
    assert own_level(factors) is expected
