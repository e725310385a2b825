"""`poreka demo`: the whole federation on this machine, with one command. It serves loopback only.

With one worker the server runs in this very process; with more, in worker processes that share the databases. Read
next: `demo/server.py`.
"""

import asyncio
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Annotated

import cyclopts
import uvloop

from poreka.cli.ending import FAILED, WRONG_USAGE, stop
from poreka.cli.faults import explained
from poreka.cli.worker import DEMO_ADDRESS, DEMO_FOLDER
from poreka.demo.federation import build_demonstration
from poreka.demo.presets import Address
from poreka.demo.proxy import certificate_proxy
from poreka.demo.server import demo_address, demo_config, prepare, serving, trusted_by
from poreka.demo.tls_certificates import Certified
from poreka.running.serving.http_server import check_free, run_workers
from poreka.running.serving.logs import log_short

ALL = "all"


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
        sys.exit(_walk(None if walk == ALL else walk, data, bank, tls=tls))
    address = demo_address(port, certificate_port, tls=tls)
    run_demo(address, data or Path("demo-data"), fresh=fresh, workers=workers, banks=bank)


def _walk(name: str | None, data: Path | None, banks: tuple[Path, ...], *, tls: bool) -> int:
    """The exit code of a walk, for which a temporary folder is made unless one is given."""
    from poreka.demo.walk.show import NoSuchJourney, walk_and_report  # noqa: PLC0415 - only a walk pays for it

    log_short()
    with tempfile.TemporaryDirectory(prefix="poreka-") as folder, explained():
        try:
            passed = walk_and_report(name, data or Path(folder), banks, tls=tls)
        except NoSuchJourney as fault:
            stop(f"--walk: {fault}", WRONG_USAGE)
    return 0 if passed else FAILED


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


async def _serve(address: Address, folder: Path, certified: Certified | None, began: float) -> None:
    async with serving(address, folder, certified) as (server, done):
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, server.handle_exit, name, None)
        _say_ready(address, certified, began)
        await done


def _serve_in_workers(address: Address, folder: Path, certified: Certified | None, workers: int, began: float) -> None:
    check_free("127.0.0.1", address.port)

    async def lay_once() -> None:
        await (await build_demonstration(folder, address, trusted_by(folder, certified))).stop()

    asyncio.run(lay_once())
    os.environ[DEMO_FOLDER], os.environ[DEMO_ADDRESS] = (
        str(folder.resolve()),
        f"{address.scheme}:{address.port}:{address.certificate_port or ''}",
    )
    config = demo_config("poreka.cli.worker:served_demonstration", address, certified, workers)
    threading.Thread(target=_say_when_answered, args=(address, certified, began), daemon=True).start()
    run_workers(config)


def _say_when_answered(address: Address, certified: Certified | None, began: float) -> None:
    """The workers are other processes: ask one until it answers."""
    ask = f"GET /jwks HTTP/1.1\r\nHost: millenet.localhost:{address.port}\r\nConnection: close\r\n\r\n".encode()
    while True:
        try:
            with socket.create_connection(("127.0.0.1", address.port), timeout=5) as line:
                trust = trusted_by(certified.authority.parent, certified) if certified else None
                wire = trust.wrap_socket(line, server_hostname="millenet.localhost") if trust else line
                wire.sendall(ask)
                if b" 200 " in wire.recv(64):
                    break
        except OSError:
            pass
        time.sleep(0.05)
    _say_ready(address, certified, began)


def _say_ready(address: Address, certified: Certified | None, began: float) -> None:
    seconds = time.monotonic() - began
    if certified:
        print(f"Let your browser trust {certified.authority.resolve()}, or accept its warning.", flush=True)
    print(f"Ready in {seconds:.1f} s: open {address.origin('start')}  (Ctrl+C ends it)", flush=True)
