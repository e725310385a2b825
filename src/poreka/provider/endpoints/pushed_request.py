"""A client pushes its request before it sends the browser: checked now, kept for a minute.

The check is the same as for a plain request (`oidc/provider/authorization_request.py`). The
assertion's and the proof's single use are saved with the request: all or nothing. Whoever could not be let in soon is
turned away before the client is proven and before the database; only a proven client's push counts as one.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.oidc.provider.pushed_request import check_pushed, pushed_answer
from poreka.oidc.provider.token_request import checked_proof
from poreka.provider.endpoints.client_call import (
    address_called,
    authenticated_call,
    claims_of,
    client_parameters,
    proof_in,
    replayed,
    service_met,
)
from poreka.provider.system import Provider
from poreka.store.database import AlreadyThere

PATH = "/par"


async def push(request: Request, provider: Provider) -> Response:
    """POST /par: 201 with a reference (RFC 9126 §2.2), or 503 with `Retry-After` while too many wait at the door."""
    parameters = await client_parameters(request)
    provider.door.ask_to_push(service_met(provider, parameters, request.headers.get("authorization")))
    call = await authenticated_call(request, provider, PATH, parameters)
    now = provider.clock()
    proof = checked_proof(proof_in(request), method="POST", url=address_called(request, provider, PATH), now=now)
    pushed = check_pushed(
        call.parameters,
        call.client,
        provider.supported,
        now=now,
        client_keys=call.keys,
        own_keys=provider.key_ring.published,
        proof_jkt=proof.jkt if proof else None,
    )
    reference = provider.fresh.secret()
    uses = claims_of(call.authenticated.single_use, proof.single_use if proof else None)
    try:
        await provider.database.insert(*uses, provider.pushed_requests.adding(pushed, reference))
    except AlreadyThere as error:
        raise replayed(error.table) from error
    provider.door.pushed(call.client.client_id)
    return JSONResponse(pushed_answer(reference), 201)
