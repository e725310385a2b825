"""A session at a relying system that rests on a provider's: opened in place of what the browser had.

It is tied to the provider's session, whose logout ends it. Used where a sign-in at the provider is all that it takes.
"""

from starlette.requests import Request

from poreka.audit.record import Recorder
from poreka.relying.sign_in.returned import Returned
from poreka.relying.store.federated_sessions import FederatedSession
from poreka.relying.system import Relying
from poreka.rules.anothers_word import time_told
from poreka.store.database import Transaction
from poreka.web.sessions import Details, NewSession, new_session


async def open_resting(
    request: Request,
    system: Relying,
    transaction: Transaction,
    record: Recorder,
    came: Returned,
    person_id: str,
) -> NewSession:
    """Open it for this person; the earlier one of this browser ends. The caller records the entry."""
    await end_earlier(request, system, transaction, record)
    signed_in, facts, now = came.vouched.signed_in, came.facts, system.clock()
    details = Details(name=f"{facts.first_name} {facts.surname}", issuer=signed_in.issuer, acr=signed_in.acr or "")
    opened = new_session(request, system, person_id, (), details, time_told(signed_in.auth_time, now))
    await transaction.insert(opened.row)
    await system.federated_identities.link(transaction, signed_in.issuer, signed_in.sub, person_id, now)
    resting = FederatedSession(
        session_sid=opened.sid,
        issuer=signed_in.issuer,
        subject=signed_in.sub,
        provider_sid=signed_in.sid,
        id_token=signed_in.id_token,
    )
    await transaction.insert(system.federated_sessions.adding(resting))
    return opened


async def end_earlier(request: Request, system: Relying, transaction: Transaction, record: Recorder) -> None:
    """End the session that this browser has, if it has one."""
    cookie = system.cookies.secret(request, "session")
    earlier = await system.sessions.by_cookie(cookie) if cookie else None
    if earlier is not None:
        await system.end_session(transaction, record, earlier, by="person")
