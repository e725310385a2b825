"""Who calls from system to system, by the secret that only the two know: a provider the app, a desk the profile.

Compared in constant time, with everyone's, so that an answer tells nothing of which there are.
"""

import hmac
from collections.abc import Iterable
from typing import Protocol, TypeVar

import msgspec
from starlette.requests import Request

from poreka.oidc.errors import AnsweredAsJson
from poreka.web.forms import read_body

T = TypeVar("T")


class Caller(Protocol):
    """Somebody who proves themselves with a secret."""

    @property
    def token(self) -> str: ...


C = TypeVar("C", bound=Caller)


def caller_of(request: Request, known: Iterable[C]) -> C:
    """Whose secret came with the request; raises `AnsweredAsJson`."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    found = None
    for one in known:
        if hmac.compare_digest(given.strip().encode(), one.token.encode()):
            found = one
    if found is None or scheme.lower() != "bearer":
        headers = {"www-authenticate": "Bearer"}
        raise AnsweredAsJson("invalid_client", "The caller is not known.", status=401, headers=headers)
    return found


async def read_document(request: Request, kind: type[T]) -> T:
    """The JSON document that was sent; raises `AnsweredAsJson`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise AnsweredAsJson("invalid_request", "The body must be JSON.", status=415)
    try:
        return msgspec.json.decode(await read_body(request), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise AnsweredAsJson("invalid_request", "The body is not as the contract says.", status=400) from None
