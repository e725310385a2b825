"""Ending sessions at any kind of system, with all that rests on them: what signing out does, in whichever browser.

Used by the owner's list of sessions and by the operator's commands. At a provider the relying parties are told
(`client_sessions.py`); at a relying system the link to the provider's session goes, too. A way in that is parked, a
vouched entry or an approved sign-in elsewhere, ends with "the others": else it would open a session right afterwards.
"""

from poreka.audit.events import SignedOut
from poreka.audit.record import Recorder
from poreka.store.database import Transaction
from poreka.store.sessions import Session
from poreka.web.client_sessions import end_session
from poreka.web.system import System
from poreka.web.systems import Mobywatel, Provider, Relying, TrustedProfileSystem


async def end_anywhere(
    system: System, transaction: Transaction, record: Recorder, session: Session, *, by: str
) -> None:
    """End this session; nothing happens where somebody else was quicker."""
    relying = relying_side(system)
    if relying is not None:
        await relying.federated_sessions.remove(transaction, session.sid)
    if isinstance(system, Provider):
        await end_session(system, transaction, record, session, by=by)
    elif await system.sessions.end(transaction, session.sid):
        await record(SignedOut(person_id=session.person_id, sid=session.sid, by=by))


async def end_all_but(
    system: System, transaction: Transaction, record: Recorder, person_id: str, *, but: str | None, by: str
) -> int:
    """End every session of a person except the one named `but`, and whatever is about to become one; how many."""
    await _end_parked(system, transaction, person_id)
    others = [one for one in await system.sessions.of_person(person_id, transaction) if one.sid != but]
    for session in others:
        await end_anywhere(system, transaction, record, session, by=by)
    return len(others)


def relying_side(system: System) -> Relying | None:
    """The system as a relying party; None where it relies on nobody to say who somebody is."""
    if isinstance(system, TrustedProfileSystem):
        return system.relying
    return system if isinstance(system, Relying) else None


async def _end_parked(system: System, transaction: Transaction, person_id: str) -> None:
    if isinstance(system, Mobywatel):
        await system.cross_sign_ins.refuse_approved(transaction, person_id)
    relying = relying_side(system)
    if relying is None:
        return
    for issuer, subject in await relying.federated_identities.of_person(person_id, transaction):
        names = await relying.federated_sessions.resting_on(
            issuer, provider_sid=None, subject=subject, within=transaction
        )
        for name in names:
            if await system.sessions.by_sid(name, transaction) is None:
                await system.journeys.remove(transaction, name)
                await relying.federated_sessions.remove(transaction, name)
