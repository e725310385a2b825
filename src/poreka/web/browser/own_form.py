"""A form of ours that a browser sends: that it comes from one of our pages, and has what the page asked for.

How a body is read, and what may be in it at most, is `web/forms.py`; what the token proves, `web/csrf.py`.
"""

from collections.abc import Mapping

from starlette.requests import Request

from poreka.web.csrf import check_form
from poreka.web.forms import once, read_pairs
from poreka.web.system import System

TOKEN_FIELD = "csrf_token"


async def read_form(request: Request, system: System, *known: str) -> Mapping[str, str]:
    """The fields of a form of ours: its token checked, every field known and once. Raises `BadForm`, `FormNotOurs`."""
    fields = once(await read_pairs(request), (TOKEN_FIELD, *known))
    browser = system.cookies.secret(request, "browser")
    check_form(request, system.origin, system.keys.forms, browser, fields[TOKEN_FIELD])
    return fields
