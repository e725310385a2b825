"""Two characters at random positions of an identifier: the second half of Millenet's sign-in (P9).

The customer chose the identifier (PESEL, a document number). Random, yet the same until they are answered
rightly: if every page drew new positions, a thief who knows two characters would reload until just those
are asked. So they follow from a secret key, the customer number and the count of right answers. An unknown
number gets positions in the same way, over the length of a PESEL, and the same second page. Left open,
knowingly: who watches a number for weeks sees its positions move only if it exists.
"""

import hashlib
import hmac
import itertools

ASKED = 2
PESEL_LENGTH = 11  # what an unknown customer's identifier seems to have


def position_seed(key: bytes, customer_number: str, right_answers: int) -> bytes:
    """The secret from which the positions follow; for an unknown number `right_answers` is made up."""
    message = b"masked-characters:%d:" % right_answers + customer_number.encode()
    return hmac.new(key, message, hashlib.sha256).digest()


def positions(length: int, seed: bytes) -> tuple[int, ...]:
    """Two different positions, from 1, ascending, every pair equally likely; `length` is 2 or more."""
    pairs = tuple(itertools.combinations(range(1, length + 1), ASKED))
    return pairs[int.from_bytes(seed) % len(pairs)]


def matches(identifier: str | None, asked: tuple[int, ...], answer: str) -> bool:
    """Whether the answer is right, letter case apart. An unknown customer (None) never is, in equal time."""
    known = identifier or ""
    padded = known.ljust(max(asked), "\0")  # shorter if the customer chose another identifier meanwhile
    wanted = "".join(padded[position - 1] for position in asked)
    equal = hmac.compare_digest(_bytes(wanted), _bytes(answer))
    return equal and len(known) >= max(asked)


def _bytes(characters: str) -> bytes:
    return characters.casefold().encode("utf-8", "surrogatepass")  # a form may hold anything
