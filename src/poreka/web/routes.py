"""What a route is: a method, a path, the handler that answers and who may call it.

An app is an explicit, ordered list of these (`apps/`); nothing registers itself. The access is
part of the route, so that no handler can be reachable by mistake: `application.py` enforces it
and `tests/architecture` fails a route without it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from starlette.responses import Response

Handler = Callable[..., Awaitable[Response]]
Guard = Callable[..., Awaitable[Response | None]]


ASKED_HOST = "poreka.asked_host"
"""Where the scope keeps the Host header as it was sent; `headers` names our own origin instead."""


class Access(Enum):
    """Who may call a route."""

    ANYONE = "anyone"
    PERSON = "person"  # a signed-in person; the handler is given the session
    CLIENT = "client"  # a relying party; the handler authenticates it, answers are JSON
    BEARER = "bearer"  # who holds an access token; the handler checks it, answers are JSON


@dataclass(frozen=True, slots=True)
class Route:
    """`METHOD /path/{name}`; a `PERSON` handler takes (request, system, session), others (request, system)."""

    method: str
    path: str
    handler: Handler
    access: Access
