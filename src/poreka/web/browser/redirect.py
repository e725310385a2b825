"""Where a browser is sent on to.

Which address that is says who calls it: here nothing is decided.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from poreka.web.browser.own_cookies import with_cookies
from poreka.web.system import System


def redirect(request: Request, system: System, address: str) -> Response:
    """See Other: the browser goes to `address` with GET, so that going back sends no form again."""
    return with_cookies(request, system, RedirectResponse(address, 303))


def with_query(address: str, values: Mapping[str, str]) -> str:
    """`address` with `values` added to its query."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}" if values else address
