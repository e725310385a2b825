from dataclasses import dataclass

import pytest

from poreka.rules.limits.sending import CodeSent, RecipientLimits, code_of, is_too_many, open_ways


@dataclass(frozen=True)
class Way:
    name: str
    recognises: bool


KNOWS, FORGETS = Way("knows", True), Way("forgets", False)
BOTH = (FORGETS, KNOWS)


@pytest.mark.parametrize(
    ("in_doubt_at", "code", "open_to"),
    [
        (None, True, [FORGETS, KNOWS]),
        (None, False, [FORGETS, KNOWS]),
        ("knows", True, [KNOWS]),
        ("forgets", True, []),
        ("gone", True, []),
        ("forgets", False, [FORGETS, KNOWS]),
    ],
)
def test_who_may_be_handed_a_message(in_doubt_at: str | None, code: bool, open_to: list[Way]) -> None:
    assert list(open_ways(BOTH, in_doubt_at, code=code)) == open_to


def test_which_messages_carry_a_code() -> None:
    assert code_of("operation:abc:2") == CodeSent("abc", 2)
    assert code_of("profile:abc") is None
    assert code_of("") is None


@pytest.mark.parametrize(("in_hour", "in_day", "too_many"), [(0, 0, False), (2, 4, True), (1, 5, True), (1, 4, False)])
def test_how_many_one_recipient_may_get(in_hour: int, in_day: int, too_many: bool) -> None:
    assert is_too_many(in_hour, in_day, RecipientLimits(an_hour=2, a_day=5)) is too_many
