"""Reading what a browser sent: every field known, once, and of limited size.

A handler names the fields it expects; anything else, anything twice and anything too long is a
`BadForm`, answered with a clear page and status 400 before any rule sees it. What a person typed
wrongly is not this: that is a rule's value and the page says it beside the field.
"""

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from poreka.store.deadline import seconds_left

BODY_LIMIT = 64 * 1024
BODY_SECONDS = 30.0
QUERY_LIMIT = 8 * 1024
FIELD_LIMIT = 4 * 1024
_FIELDS_AT_MOST = 100
FORM_TYPE = "application/x-www-form-urlencoded"


class BadForm(Exception):
    """What was sent is not a form that this page has; `kind` is a text key's last part."""

    def __init__(self, kind: str, status: int = 400) -> None:
        super().__init__(kind)
        self.kind, self.status = kind, status


async def read_pairs(request: Request, longest: int = FIELD_LIMIT) -> list[tuple[str, str]]:
    """The pairs of a sent form, in order, each value at most `longest` bytes; raises `BadForm`."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM_TYPE:
        raise BadForm("content_type", 415)
    return _pairs(await read_body(request), longest)


async def read_body(request: Request) -> bytes:
    """The body, at most `BODY_LIMIT` bytes within `BODY_SECONDS`, never decompressed; raises `BadForm`."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise BadForm("content_encoding", 415)
    announced = request.headers.get("content-length") or "0"
    if not (announced.isascii() and announced.isdigit()):
        raise BadForm("unreadable")
    if len(announced) > 9 or int(announced) > BODY_LIMIT:
        raise BadForm("too_large", 413)
    try:
        async with asyncio.timeout(seconds_left(BODY_SECONDS)):
            return await _read(request)
    except TimeoutError:
        raise BadForm("too_slow", 408) from None
    except ClientDisconnect:
        raise BadForm("unreadable") from None  # nobody reads the answer any more


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise BadForm("too_large", 413)
    return bytes(body)


def query_pairs(request: Request) -> list[tuple[str, str]]:
    """The pairs of the query, in order; raises `BadForm`."""
    return _pairs(request.scope["query_string"], FIELD_LIMIT)


def once(pairs: list[tuple[str, str]], known: tuple[str, ...]) -> Mapping[str, str]:
    """The fields by name; missing ones are empty text; raises `BadForm` for unknown or repeated ones."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadForm("repeated")
    if not fields.keys() <= set(known):
        raise BadForm("unknown_field")
    return {name: fields.get(name, "") for name in known}


def _pairs(raw: bytes, longest: int) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS_AT_MOST, errors="strict")
    except ValueError as error:
        raise BadForm("unreadable") from error
    if any(len(name) > FIELD_LIMIT or len(value.encode()) > longest for name, value in pairs):
        raise BadForm("field_too_long")
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise BadForm("unreadable")
    return pairs
