"""`poreka serve`: one system from one settings file, in as many worker processes as asked for.

It listens on this machine's loopback unless told otherwise, speaks plain HTTP to the TLS proxy in front of it
and believes no header that a proxy may add: the address of the system is the one in its settings.
"""

import asyncio
import os
from pathlib import Path

from poreka.cli.ending import WRONG_USAGE, stop
from poreka.cli.faults import explained
from poreka.cli.single import build_single
from poreka.cli.worker import SETTINGS_FILE
from poreka.running.failed import Failed
from poreka.running.serving.connection_count import warn_of_too_few_connections
from poreka.running.serving.draining import DrainingServer
from poreka.running.serving.http_server import check_free, run_workers, server_config
from poreka.running.serving.logs import log_json
from poreka.settings import read_settings
from poreka.web.settings.every_kind import is_loopback


def serve(file: Path, /, *, listen: str = "127.0.0.1:8000", workers: int = 1) -> None:
    """Serve one system from its settings file.

    Parameters
    ----------
    file
        The system's settings file.
    listen
        HOST:PORT to listen at; the demonstration takes loopback only.
    workers
        Number of worker processes.
    """
    host, port = read_listen(listen)
    if workers < 1:
        stop("--workers must be at least 1", WRONG_USAGE)
    log_json()
    with explained(file):
        settings = read_settings(file)
        if settings.system.demo and not is_loopback(f"http://{_bracketed(host)}"):
            raise Failed(f"system.demo: the demonstration serves loopback only; {host} is not loopback")
        check_free(host, port)
        asyncio.run(_try_once(file, workers))
    os.environ[SETTINGS_FILE] = str(file.resolve())
    config = server_config(
        "poreka.cli.worker:served_system",
        host,
        port,
        workers=workers,
        drain_seconds=settings.server.drain_seconds,
    )
    if workers > 1:
        run_workers(config)
    else:
        DrainingServer(config).run()


def read_listen(text: str) -> tuple[str, int]:
    """`127.0.0.1:8000` or `[::1]:8000`; ends the command when it is neither."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        stop(f"--listen must be HOST:PORT with a port from 1 to 65535, not {text!r}", WRONG_USAGE)
    return host.strip("[]"), int(port)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _try_once(file: Path, workers: int) -> None:
    """Build and stop it once: what is wrong is told here, plainly, before any worker starts."""
    settings = read_settings(file)
    system = await build_single(settings, file.parent)
    try:
        await warn_of_too_few_connections(settings, system.system.database, workers)
    finally:
        await system.stop()
