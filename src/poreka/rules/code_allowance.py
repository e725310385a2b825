"""How many wrong codes, and how many operations, one customer may have in a day and a night (P4).

Tries count per operation, and whoever starts anew gets three more: without a limit across operations a
thief who has the password could go on guessing, and could flood the owner's phone with messages. The count
is per customer, over the last 24 hours, whatever browser or address the tries came from.
"""

import msgspec

WINDOW = 24 * 60 * 60  # seconds


class CodesSpent(msgspec.Struct, frozen=True, kw_only=True):
    """What one customer used up within the window: wrong codes, and operations begun."""

    wrong: int = 0
    operations: int = 0


class CodeAllowance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a customer may use up: nine wrong codes are a chance of one in a hundred thousand for a guesser."""

    wrong: int = 9
    operations: int = 20


def may_begin(spent: CodesSpent, allowance: CodeAllowance) -> bool:
    """Whether another operation may be issued now, with its code or its question."""
    return may_answer(spent, allowance) and spent.operations < allowance.operations


def may_answer(spent: CodesSpent, allowance: CodeAllowance) -> bool:
    """Whether an operation that was issued may be answered now; that it is the day's last does not count against it."""
    return spent.wrong < allowance.wrong
