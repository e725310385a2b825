"""The pairwise ``sub``: a different, stable name of a person for every sector of clients (OpenID Connect Core
§8.1).

It is a keyed hash, so that nobody without the key can tell that two subjects are one person, nor try out
internal ids. Losing the key means losing every relying party's link to its people: it is kept apart from the
keys that rotate.
"""

import hashlib
import hmac

from poreka.oidc.jose import encode_segment


def pairwise_subject(sector: str, person: str, key: bytes) -> str:
    """The ``sub`` of a person (by our internal id) for a sector: 43 characters."""
    if len(key) < 32:
        raise ValueError("the key of pairwise subjects must have at least 32 bytes")
    # The length keeps (sector, person) apart from any other pair that reads the same when joined.
    message = f"{len(sector)}:{sector}{person}".encode()
    return encode_segment(hmac.digest(key, message, hashlib.sha256)).decode()
