"""How many wrong codes, and how many operations, one customer may have in a day and a night (P4), for each purpose.

Tries count per operation, and whoever starts anew gets three more: without a limit across operations a thief who has
the password could go on guessing, and could flood the owner's phone with messages. The count is per customer, over the
last 24 hours, whatever browser or address the tries came from. Each purpose (`Pot`) has its own, so that who uses one
up, a thief or a service that asks and asks, leaves the owner the others. An operation that got its right answer counts
no more, with the wrong ones before it.
"""

import enum
from collections.abc import Sequence

import msgspec

WINDOW = 24 * 60 * 60  # seconds


class Pot(enum.Enum):
    """What an operation is for, as far as it is counted."""

    SIGN_IN = "sign_in"  # a code for an entry that was agreed to before
    CONSENT = "consent"
    SIGNING = "signing"
    OWN = "own"  # something of one's own: another tool, phone, password
    RECOVERY = "recovery"  # by somebody who is not signed in: a forgotten password, another surname
    ASKED = "asked"  # a relying party asks in the app, without a browser


class Begun(msgspec.Struct, frozen=True):
    """An operation within the window that was not authorised: when it was issued, and its wrong codes."""

    at: int
    wrong: int = 0


class CodeAllowance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a customer may use up for one purpose: nine wrong codes are a chance of one in a hundred thousand."""

    wrong: int = 9
    operations: int = 20


def may_begin(spent: Sequence[Begun], allowance: CodeAllowance) -> bool:
    """Whether another operation may be issued now, with its code or its question."""
    return may_answer(spent, allowance) and len(spent) < allowance.operations


def may_answer(spent: Sequence[Begun], allowance: CodeAllowance) -> bool:
    """Whether an operation that was issued may be answered now; that it is the day's last does not count against it."""
    return sum(one.wrong for one in spent) < allowance.wrong


def begins_again_at(spent: Sequence[Begun], allowance: CodeAllowance) -> int:
    """From when another operation may be issued, if nothing is begun meanwhile; 0: from now on."""
    left, again = sorted(spent, key=lambda one: one.at), 0
    while not may_begin(left, allowance):
        again = left.pop(0).at + WINDOW
    return again
