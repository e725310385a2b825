"""`poreka client`: the relying parties of a provider. Each change is audited like everything else.

A registration is a JSON file with the fields of `oidc/clients/client.py` (their names are those of RFC 7591
where it has one). What each command does is `provider/client_roll.py`.
"""

from pathlib import Path
from typing import Annotated

import cyclopts
import msgspec
from rich.console import Console
from rich.table import Column, Table

from poreka.cli.client_secrets import PROVIDERS, show_secret
from poreka.cli.faults import explained
from poreka.cli.opened import with_system
from poreka.oidc.clients.client import Client
from poreka.provider.client_roll import NoSuchClient, RegistrationUnfit, client_roll
from poreka.running.failed import Failed
from poreka.running.foundation import Foundation
from poreka.store.database import AlreadyThere


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
        Put it in the place of the one with the same client_id. Its secret stays.
    """
    with explained(registration):
        client = read_registration(registration)

    async def add(base: Foundation) -> None:
        try:
            registered = await client_roll(base).add(client, replace=replace)
        except RegistrationUnfit as fault:
            raise Failed(f"{registration}: {fault}") from None
        except AlreadyThere:
            raise Failed(
                f"{client.client_id!r} is registered already; --replace puts the new one in its place"
            ) from None
        print(f"registered  {client.client_id}  ({client.profile})")
        show_secret(registered.secret)

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
        for client in await client_roll(base).every():
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
        try:
            await client_roll(base).remove(client_id)
        except NoSuchClient:
            raise Failed(f"no relying party {client_id!r} is registered") from None
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
