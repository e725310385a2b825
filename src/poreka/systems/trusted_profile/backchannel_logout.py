"""A provider's session has ended through which owners signed in: what rests on it at the trusted profile ends with it.

Relying parties of the trusted profile are told in turn, as when an owner signs out.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.record import Recorder
from poreka.provider.client_sessions import end_session
from poreka.relying.backchannel_logout import believed, end_resting, token_in
from poreka.relying.system import Relying
from poreka.store.database import Transaction
from poreka.systems.trusted_profile.system import TrustedProfileSystem


async def end_sessions(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /backchannel-logout."""
    logged_out = await believed(pz.relying, await token_in(request))

    async def end_one(system: Relying, transaction: Transaction, record: Recorder, sid: str) -> None:
        await system.journeys.remove(transaction, sid)  # a profile in the making, or whatever was to open a session
        session = await pz.sessions.by_sid(sid, transaction)
        await system.federated_sessions.remove(transaction, sid)
        if session is not None:
            await end_session(pz, transaction, record, session, by="provider")

    await end_resting(pz.relying, logged_out, end_one)
    pz.wake_delivery()
    return Response(status_code=200, headers={"cache-control": "no-store"})
