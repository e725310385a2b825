"""Sending the browser back to a relying party with the answer to its request, in the way the request asked for.

In the address or in a form (OAuth 2.0 Form Post Response Mode); as plain parameters or as one signed token (JARM). To a
program on the person's own machine (RFC 8252), which speaks http, a page of ours leads on. What the answer says is
`oidc/provider/authorization_response.py`.
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.errors import Destination
from poreka.oidc.provider.authorization_response import is_posted, is_signed, redirect_address, signed_response
from poreka.running.key_ring import KeyRing
from poreka.web.browser.redirect import redirect
from poreka.web.frame import show
from poreka.web.system import System


async def to_client(
    request: Request, system: System, key_ring: KeyRing, destination: Destination, parameters: dict[str, str]
) -> Response:
    """The page or redirect that carries `parameters` to a proven destination; keys of `key_ring` sign them."""
    if is_signed(destination):
        await key_ring.refresh()
        key, now = key_ring.signing(destination.signed_with), system.clock()
        parameters = signed_response(parameters, destination, issuer=system.origin, key=key, now=now)
    if is_posted(destination):
        address = destination.redirect_uri
        return show(request, system, "provider/release/form_post.html", address=address, parameters=parameters)
    address = redirect_address(destination, parameters)
    if not system.settings.system.demo and urlsplit(destination.redirect_uri).scheme == "http":
        # A browser applies `form-action` to where a sent form leads in the end, and our pages allow https there.
        return show(request, system, "provider/release/onward.html", address=address)
    return redirect(request, system, address)
