"""What a token is worth, told only to the client it was given to; the rule is `oidc/provider/introspection.py`.

It changes nothing but the single use of the client's assertion.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.oidc.provider.introspection import (
    SIGNED_TYPE,
    introspection_answer,
    signed_introspection,
    token_asked_about,
)
from poreka.provider.endpoints.client_call import authenticated_call, claims_of, replayed
from poreka.provider.system import Provider
from poreka.store.database import AlreadyThere

PATH = "/introspect"


async def introspect(request: Request, provider: Provider) -> Response:
    """POST /introspect: `{"active": …}` (RFC 7662 §2.2), or the same signed (RFC 9701)."""
    call = await authenticated_call(request, provider, PATH)
    record = await provider.tokens.load(token_asked_about(call.parameters))
    try:
        await provider.database.insert(*claims_of(call.authenticated.single_use))
    except AlreadyThere as error:
        raise replayed(error.table) from error
    client, now = call.client, provider.clock()
    answer = introspection_answer(record, client_id=client.client_id, issuer=provider.origin, now=now)
    if SIGNED_TYPE not in request.headers.get("accept", ""):
        return JSONResponse(answer)
    await provider.key_ring.refresh()
    key = provider.key_ring.signing(client.introspection_signed_response_alg)
    signed = signed_introspection(answer, issuer=provider.origin, client_id=client.client_id, key=key, now=now)
    return Response(signed, media_type=SIGNED_TYPE)
