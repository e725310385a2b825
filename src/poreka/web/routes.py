"""What a route is: a method, a path, the handler that answers and who may call it.

What a system answers is an explicit, ordered list of these (its `routes.py`); nothing registers itself. The access is
part of the route, so that no handler can be reachable by mistake: `application.py` enforces it
and `tests/architecture` fails a route without it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from starlette.responses import Response

from poreka.rules.acts.act import Protection
from poreka.rules.acts.table import ACTS

Handler = Callable[..., Awaitable[Response]]
Guard = Callable[..., Awaitable[Response | None]]


ASKED_HOST = "poreka.asked_host"
"""Where the scope keeps the Host header as it was sent; `headers` names our own origin instead."""


class Access(Enum):
    """Who may call a route."""

    ANYONE = "anyone"
    PERSON = "person"  # a signed-in person; the handler is given the session
    STRONG_PERSON = "strong person"  # one who has used two factors; whoever used one is led to the other
    CLIENT = "client"  # a relying party; the handler authenticates it, answers are JSON
    BEARER = "bearer"  # who holds an access token; the handler checks it, answers are JSON


@dataclass(frozen=True, slots=True)
class Route:
    """`METHOD /path/{name}`; the handler of a person takes (request, system, session), others (request, system).

    `act` is the row of the table of acts (`rules/acts/table.py`) that says how the route is protected; only a route
    that changes nothing has none. A route whose access is less than its act's protection cannot be made.
    """

    method: str
    path: str
    handler: Handler
    access: Access
    act: str | None = None

    def __post_init__(self) -> None:
        if self.act is not None and self.access not in _DOORS[ACTS[self.act].protection]:
            raise ValueError(f"{self.method} {self.path}: {self.access} is not what {self.act} is protected by")


_PEOPLE = frozenset({Access.PERSON, Access.STRONG_PERSON})
_DOORS: dict[Protection, frozenset[Access]] = {
    Protection.NOTHING: frozenset({Access.ANYONE}),
    Protection.JOURNEY: frozenset({Access.ANYONE}),
    Protection.FRESH_SIGN_IN: frozenset({Access.ANYONE}) | _PEOPLE,
    Protection.DEVICE_KEY: frozenset({Access.ANYONE, Access.CLIENT}) | _PEOPLE,
    Protection.SESSION: _PEOPLE,
    Protection.PASSWORD_AGAIN: _PEOPLE,
    Protection.CLERK: _PEOPLE,
    Protection.FOUR_EYES: _PEOPLE,
    Protection.STRONG_SESSION: frozenset({Access.STRONG_PERSON}),
    Protection.OWN_OPERATION: _PEOPLE,
    Protection.CLIENT: frozenset({Access.CLIENT, Access.BEARER}),
    Protection.OPERATOR: frozenset(),
}
"""By which doors a route may let people in whose act asks for so much; what a door cannot ask, the act's flow does."""
