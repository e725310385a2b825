"""When our signing keys change, as pure data: which to make, promote, retire and remove.

    next ──(published a day, current one old)──▶ current ──▶ retired ──(its last token died)──▶ removed

The next key is published a day before it signs, so that no client meets a signature whose key it could not
have fetched; a retired one stays published until nothing signed by it is alive. Making keys and storing them
is the caller's (``keys rotate``).
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

DAY = 86_400
ROTATE_EVERY = 90 * DAY
PUBLISH_AHEAD = DAY
RETIRE_AFTER = DAY
"""Seconds. A retired key stays a day: longer than any ID Token or logout token lives, with room for caches.
"""


class RotatingKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as the rotation sees it; ``since`` is when it entered its state, in seconds since the epoch."""

    kid: str
    algorithm: str
    state: Literal["next", "current", "retired"]
    since: int


class MakeKey(msgspec.Struct, frozen=True):
    """Make a key; ``current`` only where there is nothing to sign with at all."""

    algorithm: str
    state: Literal["next", "current"]


class Promote(msgspec.Struct, frozen=True):
    """The next key becomes current."""

    kid: str


class Retire(msgspec.Struct, frozen=True):
    """The current key signs no more, but stays published; one that `leaked` proves nothing from now on."""

    kid: str
    leaked: bool = False


class Remove(msgspec.Struct, frozen=True):
    """The key is taken out of what is published."""

    kid: str


Step = MakeKey | Promote | Retire | Remove


def plan(
    keys: Sequence[RotatingKey],
    algorithm: str,
    now: int,
    *,
    rotate_every: int = ROTATE_EVERY,
    publish_ahead: int = PUBLISH_AHEAD,
    retire_after: int = RETIRE_AFTER,
) -> tuple[Step, ...]:
    """What to do now with the keys of one algorithm, in order; nothing, most of the time. Durations are in
    seconds.
    """
    own = [key for key in keys if key.algorithm == algorithm]
    current = [key for key in own if key.state == "current"]
    coming = [key for key in own if key.state == "next"]
    steps: list[Step] = [Remove(key.kid) for key in own if key.state == "retired" and now - key.since >= retire_after]
    if not current:
        steps.append(Promote(coming[0].kid) if coming else MakeKey(algorithm, "current"))
        return tuple(steps)
    age = now - current[0].since
    if not coming and age >= rotate_every - publish_ahead:
        steps.append(MakeKey(algorithm, "next"))
    elif coming and age >= rotate_every and now - coming[0].since >= publish_ahead:
        steps += [Retire(current[0].kid), Promote(coming[0].kid)]
    return tuple(steps)
