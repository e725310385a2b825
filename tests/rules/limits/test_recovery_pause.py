"""The pause after a changed phone or e-mail address."""

from poreka.rules.limits.recovery_pause import HOUR, is_barred

NOW = 1_780_000_000


def test_a_new_phone_or_address_bars_for_the_hours_of_the_setting() -> None:
    assert not is_barred(None, NOW, 24)
    assert is_barred(NOW, NOW, 24)
    assert is_barred(NOW, NOW + 24 * HOUR - 1, 24)
    assert not is_barred(NOW, NOW + 24 * HOUR, 24)
    assert not is_barred(NOW, NOW, 0)
