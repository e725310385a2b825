"""Secrets of relying parties: the first comes with the registration, later ones by `poreka client rotate`.

A secret is made here, printed once and stored as a hash only. Replacing a registration keeps it; rotating makes a new
one, beside which the old one works on for some days, so that the relying party changes over when it likes.
"""

import hashlib
import secrets
import sys
from pathlib import Path
from typing import Annotated

import cyclopts
import msgspec

from poreka.audit.events import ClientSecretRotated
from poreka.audit.record import AuditLog
from poreka.cli.opened import with_system
from poreka.kinds import KINDS
from poreka.oidc.clients.authentication import SECRET_METHODS
from poreka.oidc.clients.client import Client
from poreka.provider.store.clients import Clients
from poreka.rules.warsaw_time import warsaw_moment
from poreka.running.failed import Failed
from poreka.running.foundation import Foundation

PROVIDERS = tuple(kind.name for kind in KINDS if kind.vouches)
OVERLAP_DAYS, LONGEST_OVERLAP_DAYS = 7, 90
DAY = 24 * 60 * 60


def rotate_secret(
    file: Path,
    client_id: str,
    /,
    *,
    days: Annotated[int, cyclopts.Parameter(validator=cyclopts.validators.Number(gte=0, lte=LONGEST_OVERLAP_DAYS))] = (
        OVERLAP_DAYS
    ),
) -> None:
    """Make a new secret for a relying party; for some days the present one is as good.

    Both work within five seconds. A secret from an earlier rotation ends at once.

    Parameters
    ----------
    file
        The provider's settings file.
    client_id
        The registration's client_id.
    days
        For how many days the present secret works on: 0 ends it at once, as for one that leaked.
    """

    async def rotate(base: Foundation) -> None:
        clients, secret = Clients(base.database), new_secret()
        until = base.clock() + days * DAY
        audit = AuditLog(base.database, base.audit_key, base.clock, base.fresh.id)
        async with audit.transaction() as (transaction, record):
            present = await clients.by_id(client_id, transaction)
            if present is None:
                raise Failed(f"no relying party {client_id!r} is registered")
            if present.token_endpoint_auth_method not in SECRET_METHODS:
                raise Failed(f"{client_id!r} has no secret: it is registered with {present.token_endpoint_auth_method}")
            await clients.replace(transaction, rotated(present, secret, until))
            await record(ClientSecretRotated(person_id=None, client_id=client_id, former_until=until))
        print(f"rotated  {client_id}")
        show_secret(secret)
        ends = f"works until {warsaw_moment(until).isoformat(' ', 'minutes')}" if days else "has ended"
        print(f"The secret before it {ends}.", file=sys.stderr)

    with_system(file, rotate, *PROVIDERS)


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


def show_secret(secret: str | None) -> None:
    """Print it, this once."""
    if secret:
        print(f"client_secret  {secret}")
        print("It is shown this once only: keep it safe.", file=sys.stderr)
