"""What a customer authorises with: the current tool is the customer's choice among those the bank offers (P3).

A tool only decides how the one answer of an operation comes about: a code by SMS, a code of a card, or a push
request in the app. Times, counts and what the right answer makes true are `operation`. A tool that was lost is
blocked at once; one that was added without another one's say opens nothing before a waiting time is over, so
that its owner, who was told, can still object. When the current tool is blocked by a password alone, what is left waits
as long: who has the password and a weaker tool gains nothing by it, and the owner undoes it with the blocked tool
itself, whose right answer proves that it was not lost. Read next: `code_card`, `push_request`.
"""

import enum
from collections.abc import Iterable, Sequence

import msgspec

from poreka.rules.authorising.code_card import CodeCard, current_card
from poreka.rules.levels import Factor

HOUR = 60 * 60


class Tool(enum.Enum):
    """The tools there are."""

    SMS = "sms"
    CARD = "card"
    PUSH = "push"

    @property
    def factor(self) -> Factor:
        """What the right answer proves."""
        return _FACTORS[self]


_FACTORS = {Tool.SMS: Factor.SMS_CODE, Tool.CARD: Factor.CODE_CARD, Tool.PUSH: Factor.PUSH}


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What is written down about one person's tool; an app is a tool only where something is.

    A blocked tool that is `undoable` comes back by its own answer; its `usable_from` is when the others open something.
    """

    tool: Tool
    usable_from: int = 0
    blocked: bool = False
    undoable: bool = False


class Readiness(enum.Enum):
    """Whether a tool opens something now."""

    READY = "ready"
    WAITS = "waits"  # added a short time ago, without another tool's say
    BLOCKED = "blocked"
    MISSING = "missing"  # no card with a code left, no app


def readiness(tool: Tool, held: Iterable[Held], cards: Sequence[CodeCard], now: int) -> Readiness:
    """Whether a person's tool can be used; of a phone number's own troubles `eligibility` knows more."""
    known = next((one for one in held if one.tool is tool), None)
    if known is not None and known.blocked:
        return Readiness.BLOCKED
    if (tool is Tool.CARD and current_card(cards) is None) or (tool is Tool.PUSH and known is None):
        return Readiness.MISSING
    return Readiness.WAITS if known is not None and now < known.usable_from else Readiness.READY


def lost(tool: Tool, current: Tool, held: Iterable[Held], offered: Iterable[Tool], until: int) -> list[Held]:
    """How the tools are held once one was reported lost by password alone; cards that were lost never come back.

    Where it was the current one, those that are left open nothing before `until`.
    """
    known = {one.tool: one for one in held}
    if tool is not current:
        return [Held(tool=tool, blocked=True, undoable=tool is not Tool.CARD)]
    left = [
        msgspec.structs.replace(before, usable_from=max(before.usable_from, until))
        for one in offered
        if one is not tool
        and not (before := known.get(one, Held(tool=one))).blocked
        and (one is not Tool.PUSH or one in known)
    ]
    return [Held(tool=tool, usable_from=until, blocked=True, undoable=tool is not Tool.CARD), *left]


def found(tool: Tool, held: Iterable[Held], now: int) -> list[Held]:
    """How the tools are held once a blocked one answered rightly: as before, and nothing waits because of it."""
    known = list(held)
    blocked = next(one for one in known if one.tool is tool)
    waited = [one for one in known if not one.blocked and one.usable_from == blocked.usable_from > now]
    return [Held(tool=tool), *(msgspec.structs.replace(one, usable_from=now) for one in waited)]


def waits_no_more(tool: Tool, held: Iterable[Held], now: int) -> list[Held]:
    """How the tools are held once the hotline chose one of those that wait because another was reported lost.

    The loss is believed from then on: nothing undoes it. Codes by SMS that wait where an app was removed count too.
    """
    known = list(held)
    mine = next((one for one in known if one.tool is tool and not one.blocked and one.usable_from > now), None)
    if mine is None:
        return []
    losses = [one for one in known if one.blocked and one.undoable and one.usable_from == mine.usable_from]
    if not losses and (tool is not Tool.SMS or any(one.blocked for one in known)):
        return []
    final = [msgspec.structs.replace(one, undoable=False) for one in losses]
    return [msgspec.structs.replace(mine, usable_from=now), *final]


def may_undo(tool: Tool, held: Iterable[Held]) -> bool:
    """Whether a blocked tool can say itself that it was not lost."""
    return any(one.tool is tool and one.blocked and one.undoable for one in held)


def added(tool: Tool, now: int, wait_hours: int, *, by_another: bool) -> Held:
    """A tool as it is held from now on; `by_another`: a tool that was ready said so."""
    return Held(tool=tool, usable_from=now if by_another else now + wait_hours * HOUR)
