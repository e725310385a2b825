"""Who calls the app's back end: a provider whose requests it shows, by the secret that only the two know.

Compared in constant time, with every provider's, so that an answer tells nothing of which there are.
"""

import hmac
from typing import TypeVar

import msgspec
from starlette.requests import Request

from poreka.oidc.errors import AnsweredAsJson
from poreka.web.forms import read_body
from poreka.web.systems import AskerKnown, Mobywatel

T = TypeVar("T")


def asker_of(request: Request, app: Mobywatel) -> AskerKnown:
    """The provider that calls; raises `AnsweredAsJson`."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    found = None
    for asker in app.askers.values():
        if hmac.compare_digest(given.strip().encode(), asker.token.encode()):
            found = asker
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
