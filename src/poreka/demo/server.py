"""The demonstration on this machine, laid into a folder and served in this process: for the command and for the walk.

The data folder also gets each system's settings as a file, so that `poreka audit verify DIR/millenet.toml` and the
other commands work on the demonstration too.
"""

import asyncio
import os
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn

from poreka.demo.federation import Demonstration, build_demonstration, demo_authority
from poreka.demo.people import read_people
from poreka.demo.presets import ADDED, CERTIFICATE_HOST, Address, added_banks, read_added, settings_text
from poreka.demo.proxy import FOLDER, find_nginx
from poreka.demo.tls_certificates import Certified, certify, trusting
from poreka.kinds import DEMO_KEYS
from poreka.running.failed import Failed
from poreka.running.serving.http_server import check_free, server_config
from poreka.running.serving.lifespan import Served

LOOK_SECONDS = 0.01
DATABASE_SUFFIXES = (".db", ".db-wal", ".db-shm", ".db-turn", ".secrets", ".toml", ".pem", ".key", ".p12")


def demo_address(port: int, certificate_port: int | None = None, *, tls: bool) -> Address:
    """Where the demonstration will be reached; browsers can show certificates where there is https and nginx."""
    if not tls:
        return Address(port)
    return Address(port, "https", (certificate_port or port + 1) if find_nginx() else None)


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


@asynccontextmanager
async def serving(
    address: Address, folder: Path, certified: Certified | None
) -> AsyncIterator[tuple[uvicorn.Server, asyncio.Task[None]]]:
    """A demonstration that answers, in this process; raises `Failed` when the port is taken."""
    check_free("127.0.0.1", address.port)
    demonstration = await build_demonstration(folder, address, trusted_by(folder, certified))

    async def ready() -> Demonstration:
        return demonstration

    server = uvicorn.Server(demo_config(Served(ready), address, certified))
    done = asyncio.create_task(server.serve())
    while not server.started and not done.done():  # noqa: ASYNC110 - uvicorn tells it in no other way
        await asyncio.sleep(LOOK_SECONDS)
    try:
        yield server, done
    finally:
        server.should_exit = True
        await done


def demo_config(app: object, address: Address, certified: Certified | None, workers: int = 1) -> uvicorn.Config:
    """How the demonstration is served: on loopback alone; `app` is as in `server_config`."""
    certificate, key = (certified.certificate, certified.key) if certified else (None, None)
    return server_config(app, "127.0.0.1", address.port, workers=workers, certificate=certificate, key=key)


def trusted_by(folder: Path, certified: Certified | None) -> ssl.SSLContext | None:
    """Whom the systems trust when they call one another."""
    return trusting(folder) if certified else None
