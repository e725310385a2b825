"""The keys that receipts and statements of signatures are verified by, and reading the files that people hand in.

Keys come from the issuer, over https, or from a file. What a stranger wrote must not steer the terminal (`printable`).
Used by `receipts.py` and `signatures.py`.
"""

from pathlib import Path
from typing import Any

import msgspec

from poreka.cli.faults import explained
from poreka.oidc.lasting.signature import KEYS_AT
from poreka.outgoing.back_channel import BackChannel, PeerFault, Reach
from poreka.running.failed import Failed
from poreka.web.settings.every_kind import is_loopback

LARGEST_FILE = 512 * 1024


def small_text(file: Path) -> str:
    """A small text file; raises `Failed`, `OSError`."""
    with file.open("rb") as opened:
        content = opened.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Failed("is too large for what it should be")
    return content.decode("ascii", "replace")


def printable(text: str) -> str:
    """What a terminal may be given: whoever wrote the file wrote the text."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def keys_in(file: Path) -> dict[str, Any]:
    """The JWK Set of a file."""
    with explained(file):
        return _jwk_set(small_text(file).encode())


async def fetched_keys(issuer: str) -> dict[str, Any]:
    """The issuer's lasting keys: over https, or over plain http from this machine (the demonstration)."""
    at_home = is_loopback(issuer)
    reach = Reach(allow_http=at_home, localhost_names=at_home)
    address = f"{issuer}{KEYS_AT}"
    try:
        async with BackChannel(reach) as channel:
            answer = await channel.get(address)
    except PeerFault as fault:
        raise Failed(f"the keys at {printable(address)} cannot be fetched ({fault})") from None
    if answer.status != 200:
        raise Failed(f"the keys at {printable(address)} cannot be fetched (answer {answer.status})")
    return _jwk_set(answer.body)


def _jwk_set(content: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Failed("the keys are not a JWK Set") from None
