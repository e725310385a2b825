"""A code that a customer typed: tried within the day's allowance, and the words for a wrong one (P4).

How a code is tried and counted is `codes/answer.py`; how many codes a day, `rules/limits/code_allowance.py`.
"""

from collections.abc import Callable, Iterable

from poreka.audit.events import Event
from poreka.codes.answer import Over, Right, Wrong, answer
from poreka.provider.authorising.operations_under_way import check_may_answer
from poreka.provider.system import Bank
from poreka.rules.authorising.operation import Operation
from poreka.store.database import Transaction
from poreka.web.texts import Texts


def _nothing(_after: Operation) -> Iterable[Event]:
    return ()


async def answer_code(
    bank: Bank,
    person_id: str,
    operation: Operation,
    typed: str,
    ends: Callable[[Operation], Iterable[Event]] = _nothing,
) -> Right | Wrong | Over:
    """Try what the customer typed; a wrong code counts for the day as well, and the day's last ends the asking."""

    async def holds(transaction: Transaction) -> None:
        await check_may_answer(transaction, bank, person_id, operation.pot)

    return await answer(bank, operation, typed, person_id, holds=holds, ends=ends)


def wrong_words(texts: Texts, operation: Operation, wrong: Wrong) -> str:
    """What the page says of a wrong code."""
    if wrong.left is not None:
        return texts.plural("release.code.wrong", wrong.left)
    return texts("release.code.card_six_digits" if operation.card else "release.code.six_digits")
