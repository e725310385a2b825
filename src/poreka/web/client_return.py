"""Sending the browser back to a relying party with the answer to its request, in the way the request asked for.

In the address or in a form (OAuth 2.0 Form Post Response Mode); as plain parameters or as one signed token (JARM). What
the answer says is `oidc/provider/authorization_response.py`.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.errors import Destination
from poreka.oidc.provider.authorization_response import is_posted, is_signed, redirect_address, signed_response
from poreka.web.frame import redirect, show
from poreka.web.systems import Provider


async def to_client(
    request: Request, provider: Provider, destination: Destination, parameters: dict[str, str]
) -> Response:
    """The page or redirect that carries `parameters` to a proven destination."""
    if is_signed(destination):
        await provider.key_ring.refresh()
        key, now = provider.key_ring.signing(destination.signed_with), provider.clock()
        parameters = signed_response(parameters, destination, issuer=provider.origin, key=key, now=now)
    if is_posted(destination):
        address = destination.redirect_uri
        return show(request, provider, "flows/release/form_post.html", address=address, parameters=parameters)
    return redirect(request, provider, redirect_address(destination, parameters))
