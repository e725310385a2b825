"""A code by e-mail that belongs to a journey of nobody yet: the letter, what was typed, another one, and its page.

Shared by registering, new addresses and forgotten passwords, at the portal and at the trusted profile. Whether there is
such a login shows in nothing that is done here: known or not, the same is issued, counted and shown, at the same pace.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request

from poreka.audit.events import OperationAuthorised
from poreka.codes.answer import LIMITS, Over, Right, Wrong, answer
from poreka.codes.code_times import code_times
from poreka.codes.journey_codes import CodeLetter, issue_code, save_given, send_again, wrong_words
from poreka.codes.message_state import asked_for
from poreka.rules.authorising.operation import Operation, OperationState, TooSoon
from poreka.rules.authorising.operation_code import Code
from poreka.rules.authorising.operation_message import sms_date
from poreka.store.database import Stale
from poreka.web.browser.language import texts_of
from poreka.web.form_errors import FormErrors
from poreka.web.own_journey import begin_journey
from poreka.web.system import System
from poreka.web.texts import Texts

Holds = Callable[[], Awaitable[object]]
"""Reads once more that the ground of a recovery is as it was, or raises."""


def code_letter(system: System, texts: Texts, what: str, recipient: str | None, person_id: str | None) -> CodeLetter:
    """The letter with a code; `what` is `registration`, `password` or `recovery`: of a trusted profile."""
    name = system.settings.system.name
    purpose = texts("profiles.purpose." + what, system=name)

    def body(operation: Operation, code: Code) -> str:
        date = sms_date(operation.date)
        number = operation.number
        return texts("profiles.mail.code", system=name, purpose=purpose, number=number, date=date, code=code)

    proven = what != "registration"
    return CodeLetter(recipient=recipient, purpose=purpose, body=body, person_id=person_id, proven=proven)


async def begin_with_code(
    request: Request, system: System, kind: str, life: int, letter: CodeLetter, state: Callable[[str], msgspec.Struct]
) -> str:
    """A journey of this browser with a code on its way; `state` is made from the operation's id. Returns its id."""
    now, journey_id = system.clock(), system.fresh.id()
    async with system.audit.transaction() as (transaction, record):
        operation = await issue_code(request, system, transaction, record, journey_id, letter)
        journey = begin_journey(request, system, kind, state(operation.id), now + life, journey_id=journey_id)
        await transaction.insert(system.journeys.adding(journey))
    system.wake_delivery()
    return journey_id


async def take_code(
    request: Request, system: System, operation: Operation, typed: str, person_id: str | None, holds: Holds
) -> str | None:
    """What was typed as the code: what is wrong with it, or None when the page shows how it stands now."""
    answered = await answer(system, operation, typed, person_id)
    match answered:
        case Right(after):
            await holds()
            await _authorise(system, operation, after, person_id)
        case Wrong():
            return wrong_words(texts_of(request, system), answered)
        case Over():
            pass  # the page shows how it ended
    return None


async def another_code(
    request: Request, system: System, operation: Operation, letter: CodeLetter, *, known: bool = False
) -> int:
    """A new code in place of the old one; how many seconds to wait before that, or 0: the page shows what became of it.
    `known`: it may show that there is such an address."""
    again = await send_again(request, system, operation, letter, known=known)
    return again.seconds if isinstance(again, TooSoon) else 0


def unknown_code_page(
    request: Request,
    system: System,
    operation: Operation,
    address: str,
    *,
    wrong: str | None = None,
    wait: int = 0,
    what: str = "password",
) -> dict[str, Any]:
    """What `codes/by_mail.html` shows where nothing may tell whether there is such a login."""
    return {
        "status": 429 if wait else None,
        "what": what,
        "address": address,
        "email": None,
        "message": None,  # how it stands would tell whether there is such a login
        "asked_for": asked_for(operation),
        "back": "/password",
        "number": operation.number,
        "date": sms_date(operation.date),
        "expired": operation.state is OperationState.EXPIRED,
        "resends_left": LIMITS.resends - operation.resends,
        "sent_again": request.query_params.get("sent") == "again" and not (wrong or wait),
        **code_times(operation, system.clock(), wait),
        "errors": FormErrors({"code": wrong} if wrong else {}),
    }


async def _authorise(system: System, before: Operation, after: Operation, person_id: str | None) -> None:
    try:
        async with system.audit.transaction() as (transaction, record):
            await save_given(system, transaction, before, after)
            await record(OperationAuthorised(person_id=person_id, operation_id=after.id))
    except Stale:
        pass  # the page shows what another tab made of it
