"""What people send from the pages of a release before the code: consent, a step-up, a step back.

Each takes what was sent only if the release stands at that step now; otherwise the page shows what
is next (a stale tab, a double click). Every change is saved with its audit event before the page
says so. The rule: `rules/consent.py`; the order: `journeys/release.py`; codes: `code.py`.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.flows.release.operation import cancel_operation, save_state
from poreka.flows.release.pages import show_standing, shown_as, stands_at_step, to_page
from poreka.flows.release.sim_swap import Word, issue_unless_withheld, operator_word
from poreka.flows.release.standing import load
from poreka.journeys import engine
from poreka.journeys.release import STEPS, code_needed
from poreka.store.database import Stale
from poreka.web.frame import language_of, read_form, texts_of
from poreka.web.systems import Bank


async def give_consent(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/consent: the box was ticked, or not (P2)."""
    fields = await read_form(request, bank, "consent", "text")
    standing = await load(request, bank)
    if not stands_at_step(standing, bank, "informed_and_consented"):
        return to_page(request, bank, standing)
    language = language_of(request, bank)
    fault = "needed" if fields["consent"] != "yes" else "changed"
    if fault == "needed" or fields["text"] != shown_as(standing.text, language):
        errors = [{"text": texts_of(request, bank)(f"release.consent.{fault}"), "href": "#consent"}]
        return await show_standing(request, bank, standing, status=422, errors=errors)
    word = await operator_word(bank, standing) if code_needed(standing.release.state) else Word()

    try:
        async with bank.audit.transaction() as (transaction, record):
            kept = await bank.consent_texts.keep(transaction, standing.text)
            state = msgspec.structs.replace(standing.release.state, consented=True, text_hash=kept, language=language)
            await cancel_operation(transaction, bank, standing)
            if code_needed(state):
                state = await issue_unless_withheld(transaction, record, bank, standing, state, word)
            await save_state(transaction, bank, standing, state)
    except Stale:
        return to_page(request, bank, standing)
    bank.wake_delivery()
    return to_page(request, bank, standing)


async def begin_operation(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/operation: the consent holds, but the relying party asks for a stronger sign-in."""
    await read_form(request, bank)
    standing = await load(request, bank)
    if not stands_at_step(standing, bank, "operation_authorised") or standing.operation is not None:
        return to_page(request, bank, standing)
    word = await operator_word(bank, standing)
    try:
        async with bank.audit.transaction() as (transaction, record):
            state = standing.release.state
            state = await issue_unless_withheld(transaction, record, bank, standing, state, word)
            await save_state(transaction, bank, standing, state)
    except Stale:
        return to_page(request, bank, standing)
    bank.wake_delivery()
    return to_page(request, bank, standing)


async def go_back(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/back: from the code to the consent; the operation is cancelled, the consent forgotten."""
    await read_form(request, bank, "code")
    standing = await load(request, bank)
    if not stands_at_step(standing, bank, "operation_authorised"):
        return to_page(request, bank, standing)
    state = engine.go_back(STEPS, standing.release.state, "informed_and_consented")
    try:
        async with bank.audit.transaction() as (transaction, _):
            await cancel_operation(transaction, bank, standing)
            await save_state(transaction, bank, standing, state)
    except Stale:
        pass  # the page shows what became of it
    return to_page(request, bank, standing)
