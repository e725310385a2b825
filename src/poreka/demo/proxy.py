"""`poreka demo --tls`: nginx in front of the origin where browsers show certificates, as a child of the demo.

The Python server cannot tell the application which certificate a client showed, so a proxy must (RFC 9440), as in
earnest. It runs as whoever runs the demonstration, out of the data folder, on loopback, and ends with it. Where
nginx or its JavaScript module is not installed, the portal's page says what to install, and all else works.
"""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from poreka.demo.certificates import AUTHORITY
from poreka.demo.presets import CERTIFICATE_HOST, PROXY_SECRET, Address
from poreka.demo.tls_certificates import Certified
from poreka.running.failed import Failed
from poreka.running.serving.http_server import check_free

FOLDER = "nginx"
MODULE = "ngx_http_js_module.so"
MODULE_FOLDERS = ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/local/libexec/nginx")
START_SECONDS, END_SECONDS = 10.0, 5.0


@dataclass(frozen=True, slots=True)
class Nginx:
    """Where nginx and the module are."""

    program: str
    module: str


def find_nginx() -> Nginx | None:
    """The nginx of this machine, if it can do what is needed."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/local/sbin")
    module = next((found for folder in MODULE_FOLDERS if (found := Path(folder) / MODULE).exists()), None)
    return Nginx(program, str(module)) if program and module else None


@contextmanager
def certificate_proxy(folder: Path, address: Address, certified: Certified | None) -> Iterator[None]:
    """The proxy, running for as long as this lasts; nothing where there is no nginx or no https."""
    nginx = find_nginx()
    if nginx is None or certified is None or address.certificate_port is None:
        yield
        return
    check_free("127.0.0.1", address.certificate_port)
    _write_files(nginx, folder, address, certified)
    here = str((folder / FOLDER).resolve())
    command = [nginx.program, "-p", here, "-c", f"{here}/nginx.conf", "-e", "stderr"]
    process = subprocess.Popen([*_dying_with_us(), *command], stdin=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        _wait_for(process, address.certificate_port)
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(END_SECONDS)
        process.kill()
        process.wait()


def _dying_with_us() -> list[str]:
    """Whoever kills the demonstration outright kills its proxy too, where util-linux is there to see to it."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def _write_files(nginx: Nginx, folder: Path, address: Address, certified: Certified) -> None:
    own = folder / FOLDER
    own.mkdir(mode=0o700, exist_ok=True)
    preset = resources.files("poreka.presets").joinpath("nginx")
    (own / "client_cert.js").write_text(preset.joinpath("client_cert.js").read_text("utf-8"), "utf-8")
    values = {
        "MODULE": nginx.module,
        "USER": "user root;" if os.geteuid() == 0 else "",
        "FOLDER": str(own.resolve()),
        "PORT": str(address.certificate_port),
        "NAME": CERTIFICATE_HOST,
        "CERTIFICATE": str(certified.certificate.resolve()),
        "KEY": str(certified.key.resolve()),
        "AUTHORITIES": str((folder / AUTHORITY).resolve()),
        "PORTAL_PORT": str(address.port),
        "TRUSTED": str(certified.authority.resolve()),
        "SECRET": _secret(folder),
    }
    text = preset.joinpath("demo.conf").read_text("utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    conf = own / "nginx.conf"
    conf.touch(mode=0o600)
    conf.write_text(text, "utf-8")


def _secret(folder: Path) -> str:
    """What the proxy proves itself with: made once in a data folder."""
    file = folder / PROXY_SECRET
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32) + "\n", "ascii")
    return file.read_text("ascii").strip()


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise Failed("nginx did not start; the lines above say why")
