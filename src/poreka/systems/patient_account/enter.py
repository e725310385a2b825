"""GET /callback/{provider}: the browser is back; the account is opened, and made if it is not there yet (K2).

Account, session and the session's tie to the provider become durable together; a logout at the provider ends it.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import PersonEntered
from poreka.relying.resting_session import open_resting
from poreka.relying.sign_in.provider_exchange import level_of
from poreka.relying.sign_in.returned import Returned, returned, too_weak
from poreka.rules.levels import Level
from poreka.rules.people.same_person import Judged
from poreka.store.database import AlreadyThere
from poreka.systems.patient_account.entry import account_of
from poreka.systems.patient_account.system import PatientAccountSystem
from poreka.web.browser.redirect import redirect
from poreka.web.new_browser import renew_browser
from poreka.web.sessions import set_session_cookie


async def come_back(request: Request, system: PatientAccountSystem) -> Response:
    """Answer a provider's redirect back to us."""
    came = await returned(request, system)
    if isinstance(came, Response):
        return came
    if level_of(came.provider.registration, came.vouched.signed_in.acr) < Level.SUBSTANTIAL:
        return too_weak(request, system, came.provider.key, Level.SUBSTANTIAL, came.vouched.signed_in.acr)
    try:
        entered = await _enter(request, system, came)
    except AlreadyThere:  # the first entry, in two tabs: the other one made the account
        entered = await _enter(request, system, came)
    if entered is None:
        return redirect(request, system, f"/not-signed-in/{came.provider.key}/other_person")
    return set_session_cookie(redirect(request, system, came.pending.target or "/account"), system, *entered)


async def _enter(request: Request, system: PatientAccountSystem, came: Returned) -> tuple[str, str] | None:
    """The cookies of the new session and the browser; None where the account with this PESEL is not this person's."""
    signed_in = came.vouched.signed_in
    async with system.audit.transaction() as (transaction, record):
        linked = await system.federated_identities.person_of(signed_in.issuer, signed_in.sub, transaction)
        account = await account_of(system, transaction, record, came.facts, signed_in.issuer, linked)
        if isinstance(account, Judged):
            return None
        opened = await open_resting(request, system, transaction, record, came, account.id)
        acr = signed_in.acr or Level.LOW.acr
        await record(PersonEntered(person_id=account.id, issuer=signed_in.issuer, sid=opened.sid, acr=acr))
        browser = await renew_browser(request, system, transaction, came.pending.target or "")
    return opened.cookie, browser
