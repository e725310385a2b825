"""What people send from the pages of a release before the answer: consent, an operation, a step back.

Each takes what was sent only if the release stands at that step now; otherwise the page shows what
is next (a stale tab, a double click). Every change is saved with its audit event before the page
says so. The rule: `provider/rules/consent.py`; the order: `provider/rules/release.py`; codes: `code.py`.
"""

from contextlib import suppress

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.authorising.operations_under_way import PushNotNow
from poreka.provider.authorising.sms_leave import NOBODY_ASKED, SmsLeave, leave_for_sms
from poreka.provider.release.operation import begin_asking, cancel_operation, issue_operation, save_state
from poreka.provider.release.pages import other_tools, push_view_of, show_standing, shown_as, stands_at_step, to_page
from poreka.provider.release.standing import ReleaseStanding, load
from poreka.provider.rules.release import STEPS, code_needed
from poreka.provider.system import Bank
from poreka.rules import journey as engine
from poreka.rules.authorising.tools import Tool
from poreka.store.database import Stale
from poreka.web.browser.language import language_of, texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.form_errors import form_errors


async def give_consent(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/consent: the box was ticked, or not (P2)."""
    fields = await read_form(request, bank, "consent", "text")
    standing = await load(request, bank)
    if not stands_at_step(standing, bank, "informed_and_consented"):
        return to_page(request, bank, standing)
    language = language_of(request, bank)
    fault = "needed" if fields["consent"] != "yes" else "changed"
    if fault == "needed" or fields["text"] != shown_as(standing.text, language):
        errors = form_errors(texts_of(request, bank), {"consent": f"release.consent.{fault}"})
        return await show_standing(request, bank, standing, errors=errors)

    try:
        await _agree(bank, standing, language, await _leave(bank, standing))
    except PushNotNow:  # the consent is taken; the page says why the app is not asked, and what else there is
        with suppress(Stale):
            await _agree(bank, standing, language, None)
    except Stale:
        return to_page(request, bank, standing)
    bank.wake_delivery()
    return to_page(request, bank, standing)


async def _leave(bank: Bank, standing: ReleaseStanding) -> SmsLeave:
    """Whether the code that the consent needs may go by SMS, if that is how it would go (P10)."""
    if not code_needed(standing.release.state) or standing.release.state.signing:
        return NOBODY_ASKED
    tool = standing.means.tools.current
    return await leave_for_sms(bank, standing.signed_in().customer, tool, standing.journey.id)


async def _agree(bank: Bank, standing: ReleaseStanding, language: str, leave: SmsLeave | None) -> None:
    """Take the consent, and ask for the answer that puts it in force, unless there is no leave to ask."""
    async with bank.audit.transaction() as (transaction, record):
        kept = await bank.consent_texts.keep(transaction, standing.text)
        state = msgspec.structs.replace(standing.release.state, consented=True, text_hash=kept, language=language)
        await cancel_operation(transaction, bank, standing)
        if leave is not None and code_needed(state) and not state.signing:  # a signature is shown first
            tool = standing.means.tools.current
            state = await issue_operation(transaction, record, bank, standing, state, tool, leave)
        await save_state(transaction, bank, standing, state)


async def begin_operation(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/operation: the relying party asks for a stronger sign-in than a consent that holds, or
    for a signature; or a code's time is over, or the app came to nothing: the person asks anew, or uses another tool
    (P3, P5)."""
    fields = await read_form(request, bank, "tool")
    standing = await load(request, bank)
    if not stands_at_step(standing, bank, "operation_authorised"):
        return to_page(request, bank, standing)
    return await begin_another(request, bank, standing, fields["tool"])


async def begin_another(request: Request, bank: Bank, standing: ReleaseStanding, asked: str) -> Response:
    """Another operation in place of one that came to nothing, with the tool that is `asked` for, or the current one."""
    tool = await _tool_for_another(bank, standing, asked)
    if tool is not None:
        await begin_asking(bank, standing, tool)
    return to_page(request, bank, standing)


async def _tool_for_another(bank: Bank, standing: ReleaseStanding, asked: str) -> Tool | None:
    """With what another operation of this release may be authorised; None where none may begin."""
    current = standing.means.tools.current
    if standing.operation is not None and standing.push is None:
        return None  # a code is being asked for
    view = await push_view_of(bank, standing) if current is Tool.PUSH or standing.push else None
    if view is not None and view.another_tool and asked in (tool.value for tool in other_tools(bank, standing)):
        return Tool(asked)
    return current if asked in ("", current.value) and (view is None or view.over) else None


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
