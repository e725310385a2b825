import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.authorising.code_card import CodeCard
from poreka.rules.authorising.tools import (
    HOUR,
    Held,
    Readiness,
    Tool,
    added,
    found,
    lost,
    may_undo,
    readiness,
    waits_no_more,
)
from poreka.rules.levels import Category, Factor, Level, level_reached

NOW = 1_760_000_000
CARDS = (CodeCard(id="c1", serial="12345678"),)


@pytest.mark.parametrize("tool", Tool)
def test_every_tool_is_possession_and_makes_a_sign_in_substantial(tool: Tool) -> None:
    assert level_reached((Factor.PASSWORD, tool.factor)) is Level.SUBSTANTIAL
    assert level_reached((tool.factor,)) is Level.LOW
    assert Category.POSSESSION.value == "possession"


def test_an_app_and_a_card_must_be_there_a_phone_number_is_asked_elsewhere() -> None:
    assert readiness(Tool.SMS, [], [], NOW) is Readiness.READY
    assert readiness(Tool.CARD, [], [], NOW) is Readiness.MISSING
    assert readiness(Tool.CARD, [], CARDS, NOW) is Readiness.READY
    assert readiness(Tool.PUSH, [], CARDS, NOW) is Readiness.MISSING
    assert readiness(Tool.PUSH, [Held(tool=Tool.PUSH)], [], NOW) is Readiness.READY


@given(st.sampled_from(Tool), st.integers(0, 2 * NOW))
def test_a_blocked_tool_opens_nothing(tool: Tool, usable_from: int) -> None:
    held = [Held(tool=tool, usable_from=usable_from, blocked=True)]
    assert readiness(tool, held, CARDS, NOW) is Readiness.BLOCKED


@given(st.sampled_from(Tool), st.integers(0, 100))
def test_a_tool_that_was_added_by_itself_waits(tool: Tool, hours: int) -> None:
    alone = added(tool, NOW, hours, by_another=False)
    assert (readiness(tool, [alone], CARDS, NOW) is Readiness.WAITS) == (hours > 0)
    assert readiness(tool, [alone], CARDS, NOW + hours * HOUR) is Readiness.READY
    said = added(tool, NOW, hours, by_another=True)
    assert readiness(tool, [said], CARDS, NOW) is Readiness.READY


held_tools = st.lists(
    st.builds(Held, tool=st.sampled_from(Tool), usable_from=st.integers(0, NOW + 99 * HOUR), blocked=st.booleans()),
    unique_by=lambda one: one.tool,
)


def after(before: list[Held], changes: list[Held]) -> list[Held]:
    return list(({one.tool: one for one in before} | {one.tool: one for one in changes}).values())


@given(held_tools, st.sampled_from(Tool))
def test_after_a_loss_by_password_nothing_opens_anything_before_the_wait_is_over(
    before: list[Held], tool: Tool
) -> None:
    until = NOW + 24 * HOUR
    held = after(before, lost(tool, tool, before, Tool, until))
    cards = [CodeCard(id="c", serial="12345678")]
    for one in Tool:
        assert readiness(one, held, cards, until - 1) is not Readiness.READY
    assert may_undo(tool, held) == (tool is not Tool.CARD)


@given(held_tools, st.sampled_from([Tool.SMS, Tool.PUSH]))
def test_what_the_blocked_tool_undoes_opens_at_least_what_it_did_and_nothing_blocked(
    before: list[Held], tool: Tool
) -> None:
    before = after(before, [Held(tool=tool)])
    cards = [CodeCard(id="c", serial="12345678")]
    held = after(before, lost(tool, tool, before, Tool, NOW + 24 * HOUR))
    held = after(held, found(tool, held, NOW))
    assert readiness(tool, held, cards, NOW) is Readiness.READY
    for one in Tool:
        stood, stands = (readiness(one, some, cards, NOW) for some in (before, held))
        assert (stands is Readiness.BLOCKED) == (stood is Readiness.BLOCKED)
        assert stands is Readiness.READY or stood is not Readiness.READY


def test_the_hotlines_choice_ends_the_wait_after_a_loss_and_makes_the_loss_final() -> None:
    held = after([Held(tool=Tool.PUSH)], lost(Tool.PUSH, Tool.PUSH, [Held(tool=Tool.PUSH)], Tool, NOW + 24 * HOUR))
    assert readiness(Tool.SMS, held, [], NOW) is Readiness.WAITS
    held = after(held, waits_no_more(Tool.SMS, held, NOW))
    assert readiness(Tool.SMS, held, [], NOW) is Readiness.READY
    assert readiness(Tool.PUSH, held, [], NOW) is Readiness.BLOCKED
    assert not may_undo(Tool.PUSH, held)


def test_a_tool_that_the_hotline_added_itself_goes_on_waiting() -> None:
    held = [added(Tool.PUSH, NOW, 24, by_another=False), Held(tool=Tool.SMS)]
    assert waits_no_more(Tool.PUSH, held, NOW) == []
