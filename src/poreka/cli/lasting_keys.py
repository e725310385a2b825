"""The keys that receipts and statements of signatures are verified by, and reading the files that people hand in.

Keys come from the issuer (`provider/issuer_keys.py`) or from a file. What a stranger wrote must not steer the
terminal (`printable`). Used by `receipts.py` and `signatures.py`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from poreka.cli.faults import explained
from poreka.provider.issuer_keys import KeysAway, KeysOf, NoKeySet, fetched_keys, jwk_set
from poreka.running.failed import Failed

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


def keys_from(file: Path | None) -> KeysOf:
    """Where keys come from: this file, or else the issuer. Finding them raises `Failed`."""

    async def found(issuer: str) -> Mapping[str, Any]:
        with explained(file) if file else nullcontext(), _keys_told():
            return jwk_set(small_text(file).encode()) if file else await fetched_keys(issuer)

    return found


@contextmanager
def _keys_told() -> Iterator[None]:
    try:
        yield
    except KeysAway as away:
        raise Failed(f"the keys at {printable(away.address)} cannot be fetched ({away.why})") from None
    except NoKeySet:
        raise Failed("the keys are not a JWK Set") from None
