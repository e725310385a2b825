"""Our own provider and portal as contenders: real `poreka serve` processes, durable and audited.

The provider is Millenet's preset, the portal PUE's, each with its own database; people come from
`population.py`. Returning people get their remembered consent written directly, so that a round may
begin at once. Journeys (b) and (c) go through our own pages and both systems: `entries.py`.
"""

import asyncio
import os
import platform
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import tomli_w

from benchmarks.database import RunningDatabase, postgresql
from benchmarks.entries import first_entry, millenet_sign_in, returning_entry, wait_until_open
from benchmarks.peers import CORE_OF_SERVERS, free_port
from benchmarks.people_at_bank import make_profiles, settle
from benchmarks.processes import on_core
from benchmarks.proofs import SigningKey
from benchmarks.target import RelyingParty, Target
from poreka import __version__
from poreka.oidc.clients.client import Client

FACTS = frozenset({"given_name", "family_name", "pesel"})
RETURNING, PEOPLE = 512, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many people there are, how many of them were here before, and how many workers serve them."""

    people: int = PEOPLE
    returning: int = RETURNING
    workers: int = 1
    others: tuple[RelyingParty, ...] = ()  # further services, to which everybody agreed


@contextmanager
def poreka_on_sqlite(folder: Path, crowd: Crowd = Crowd()) -> Iterator[Target]:
    """Poręka with its embedded default: SQLite, WAL, synchronous=FULL."""
    with _poreka("poreka, SQLite", folder, lambda key: f"sqlite:{key}.db", None, crowd) as target:
        yield target


@contextmanager
def poreka_on_postgresql(folder: Path, crowd: Crowd = Crowd()) -> Iterator[Target]:
    """Poręka on PostgreSQL with its default, durable settings."""
    data = folder / "postgresql"
    data.mkdir()
    with postgresql(data, CORE_OF_SERVERS) as database:
        for key in ("millenet", "pue", "register"):
            database.make(key)
        with _poreka("poreka, PostgreSQL", folder, database.url_of, database, crowd) as target:
            yield target


@contextmanager
def _poreka(
    name: str, folder: Path, database_of: Callable[[str], str], database: RunningDatabase | None, crowd: Crowd
) -> Iterator[Target]:
    bank, portal = f"http://127.0.0.1:{free_port()}", f"http://localhost:{free_port()}"
    party = RelyingParty(
        client_id="driver",
        redirect_uri="http://127.0.0.1:9/callback",
        key=SigningKey("driver-1"),
        scope="openid identity",
    )
    files = {
        "millenet": _write_settings(folder, "millenet", bank, database_of),
        "pue": _write_settings(folder, "pue", portal, database_of, bank=bank),
    }
    clients = [*map(_driver, (party, *crowd.others)), _portal(portal)]
    town = asyncio.run(settle(files["millenet"], clients, crowd.returning, crowd.people))
    asyncio.run(make_profiles(files["pue"], town.returning))
    with ExitStack() as stack:
        servers = [
            stack.enter_context(_serving(files["millenet"], bank, crowd.workers)),
            stack.enter_context(_serving(files["pue"], portal, 1)),
        ]
        yield Target(
            name=name if crowd.people == PEOPLE else f"{name}, {crowd.people} people",
            issuer=bank,
            address=("127.0.0.1", int(bank.rpartition(":")[2])),
            relying_party=party,
            logins=[person.number for person in town.returning],
            people=town.returning,
            sign_in=millenet_sign_in(town),
            software=f"poreka {__version__}, Python {platform.python_version()}, "
            + (f"PostgreSQL {database.version}" if database else f"SQLite {sqlite3.sqlite_version}"),
            server_pids=servers,
            database_pids=[database.pid] if database else [],
            whole_entries={
                "returning-entry": returning_entry(portal, town),
                "first-entry": first_entry(portal, town, folder / "phone.db"),
            },
        )


def _write_settings(
    folder: Path, key: str, origin: str, database_of: Callable[[str], str], bank: str | None = None
) -> Path:
    tables: dict[str, Any] = tomllib.loads(resources.files("poreka.presets").joinpath(f"{key}.toml").read_text("utf-8"))
    tables["system"] |= {"origin": origin, "database": database_of(key)}
    if bank is not None:
        tables["portal"]["register"] = database_of("register")
        tables["portal"]["providers"][0]["issuer"] = bank
        tables["portal"]["providers"] = tables["portal"]["providers"][:1]
    file = folder / f"{key}.toml"
    file.write_text(tomli_w.dumps(tables), "utf-8")
    return file


def _driver(party: RelyingParty) -> Client:
    return Client(
        client_id=party.client_id,
        name={"pl": "Pomiar", "en": "Measurement"},
        redirect_uris=(party.redirect_uri,),
        jwks={"keys": [party.key.public_jwk]},
        scopes=frozenset({"openid", "identity"}),
        claims=FACTS,
        dpop_required=True,
        userinfo_signed_response_alg="ES256",
    )


def _portal(origin: str) -> Client:
    return Client(
        client_id="pue",
        name={"pl": "PUE ZUS", "en": "PUE ZUS"},
        redirect_uris=(f"{origin}/callback/millenet",),
        jwks_uri=f"{origin}/jwks",
        scopes=frozenset({"openid", "identity"}),
        claims=FACTS,
        initiate_login_uri=f"{origin}/initiate",
        backchannel_logout_uri=f"{origin}/backchannel-logout",
        dpop_required=True,
        userinfo_signed_response_alg="ES256",
    )


@contextmanager
def _serving(file: Path, origin: str, workers: int) -> Iterator[int]:
    command = [sys.executable, "-m", "poreka", "serve", str(file), "--listen", f"127.0.0.1:{origin.rpartition(':')[2]}"]
    command += ["--workers", str(workers)]
    with on_core(CORE_OF_SERVERS), file.with_suffix(".log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ))
    try:
        wait_until_open(process, origin, file.with_suffix(".log"))
        yield process.pid
    finally:
        process.terminate()
        process.wait()
