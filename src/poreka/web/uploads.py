"""Reading a form that may carry files: multipart/form-data (RFC 7578), for the few pages that take a file.

As strict as `forms.py`: every field known, once and of limited size, nothing decompressed, nothing written to disk. A
file's name and type are not looked at: they are whatever the sender says. Raises `BadForm`.
"""

import asyncio
from collections.abc import Mapping

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from poreka.store.deadline import seconds_left
from poreka.web.browser.own_form import TOKEN_FIELD
from poreka.web.csrf import check_form
from poreka.web.forms import BODY_SECONDS, BadForm
from poreka.web.system import System

ATTACHMENT_LIMIT = 5 * 1024 * 1024
AROUND = 64 * 1024  # what may stand around the files: other fields, headers
_LONGEST_BOUNDARY = 70  # RFC 2046 §5.1.1
_MOST_PARTS = 16


async def read_upload(request: Request, system: System, *known: str) -> Mapping[str, bytes]:
    """The fields of a form of ours that may carry files, its token checked; missing ones are empty."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not 0 < len(boundary) <= _LONGEST_BOUNDARY or not boundary.isascii():
        raise BadForm("content_type", 415)
    fields = _fields(await _body(request), boundary)
    if not fields.keys() <= {TOKEN_FIELD, *known}:
        raise BadForm("unknown_field")
    token = fields.get(TOKEN_FIELD, b"").decode("ascii", "replace")
    check_form(request, system.origin, system.keys.forms, system.cookies.secret(request, "browser"), token)
    return {name: fields.get(name, b"") for name in known}


async def _body(request: Request) -> bytes:
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise BadForm("content_encoding", 415)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds_left(BODY_SECONDS)):
            async for chunk in request.stream():
                body += chunk
                if len(body) > ATTACHMENT_LIMIT + AROUND:
                    raise BadForm("too_large", 413)
    except TimeoutError:
        raise BadForm("too_slow", 408) from None
    except ClientDisconnect:
        raise BadForm("unreadable") from None
    return bytes(body)


def _fields(body: bytes, boundary: str) -> dict[str, bytes]:
    """The parts between the boundaries, by name."""
    fields: dict[str, bytearray] = {}
    value = bytearray()
    try:
        with PushMultipartParser(boundary, max_segment_count=_MOST_PARTS, strict=True) as parser:
            for event in (*parser.parse(body), *parser.parse(b"")):
                if isinstance(event, MultipartSegment):
                    value = bytearray()
                    if fields.setdefault(event.name or "", value) is not value:
                        raise BadForm("repeated")
                elif event:
                    value += event
    except (MultipartError, UnicodeError):
        raise BadForm("unreadable") from None
    return {name: bytes(found) for name, found in fields.items()}
