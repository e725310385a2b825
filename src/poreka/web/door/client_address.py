"""The address a request came from: the connection's, or the one that a trusted proxy tells in `Forwarded`.

`Application` finds it out for every request, before anything else is done, so that a `Forwarded` that cannot be
read is a 400 everywhere. How the header is read: `rules/client_address.py`. Behind a proxy that is not named in
`[server] trusted_proxies` all requests have the proxy's address.
"""

import ipaddress
from collections.abc import Iterable

from starlette.requests import Request

from poreka.rules.client_address import MalformedForwarded, Network, client_of, plain
from poreka.web.forms import BadForm

HEADER = "forwarded"
_SCOPE = "poreka.client_address"


def networks(trusted_proxies: Iterable[str]) -> tuple[Network, ...]:
    """The setting as networks; `settings.py` has checked it."""
    return tuple(ipaddress.ip_network(one) for one in trusted_proxies)


def find_client_address(request: Request, trusted: tuple[Network, ...]) -> None:
    """Keep with the request where it came from; raises `BadForm` for a `Forwarded` of a proxy that cannot be read."""
    try:
        address = client_of(_peer(request), request.headers.getlist(HEADER), trusted) if trusted else _peer(request)
    except MalformedForwarded as error:
        raise BadForm("unreadable") from error
    request.scope[_SCOPE] = plain(address)


def client_address(request: Request) -> str:
    """The client's address in its usual form; empty where there is none, for instance at a Unix socket."""
    found: str | None = request.scope.get(_SCOPE)
    return plain(_peer(request)) if found is None else found


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""
