import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.journey import Step, Steps, go_back, next_step


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    request: str = "kept"
    first: bool = False
    second: bool = False
    second_detail: int | None = None
    third: bool = False


STEPS: Steps[Walk] = (
    Step("first", lambda walk: walk.first, ("first",)),
    Step("second", lambda walk: walk.second and walk.second_detail is not None, ("second", "second_detail")),
    Step("third", lambda walk: walk.third, ("third",)),
)
NAMES = [step.name for step in STEPS]
DONE = Walk(request="mine", first=True, second=True, second_detail=7, third=True)
walks = st.builds(
    Walk,
    first=st.booleans(),
    second=st.booleans(),
    second_detail=st.sampled_from([None, 7]),
    third=st.booleans(),
)


def where(walk: Walk) -> str | None:
    step = next_step(STEPS, walk)
    return step.name if step else None


def test_the_next_step_is_the_first_not_done() -> None:
    assert where(Walk()) == "first"
    assert where(Walk(first=True, third=True)) == "second"  # being done with a later one skips nothing
    assert where(DONE) is None


def test_going_back_forgets_from_there_on_and_keeps_the_rest() -> None:
    assert go_back(STEPS, DONE, "second") == Walk(request="mine", first=True)
    assert go_back(STEPS, DONE, "first") == Walk(request="mine")


def test_an_unknown_step_is_a_bug() -> None:
    with pytest.raises(ValueError, match="not in list"):
        go_back(STEPS, DONE, "fourth")


@given(walks, st.sampled_from(NAMES))
def test_going_back_never_skips_ahead(walk: Walk, name: str) -> None:
    before, after = where(walk), where(go_back(STEPS, walk, name))
    assert after is not None
    earliest = min(NAMES.index(before), NAMES.index(name)) if before else NAMES.index(name)
    assert NAMES.index(after) == earliest


@given(walks, st.sampled_from(NAMES))
def test_going_back_twice_is_going_back_once(walk: Walk, name: str) -> None:
    once = go_back(STEPS, walk, name)
    assert go_back(STEPS, once, name) == once
