"""The nginx of docs/operating.md, word for word but for paths, names and ports."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poreka.demo.proxy import find_nginx

DOCS = Path(__file__).parents[2] / "docs" / "operating.md"
PORTAL, DOOR = "pue.localhost", "certificate.pue.localhost"
SECRET = "0123456789abcdef" * 4
ADDRESS = "test-address"
"""By this header a test is somewhere else; only the frame around the documented servers believes it."""


def block(language: str, containing: str) -> str:
    """The one block of the document in which this stands."""
    blocks = re.findall(rf"```{language}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    (found,) = (text for text in blocks if containing in text)
    return str(found)


@contextmanager
def nginx(folder: Path, port: int, public_port: int, *, certificates: bool = True) -> Iterator[None]:
    """Debian's nginx with the documented servers in front of `port`; certificates lie in the folder."""
    found = find_nginx()
    assert found is not None, "nginx or its JavaScript module is missing: ./run setup tests"

    def documented(containing: str) -> str:
        text = block("nginx", containing).replace("/etc/poreka", str(folder)).replace("/var/log/nginx", str(folder))
        text = text.replace("listen 443", f"listen 127.0.0.1:{public_port}").replace("pue.example;", f"{PORTAL};")
        text = text.replace("pue.example.pem", "server.pem").replace("pue.example.key", "server.key")
        return text.replace("127.0.0.1:8000", f"127.0.0.1:{port}")

    servers = documented("# the portal")
    (folder / "proxy_limits.conf").write_text(documented("@too_many {"))
    (folder / "proxy_headers.conf").write_text(documented("# nothing of what the client sent"))
    if certificates:
        servers += documented("# the door for certificates")
        (folder / "client_cert.js").write_text(block("javascript", "ssl_client_raw_cert"))
        (folder / "proxy_secret.conf").write_text(f"proxy_set_header Poreka-Proxy-Secret {SECRET};\n")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    frame = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in kinds)
    frame += f"set_real_ip_from 127.0.0.1; real_ip_header {ADDRESS};"
    user = "user root;" if os.geteuid() == 0 else ""
    head = f"load_module {found.module}; {user} daemon off; pid {folder}/nginx.pid; error_log stderr crit;"
    (folder / "nginx.conf").write_text(f"{head} events {{}} http {{ access_log off; {frame}\n{servers}\n}}\n")
    with running([found.program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"], public_port):
        yield


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """A process that listens at a port, for as long as this lasts."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 60
            while not answers(port):
                assert process.poll() is None, f"{command[0]} ended"
                assert time.monotonic() < until, f"{command[0]} was silent"
                time.sleep(0.05)
            yield
        finally:
            process.terminate()


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
