"""The six-digit code of an operation: made, read from a form, and kept only as a keyed hash (P3, P4).

The hash is bound to its operation, so that a code (or its stored hash) is worth nothing for another one. A
million codes can be tried in a moment against a bare hash, hence the key. Counting wrong codes is
`operation`.
"""

import enum
import hashlib
import hmac
from typing import NewType

Code = NewType("Code", str)
CODES = 1_000_000  # how many there are: draw a number below this


class CodeFault(enum.Enum):
    """What was typed cannot be any code, so it costs no try."""

    NOT_SIX_DIGITS = "not_six_digits"


def code_from(random_number: int) -> Code:
    """The code for a random number drawn evenly from 0 to 999 999."""
    return Code(f"{random_number % CODES:06d}")


def read_code(text: str) -> Code | CodeFault:
    """Read what a person typed; spaces, as in "123 456", are no mistake."""
    digits = "".join(text.split())
    if len(digits) == 6 and digits.isascii() and digits.isdigit():
        return Code(digits)
    return CodeFault.NOT_SIX_DIGITS


def code_hash(key: bytes, operation_id: str, code: Code) -> bytes:
    """HMAC-SHA-256 of operation and code; the length keeps the two parts apart."""
    name = operation_id.encode()
    message = b"operation-code" + len(name).to_bytes(4) + name + code.encode()
    return hmac.new(key, message, hashlib.sha256).digest()
