"""`poreka client check`: what a registration will meet, told before it is entered anywhere.

It needs no provider and no database. What is wrong is told as `client add` would tell it.
"""

from pathlib import Path
from typing import Annotated

import cyclopts
import msgspec
from rich.console import Console
from rich.table import Table

from poreka.cli.clients import read_registration
from poreka.cli.ending import FAILED
from poreka.cli.faults import explained
from poreka.oidc.clients.client import Client
from poreka.oidc.clients.registration_faults import registration_faults
from poreka.oidc.clients.registration_report import Point, demands, warnings
from poreka.provider.client_secrets import with_secret
from poreka.running.failed import Failed

Flag = Annotated[bool, cyclopts.Parameter(negative=())]


def check_registration(registration: Path, /, *, demo: Flag = False, json: Flag = False) -> None:
    """Tell what a registration will meet at a provider.

    Ends with 0 for a good registration, whatever it warns of, and with 1 for one that would be refused.

    Parameters
    ----------
    registration
        JSON file with the registration's fields.
    demo
        For the demonstration, where addresses over http and sandbox are allowed.
    json
        Print it as JSON: client_id, faults, demands, warnings.
    """
    with explained(registration):
        client, faults = _judged(registration, demo)
    (_print_json if json else _print)(registration, client, faults)
    if faults:
        raise SystemExit(FAILED)


def _judged(registration: Path, demo: bool) -> tuple[Client | None, list[str]]:
    try:
        client, _ = with_secret(read_registration(registration), None)
    except Failed as unreadable:
        return None, [str(unreadable)]
    return client, registration_faults(client, plain_http=demo)


def _print_json(_: Path, client: Client | None, faults: list[str]) -> None:
    told = {
        "client_id": client.client_id if client else None,
        "faults": faults,
        "demands": msgspec.to_builtins(demands(client) if client else []),
        "warnings": msgspec.to_builtins(warnings(client) if client else []),
    }
    print(msgspec.json.format(msgspec.json.encode(told)).decode())


def _print(registration: Path, client: Client | None, faults: list[str]) -> None:
    console = Console()
    for fault in faults:
        print(f"{registration}: {fault}")
    if client is None:
        return
    if not faults:
        print(f"{registration}: good  {client.client_id}  ({client.profile})")
    print("\nWhat the provider wants and gives")
    console.print(_table(demands(client)))
    print("\nWhat frameworks often do otherwise")
    console.print(_table(warnings(client)))


def _table(points: list[Point]) -> Table:
    table = Table.grid(padding=(0, 2))
    for point in points:
        table.add_row(point.about, point.says)
    return table
