"""What goes out to a provider and what comes back: two plain values, and the few ways to open them.

`outgoing/back_channel.py` turns an `Outgoing` into an `Answer`; everything else on the relying side is a
function between the two. An answer is opened here and only here, so that its type, size and shape are
always checked.
"""

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode

import msgspec

from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.faults import FaultKind, ProviderFault

LARGEST_JSON = 256 * 1024
"""Bytes. A token or UserInfo answer is a few kilobytes; a discovery document seldom more than ten."""

_ERROR_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Outgoing(Discreet, frozen=True, kw_only=True):
    """A request to a peer, ready to send."""

    method: Literal["GET", "POST"]
    url: str
    headers: dict[str, str]
    body: bytes = b""


class Answer(Discreet, frozen=True, kw_only=True):
    """What a peer answered; header names are in lower case, repeated headers are joined by a comma."""

    status: int
    headers: dict[str, str]
    body: bytes


def form_post(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Outgoing:
    """A form sent by POST, as every OAuth endpoint for clients wants it (RFC 6749, appendix B)."""
    every = {"accept": "application/json", "content-type": "application/x-www-form-urlencoded", **headers}
    return Outgoing(method="POST", url=url, headers=every, body=urlencode(form).encode("ascii"))


def media_type(answer: Answer) -> str:
    """The content type without its parameters, in lower case."""
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def retry_seconds(answer: Answer) -> int | None:
    """After how many seconds a busy peer wants us back, an hour at the most; None where it does not say (a date, too:
    our clocks may differ).
    """
    asked = answer.headers.get("retry-after", "").strip()
    busy = answer.status == 503 and asked.isascii() and asked.isdigit() and len(asked) <= 4
    return min(max(int(asked), 1), 3600) if busy else None


def json_object(answer: Answer, kind: FaultKind) -> dict[str, object]:
    """The JSON object in an answer; anything else is the provider's fault."""
    if media_type(answer) != "application/json":
        raise ProviderFault(kind, "the provider did not answer with JSON", f"content type {media_type(answer)[:60]!r}")
    return json_from(answer.body, kind)


def json_from(body: bytes, kind: FaultKind) -> dict[str, object]:
    """A JSON object; anything else is the provider's fault."""
    if len(body) > LARGEST_JSON:
        raise ProviderFault(kind, "the provider's answer is too large", f"{len(body)} bytes")
    try:
        return msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ProviderFault(kind, "the provider's answer is not a JSON object") from None


def error_code(answer: Answer) -> str:
    """The `error` a provider gives with a refusal, for our log: only what a code may consist of (RFC 6749,
    5.2).
    """
    try:
        code = json_object(answer, "token_answer").get("error")
    except ProviderFault:
        return "none"
    return code if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else "none"
