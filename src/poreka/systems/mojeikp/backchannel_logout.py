"""A provider's session has ended, or it vouches for somebody no more: at an app with bound devices.

A token that names no session says that nobody vouches for the person any more, and ends the bindings that rest on it
too (docs/adr/0029).
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.record import Recorder
from poreka.contracts.binding import BindingEnd
from poreka.relying.backchannel_logout import believed, end_here, end_resting, token_in
from poreka.store.database import Transaction
from poreka.systems.mojeikp.device.bound import end_binding
from poreka.systems.mojeikp.system import Mojeikp


async def end_sessions(request: Request, app: Mojeikp) -> Response:
    """POST /backchannel-logout."""
    logged_out = await believed(app, await token_in(request))

    async def end_bindings(transaction: Transaction, record: Recorder) -> None:
        if logged_out.sid is None and logged_out.sub is not None:
            for kept in await app.bindings.of_subject(logged_out.issuer, logged_out.sub, transaction):
                await end_binding(app, transaction, record, kept, BindingEnd.PROVIDER)

    await end_resting(app, logged_out, end_here, end_bindings)
    return Response(status_code=200, headers={"cache-control": "no-store"})
