"""Withdrawing a consent (P7): GET says what will happen, POST does it, at once and together.

The consent ends, every token given under it is revoked, the service is told so that it ends the
sessions that rest on it, and all of that is recorded. Withdrawing is as easy as giving was (GDPR
art. 7(3)): no code is asked for.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import ConsentWithdrawn, GrantRevoked
from poreka.provider.client_sessions import NOTICE_SECONDS, resting_on_consent, tell_no_longer_vouched
from poreka.provider.consents.listing import entries
from poreka.provider.pages.frame import CONSENTS, show_inside
from poreka.provider.store.consents import ConsentRecord
from poreka.provider.system import Bank
from poreka.store.database import Stale
from poreka.store.sessions import Session
from poreka.web.browser.language import language_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound

CONSENTS_PATH = "/settings/security/consents"


async def ask(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/consents/{consent}/withdraw."""
    record = await _consent(request, bank, session)
    if record.consent.withdrawn_at is not None:
        return redirect(request, bank, CONSENTS_PATH)
    client = await bank.clients.by_id(record.consent.service)
    clients = {client.client_id: client} if client else {}
    operations = await bank.consents.operations_of(session.person_id)
    entry = entries([record], clients, language_of(request, bank), operations=operations)[0]
    return await show_inside(request, bank, session, "provider/consents/withdraw.html", way=CONSENTS, consent=entry)


async def withdraw(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/consents/{consent}/withdraw."""
    await read_form(request, bank)
    record_of = await _consent(request, bank, session)
    client_id, now = record_of.consent.service, bank.clock()
    about = f"consent:{record_of.id}"

    try:
        async with bank.audit.transaction() as (transaction, record):
            await bank.consents.withdraw(transaction, record_of.id, session.person_id, now)
            resting = await resting_on_consent(bank, transaction, session.person_id, client_id)
            revoked = await bank.grants.revoke_all_of(
                transaction, session.person_id, client_id, now=now, expires_at=now + NOTICE_SECONDS
            )
            for sign_in in resting.sign_ins:
                await bank.relying_sign_ins.remove(transaction, sign_in.grant_id)
            await tell_no_longer_vouched(bank, transaction, session.person_id, about=about, client_id=client_id)
            await record(ConsentWithdrawn(person_id=session.person_id, consent_id=record_of.id, client_id=client_id))
            for grant_id in revoked:
                await record(GrantRevoked(person_id=session.person_id, grant_id=grant_id, reason="consent"))
    except Stale:
        return redirect(request, bank, CONSENTS_PATH)
    bank.wake_delivery()
    return redirect(request, bank, f"{CONSENTS_PATH}?withdrawn={record_of.id}")


async def _consent(request: Request, bank: Bank, session: Session) -> ConsentRecord:
    found = await bank.consents.by_id(request.path_params["consent"], session.person_id)
    if found is None:
        raise PageNotFound
    return found
