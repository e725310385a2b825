"""Secrets of relying parties: made here, shown once, and stored as a hash only.

The first comes with the registration. Replacing a registration keeps its secret; a rotation makes a new one, beside
which the old one works on for a while. Whether one is right is `oidc/clients/authentication.py`.
"""

import hashlib
import secrets

import msgspec

from poreka.oidc.clients.authentication import SECRET_METHODS
from poreka.oidc.clients.client import Client


def with_secret(client: Client, present: Client | None) -> tuple[Client, str | None]:
    """The registration with what its secret is checked by, and the secret where it had to be made.

    `present` is the registration in whose place it comes: a secret of that one stays, and so does one that ends soon.
    """
    if client.token_endpoint_auth_method not in SECRET_METHODS or client.secret_hash:
        return client, None
    if present is not None and present.secret_hash:
        kept = msgspec.structs.replace(
            client,
            secret_hash=present.secret_hash,
            former_secret_hash=present.former_secret_hash,
            former_secret_until=present.former_secret_until,
        )
        return kept, None
    secret = new_secret()
    return msgspec.structs.replace(client, secret_hash=hash_of(secret)), secret


def rotated(client: Client, secret: str, former_until: int) -> Client:
    """The registration with a new secret, beside which the present one is good until `former_until`."""
    return msgspec.structs.replace(
        client,
        secret_hash=hash_of(secret),
        former_secret_hash=client.secret_hash,
        former_secret_until=former_until,
    )


def new_secret() -> str:
    """Random and long, so that its hash needs no salt."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is stored of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
