"""GET /jwks (RFC 7517 §5): the keys by which a system's signatures are verified, at any system that signs.

They may be kept for a few minutes; a key is published a day before it signs.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.web.failures import PageNotFound
from poreka.web.system import System

KEPT = {
    "cache-control": "public, max-age=300",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}


async def show_keys(request: Request, system: System) -> Response:
    """GET /jwks; raises `PageNotFound` where the system signs nothing."""
    keys = system.own_keys()
    if keys is None:
        raise PageNotFound
    await keys.refresh()
    return JSONResponse(keys.published.published(), headers=KEPT)
