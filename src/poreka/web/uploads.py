"""Reading a form that may carry files: multipart/form-data (RFC 7578), for the few pages that take a file.

As strict as `forms.py`: every field known, once and of limited size, nothing decompressed, nothing written to disk. A
file's name and type are not looked at: they are whatever the sender says. Raises `BadForm`.
"""

import asyncio
import re
from collections.abc import Mapping

from starlette.requests import ClientDisconnect, Request

from poreka.web.csrf import check_form
from poreka.web.forms import BODY_SECONDS, BadForm
from poreka.web.frame import TOKEN_FIELD
from poreka.web.system import System

ATTACHMENT_LIMIT = 5 * 1024 * 1024
AROUND = 64 * 1024  # what may stand around the files: other fields, headers
_TYPE = re.compile(r'multipart/form-data;\s*boundary="?([A-Za-z0-9\'()+_,./:=?-]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(rb'content-disposition:\s*form-data;\s*name="([^"\r\n]{1,64})"', re.IGNORECASE)
_MOST_PARTS = 16


async def read_upload(request: Request, system: System, *known: str) -> Mapping[str, bytes]:
    """The fields of a form of ours that may carry files, its token checked; missing ones are empty."""
    found = _TYPE.fullmatch(request.headers.get("content-type", ""))
    if found is None:
        raise BadForm("content_type", 415)
    fields = _fields(await _body(request), found[1].encode())
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
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > ATTACHMENT_LIMIT + AROUND:
                    raise BadForm("too_large", 413)
    except TimeoutError:
        raise BadForm("too_slow", 408) from None
    except ClientDisconnect:
        raise BadForm("unreadable") from None
    return bytes(body)


def _fields(body: bytes, boundary: bytes) -> dict[str, bytes]:
    """The parts between the boundaries, by name."""
    before, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary, _MOST_PARTS + 1)
    if before or not parts or parts.pop() not in (b"--", b"--\r\n") or len(parts) > _MOST_PARTS:
        raise BadForm("unreadable")
    fields: dict[str, bytes] = {}
    for part in parts:
        head, found, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not found or not part.startswith(b"\r\n") or name is None:
            raise BadForm("unreadable")
        key = name[1].decode("ascii", "replace")
        if key in fields:
            raise BadForm("repeated")
        fields[key] = value
    return fields
