"""GET /callback/{provider}: the browser is back; the account is opened, and made if it is not there yet (K2).

There is no form: anyone with a PESEL has an account once they enter. Account, session and the session's tie to the
provider become durable together; a logout at the provider ends it.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import PersonEntered, SignedOut
from poreka.audit.patient_events import PatientAccountMade
from poreka.audit.record import Recorder
from poreka.rules.levels import Level
from poreka.store.database import AlreadyThere, Transaction
from poreka.store.federated_sessions import FederatedSession
from poreka.store.patient_accounts import PatientAccount
from poreka.web.federation import level_of
from poreka.web.frame import redirect
from poreka.web.provider_return import Returned, returned
from poreka.web.sessions import Details, new_session, set_session_cookie
from poreka.web.systems import PatientAccountSystem


async def come_back(request: Request, system: PatientAccountSystem) -> Response:
    """Answer a provider's redirect back to us."""
    came = await returned(request, system)
    if isinstance(came, Response):
        return came
    if level_of(came.provider.registration, came.vouched.signed_in.acr) < Level.SUBSTANTIAL:
        return redirect(request, system, f"/not-signed-in/{came.provider.key}/too_weak")
    try:
        cookie = await _enter(request, system, came)
    except AlreadyThere:  # the first entry, in two tabs: the other one made the account
        cookie = await _enter(request, system, came)
    return set_session_cookie(redirect(request, system, came.pending.target or "/account"), system, cookie)


async def _enter(request: Request, system: PatientAccountSystem, came: Returned) -> str:
    signed_in, now = came.vouched.signed_in, system.clock()
    async with system.audit.transaction() as (transaction, record):
        account = await _account(system, transaction, record, came)
        await _end_earlier(request, system, transaction, record)
        name = f"{account.facts.first_name} {account.facts.surname}"
        details = Details(name=name, issuer=signed_in.issuer, acr=signed_in.acr or "")
        auth_time = min(signed_in.auth_time or now, now)
        opened = new_session(system, account.id, (), details, auth_time)
        await transaction.insert(opened.row)
        await system.federated_identities.link(transaction, signed_in.issuer, signed_in.sub, account.id, now)
        resting = FederatedSession(
            session_sid=opened.sid,
            issuer=signed_in.issuer,
            subject=signed_in.sub,
            provider_sid=signed_in.sid,
            id_token=signed_in.id_token,
        )
        await transaction.insert(system.federated_sessions.adding(resting))
        entered = PersonEntered(
            person_id=account.id, issuer=signed_in.issuer, sid=opened.sid, acr=signed_in.acr or Level.LOW.acr
        )
        await record(entered)
    return opened.cookie


async def _account(
    system: PatientAccountSystem, transaction: Transaction, record: Recorder, came: Returned
) -> PatientAccount:
    """The person's account, under the names of today; raises `AlreadyThere` when another tab makes it just now."""
    found = await system.accounts.by_pesel(came.facts.pesel, transaction)
    if found is None:
        found = PatientAccount(id=system.fresh.id(), facts=came.facts, created_at=system.clock())
        await transaction.insert(system.accounts.adding(found))
        await record(PatientAccountMade(person_id=found.id, issuer=came.vouched.signed_in.issuer))
    elif found.facts != came.facts:
        found = await system.accounts.rename(transaction, found, came.facts)
    return found


async def _end_earlier(
    request: Request, system: PatientAccountSystem, transaction: Transaction, record: Recorder
) -> None:
    cookie = system.cookies.secret(request, "session")
    earlier = await system.sessions.by_cookie(cookie) if cookie else None
    if earlier is not None and await system.sessions.end(transaction, earlier.sid):
        await system.federated_sessions.remove(transaction, earlier.sid)
        await record(SignedOut(person_id=earlier.person_id, sid=earlier.sid, by="person"))
