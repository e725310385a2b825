"""`poreka client`: the relying parties of a provider. Each change is audited like everything else.

A registration is a JSON file with the fields of `oidc/provider/client.py` (their names are those of RFC 7591
where it has one). A client secret is made here, printed once and never stored.
"""

import hashlib
import secrets
import sys
from pathlib import Path
from typing import Annotated

import cyclopts
import msgspec
from rich.console import Console
from rich.table import Column, Table

from poreka.audit.events import ClientAdded, ClientRemoved
from poreka.audit.record import AuditLog
from poreka.cli.faults import Failed, explained
from poreka.cli.opened import with_system
from poreka.kinds import KINDS
from poreka.oidc.provider.client import Client
from poreka.oidc.provider.registration_faults import registration_faults
from poreka.store.clients import Clients
from poreka.store.database import AlreadyThere
from poreka.wiring.foundation import Foundation

PROVIDERS = tuple(kind.name for kind in KINDS if kind.vouches)
SECRET_METHODS = ("client_secret_basic", "client_secret_post")


def add_client(
    file: Path, registration: Path, /, *, replace: Annotated[bool, cyclopts.Parameter(negative=())] = False
) -> None:
    """Register a relying party.

    Parameters
    ----------
    file
        The provider's settings file.
    registration
        JSON file with the registration's fields.
    replace
        Put it in the place of the one with the same client_id.
    """
    with explained(registration):
        client, secret = _with_secret(read_registration(registration))

    async def add(base: Foundation) -> None:
        for fault in registration_faults(client, plain_http=base.settings.system.demo):
            raise Failed(f"{registration}: {fault}")
        await _save(base, client, replace=replace)
        print(f"registered  {client.client_id}  ({client.profile})")
        if secret:
            print(f"client_secret  {secret}")
            print("It is shown this once only: keep it safe.", file=sys.stderr)

    with_system(file, add, *PROVIDERS)


def list_clients(file: Path, /) -> None:
    """List the relying parties.

    Parameters
    ----------
    file
        The provider's settings file.
    """

    async def show(base: Foundation) -> None:
        table = Table("client_id", "profile", "authentication", "scopes", Column("redirect_uris", overflow="fold"))
        for client in await Clients(base.database).all():
            table.add_row(
                client.client_id,
                client.profile,
                client.token_endpoint_auth_method,
                " ".join(sorted(client.scopes)),
                "\n".join(client.redirect_uris),
            )
        Console().print(table if table.rows else "no relying party is registered")

    with_system(file, show, *PROVIDERS)


def remove_client(file: Path, client_id: str, /) -> None:
    """Remove a relying party; what it was given ends by itself within minutes.

    Parameters
    ----------
    file
        The provider's settings file.
    client_id
        The registration's client_id.
    """

    async def remove(base: Foundation) -> None:
        async with _audit(base).transaction() as (transaction, record):
            if not await Clients(base.database).remove(transaction, client_id):
                raise Failed(f"no relying party {client_id!r} is registered")
            await record(ClientRemoved(person_id=None, client_id=client_id))
        print(f"removed  {client_id}")

    with_system(file, remove, *PROVIDERS)


def read_registration(file: Path) -> Client:
    """The registration in a JSON file; raises `Failed`."""
    try:
        fields = msgspec.json.decode(file.read_bytes(), type=dict[str, object])
        client = msgspec.convert(fields, Client)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Failed(str(error)) from None
    if unknown := fields.keys() - set(Client.__struct_fields__):
        raise Failed(f"unknown field {', '.join(sorted(unknown))}")
    return client


def _with_secret(client: Client) -> tuple[Client, str | None]:
    if client.token_endpoint_auth_method not in SECRET_METHODS or client.secret_hash:
        return client, None
    secret = secrets.token_urlsafe(32)
    return msgspec.structs.replace(client, secret_hash=hashlib.sha256(secret.encode()).hexdigest()), secret


async def _save(base: Foundation, client: Client, *, replace: bool) -> None:
    clients = Clients(base.database)
    try:
        async with _audit(base).transaction() as (transaction, record):
            if not (replace and await clients.replace(transaction, client)):
                await transaction.insert(clients.adding(client, base.clock()))
            await record(ClientAdded(person_id=None, client_id=client.client_id))
    except AlreadyThere:
        raise Failed(f"{client.client_id!r} is registered already; --replace puts the new one in its place") from None


def _audit(base: Foundation) -> AuditLog:
    return AuditLog(base.database, base.audit_key, base.clock, base.fresh.id)
