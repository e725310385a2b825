"""`poreka demo`: the whole federation on this machine, with one command. It serves loopback only.

With one worker the server runs in this very process; with more, in worker
processes that share the databases. The data folder also gets each system's settings as a file, so that
`poreka audit verify DIR/millenet.toml` and the other commands work on the demonstration too.
"""

import asyncio
import os
import shutil
import signal
import socket
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import cyclopts
import uvicorn
import uvloop

from poreka.cli.certificates import Certified, certify, trusting
from poreka.cli.demo_proxy import FOLDER, certificate_proxy, find_nginx
from poreka.cli.ending import WRONG_USAGE, stop
from poreka.cli.faults import Failed, explained
from poreka.cli.http_server import check_free, run_workers, server_config
from poreka.cli.logs import log_short
from poreka.cli.serving import DEMO_ADDRESS, DEMO_FOLDER, Served
from poreka.kinds import DEMO_KEYS
from poreka.wiring.demo_people import read_people
from poreka.wiring.federation import (
    ADDED,
    CERTIFICATE_HOST,
    Address,
    Demonstration,
    added_banks,
    build_demonstration,
    demo_authority,
    read_added,
    settings_text,
)

ALL = "all"
LOOK_SECONDS = 0.01
DATABASE_SUFFIXES = (".db", ".db-wal", ".db-shm", ".db-turn", ".secrets", ".toml", ".pem", ".key", ".p12")


def demo(
    *,
    port: int = 8000,
    data: Path | None = None,
    fresh: Annotated[bool, cyclopts.Parameter(negative=())] = False,
    tls: Annotated[bool, cyclopts.Parameter(negative=())] = False,
    certificate_port: int | None = None,
    workers: int = 1,
    bank: tuple[Path, ...] = (),
    walk: Annotated[str | None, cyclopts.Parameter(show_default=False)] = None,
) -> None:
    """Run the whole federation on this machine.

    Parameters
    ----------
    port
        The one port of all systems.
    data
        Folder of the databases; demo-data unless given, a temporary one for --walk.
    fresh
        Begin with empty databases.
    tls
        Serve https, with a certificate authority made for this machine.
    certificate_port
        With --tls, the port where browsers show certificates; one above the other unless given.
    workers
        Number of worker processes.
    bank
        Settings of a provider of your own that joins the federation; it stays until --fresh.
    walk
        Play all journeys, or the one that is named, and end.
    """
    check_numbers(port, workers)
    if walk is not None:
        from poreka.cli.walk.show import walk_and_report  # noqa: PLC0415 - only a walk pays for it

        with tempfile.TemporaryDirectory(prefix="poreka-") as folder, explained():
            sys.exit(walk_and_report(None if walk == ALL else walk, data or Path(folder), bank, tls=tls))
    address = demo_address(port, certificate_port, tls=tls)
    run_demo(address, data or Path("demo-data"), fresh=fresh, workers=workers, banks=bank)


def demo_address(port: int, certificate_port: int | None = None, *, tls: bool) -> Address:
    """Where the demonstration will be reached; browsers can show certificates where there is https and nginx."""
    if not tls:
        return Address(port)
    return Address(port, "https", (certificate_port or port + 1) if find_nginx() else None)


def check_numbers(port: int, workers: int) -> None:
    """End the command when a number cannot be meant."""
    if not 0 < port < 65536:
        stop(f"--port must be from 1 to 65535, not {port}", WRONG_USAGE)
    if workers < 1:
        stop(f"--workers must be at least 1, not {workers}", WRONG_USAGE)


def run_demo(address: Address, folder: Path, *, fresh: bool, workers: int = 1, banks: tuple[Path, ...] = ()) -> None:
    """Serve the demonstration until interrupted; `fresh` begins with empty databases."""
    began = time.monotonic()
    log_short()
    with explained(folder):
        certified = prepare(folder, address, banks, fresh=fresh)
        with certificate_proxy(folder, address, certified):
            if workers > 1:
                _serve_in_workers(address, folder, certified, workers, began)
            else:
                uvloop.run(_serve(address, folder, certified, began))


def prepare(folder: Path, address: Address, banks: tuple[Path, ...] = (), *, fresh: bool) -> Certified | None:
    """The data folder, its settings files, and over https a certificate; raises `Failed` or `SettingsError`."""
    settings = {read_added(file, address).system.key: file.read_bytes() for file in banks}
    if fresh and folder.exists():
        _empty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    for key in DEMO_KEYS:
        (folder / f"{key}.toml").write_text(settings_text(key, address), "utf-8")
    for key, text in settings.items():
        (folder / ADDED).mkdir(exist_ok=True)
        (folder / ADDED / f"{key}.toml").write_bytes(text)
    added = [one.system.key for one in added_banks(folder, address)]
    hosts = ("localhost", CERTIFICATE_HOST, *(f"{key}.localhost" for key in (*DEMO_KEYS, *added)))
    if address.scheme != "https":
        return None
    demo_authority(folder, address, read_people())
    return certify(folder, hosts)


def _empty(folder: Path) -> None:
    """Remove what a demonstration made; a folder with anything else in it is left alone."""
    names = sorted(file.name for file in folder.iterdir())
    foreign = [name for name in names if not name.endswith(DATABASE_SUFFIXES) and name not in (ADDED, FOLDER)]
    if foreign:
        raise Failed(f"--fresh would delete this folder, which holds something else: {foreign[0]}")
    shutil.rmtree(folder)


async def _serve(address: Address, folder: Path, certified: Certified | None, began: float) -> None:
    async with serving(address, folder, certified) as (server, done):
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, server.handle_exit, name, None)
        _say_ready(address, certified, began)
        await done


@asynccontextmanager
async def serving(
    address: Address, folder: Path, certified: Certified | None
) -> AsyncIterator[tuple[uvicorn.Server, asyncio.Task[None]]]:
    """A demonstration that answers, in this process; raises `Failed` when the port is taken."""
    check_free("127.0.0.1", address.port)
    demonstration = await build_demonstration(folder, address, _trust(folder, certified))

    async def ready() -> Demonstration:
        return demonstration

    server = uvicorn.Server(_config(Served(ready), address, certified))
    done = asyncio.create_task(server.serve())
    while not server.started and not done.done():  # noqa: ASYNC110 - uvicorn tells it in no other way
        await asyncio.sleep(LOOK_SECONDS)
    try:
        yield server, done
    finally:
        server.should_exit = True
        await done


def _config(app: object, address: Address, certified: Certified | None, workers: int = 1) -> uvicorn.Config:
    certificate, key = (certified.certificate, certified.key) if certified else (None, None)
    return server_config(app, "127.0.0.1", address.port, workers=workers, certificate=certificate, key=key)


def _serve_in_workers(address: Address, folder: Path, certified: Certified | None, workers: int, began: float) -> None:
    check_free("127.0.0.1", address.port)

    async def lay_once() -> None:
        await (await build_demonstration(folder, address, _trust(folder, certified))).stop()

    asyncio.run(lay_once())
    os.environ[DEMO_FOLDER], os.environ[DEMO_ADDRESS] = (
        str(folder.resolve()),
        f"{address.scheme}:{address.port}:{address.certificate_port or ''}",
    )
    config = _config("poreka.cli.serving:served_demonstration", address, certified, workers)
    threading.Thread(target=_say_when_answered, args=(address, certified, began), daemon=True).start()
    run_workers(config)


def _say_when_answered(address: Address, certified: Certified | None, began: float) -> None:
    """The workers are other processes: ask one until it answers."""
    ask = f"GET /jwks HTTP/1.1\r\nHost: millenet.localhost:{address.port}\r\nConnection: close\r\n\r\n".encode()
    while True:
        try:
            with socket.create_connection(("127.0.0.1", address.port), timeout=5) as line:
                trust = _trust(certified.authority.parent, certified) if certified else None
                wire = trust.wrap_socket(line, server_hostname="millenet.localhost") if trust else line
                wire.sendall(ask)
                if b" 200 " in wire.recv(64):
                    break
        except OSError:
            pass
        time.sleep(0.05)
    _say_ready(address, certified, began)


def _trust(folder: Path, certified: Certified | None) -> ssl.SSLContext | None:
    return trusting(folder) if certified else None


def _say_ready(address: Address, certified: Certified | None, began: float) -> None:
    seconds = time.monotonic() - began
    if certified:
        print(f"Let your browser trust {certified.authority.resolve()}, or accept its warning.", flush=True)
    print(f"Ready in {seconds:.1f} s: open {address.origin('start')}  (Ctrl+C ends it)", flush=True)
