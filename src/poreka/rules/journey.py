"""The engine of all journeys: what comes next, and what going back forgets.

A journey is an ordered tuple of steps over one state struct. Steps never route to one another: after each,
a `continue` handler asks `next_step` anew, so a stale tab, a double click or a bookmarked page cannot jump
ahead. A step names the fields it records; going back resets them to their defaults, and those of all later
steps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

State = TypeVar("State", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    """One step: its name, when it is done, and which fields of the state it records."""

    name: str
    done: Callable[[State], bool]
    records: tuple[str, ...]


Steps = tuple[Step[State], ...]


def next_step(steps: Steps[State], state: State) -> Step[State] | None:
    """The first step that is not done; None when all are."""
    return next((step for step in steps if not step.done(state)), None)


def go_back(steps: Steps[State], state: State, name: str) -> State:
    """The state before the named step: what it and all later steps recorded is forgotten.

    Effects in the world (an open operation, say) are for the caller to undo."""
    first = [step.name for step in steps].index(name)
    forgotten = {field for step in steps[first:] for field in step.records}
    fields = msgspec.structs.fields(state)
    defaults = {field.name: field.default for field in fields if field.name in forgotten}
    return msgspec.structs.replace(state, **defaults)
