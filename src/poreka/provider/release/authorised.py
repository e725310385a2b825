"""What the right answer to the operation of a release makes true: the consent and the stronger session, together.

Whether it was a code (`code.py`) or the app (`push.py`): the operation, the consent, the session's new secret and
the release's state are one transaction, in the browser that asked. The app alone releases nothing.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import ConsentGiven
from poreka.audit.record import Recorder
from poreka.provider.authorising.operations_under_way import save_authorised
from poreka.provider.client_sessions import client_subject
from poreka.provider.release.operation import save_state
from poreka.provider.release.pages import to_page
from poreka.provider.release.standing import ReleaseStanding
from poreka.provider.rules.consent import Consent
from poreka.provider.rules.consent_text import text_hash
from poreka.provider.store.consents import ConsentRecord
from poreka.provider.system import Bank
from poreka.rules.authorising.operation import Operation, OperationState
from poreka.rules.levels import level_reached
from poreka.store.database import AlreadyThere, Stale, Transaction
from poreka.web.sessions import set_session_cookie, step_up


async def authorise(
    request: Request, bank: Bank, standing: ReleaseStanding, before: Operation, after: Operation
) -> Response:
    """The operation, the consent and the stronger session become true together."""
    person, cookie = standing.signed_in(), bank.cookies.secret(request, "session") or ""
    known = standing.release.state
    try:
        async with bank.audit.transaction() as (transaction, record):
            await save_authorised(transaction, record, bank, person.customer, before, after)
            if known.consented:
                await _give(transaction, record, bank, standing, after)
            fresh = await step_up(bank, transaction, person.session, cookie, after.tool.factor)
            state = msgspec.structs.replace(known, operation=OperationState.AUTHORISED)
            await save_state(transaction, bank, standing, state)
    except (Stale, AlreadyThere):
        return to_page(request, bank, standing)
    return set_session_cookie(to_page(request, bank, standing), bank, fresh, None)


async def _give(
    transaction: Transaction, record: Recorder, bank: Bank, standing: ReleaseStanding, operation: Operation
) -> None:
    person = standing.signed_in()
    level, state = level_reached((*person.session.factors, operation.tool.factor)), standing.release.state
    text = text_hash(standing.text)  # the one that was agreed to: `standing` sees to it
    consent = Consent(
        service=standing.service.client_id,
        text_version=standing.text.version,
        text_hash=text,
        language=state.language,
        facts=standing.facts,
        given_at=bank.clock(),
        operation_id=operation.id,
        level=level or state.wanted,
    )
    given = ConsentRecord(id=bank.fresh.id(), person_id=person.customer.id, consent=consent)
    await bank.consents.give(transaction, given)
    subject = client_subject(bank, standing.service, person.customer.id)
    await bank.known_subjects.know(transaction, consent.service, subject, person.customer.id)
    await record(
        ConsentGiven(
            person_id=person.customer.id,
            consent_id=given.id,
            client_id=consent.service,
            text_version=consent.text_version,
            text_hash=text,
            facts=tuple(fact.value for fact in consent.facts),
            operation_id=operation.id,
        )
    )
