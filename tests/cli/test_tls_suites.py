"""Which suites of TLS 1.2 are taken, as BCP 195 (RFC 9325 §4.2) wants it: by us and by the documented nginx.

Named after the module of the OpenID Foundation's suite: RequireOnlyBCP195RecommendedCiphersForTLS12.
"""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import pytest

from poreka.demo.tls_certificates import certify
from poreka.running.serving.http_server import server_config
from tests.cli.documented_nginx import DOCS, DOOR, PORTAL, nginx
from tests.support.server import free_port

TAKEN = ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384")
REFUSED = ("ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256", "AES256-SHA")
"""CBC with and without forward secrecy, and no forward secrecy at all."""


def taken(port: int, suite: str, authority: Path) -> bool:
    """Whether a client that offers this suite of TLS 1.2 alone is let in."""
    context = ssl.create_default_context(cafile=authority)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{suite}:@SECLEVEL=0")
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 5) as plain,
            context.wrap_socket(plain, server_hostname=PORTAL) as secure,
        ):
            used = secure.cipher()
    except ssl.SSLError as refused:
        if refused.reason != "SSLV3_ALERT_HANDSHAKE_FAILURE":
            raise
        return False
    assert used is not None
    assert used[0] == suite
    return True


async def nothing(scope: object, receive: object, send: object) -> None:
    """An application that is never asked."""


@contextmanager
def ours(folder: Path) -> Iterator[int]:
    """The TLS of `poreka demo --tls`, for as many handshakes as come."""
    config = server_config(nothing, "127.0.0.1", 0, certificate=folder / "server.pem", key=folder / "server.key")
    config.load()
    assert config.ssl is not None
    context = config.ssl
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    plain, _ = listening.accept()
                except OSError:
                    return
                try:
                    context.wrap_socket(plain, server_side=True).close()
                except OSError:
                    plain.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.parametrize("server", ["ours", "nginx"])
def test_require_only_bcp195_recommended_ciphers_for_tls12(tmp_path: Path, server: str) -> None:
    certify(tmp_path, (PORTAL, DOOR))
    if server == "ours":
        with ours(tmp_path) as port:
            answers = {suite: taken(port, suite, tmp_path / "authority.pem") for suite in (*TAKEN, *REFUSED)}
    else:
        port = free_port()
        with nginx(tmp_path, free_port(), port, certificates=False):
            answers = {suite: taken(port, suite, tmp_path / "authority.pem") for suite in (*TAKEN, *REFUSED)}
    assert answers == dict.fromkeys(TAKEN, True) | dict.fromkeys(REFUSED, False)


def test_the_demonstrations_nginx_takes_the_documented_suites() -> None:
    documented = {line.strip() for line in DOCS.read_text("utf-8").splitlines() if line.startswith("ssl_ciphers ")}
    demo = resources.files("poreka.presets").joinpath("nginx", "demo.conf").read_text("utf-8")
    assert documented == {line.strip() for line in demo.splitlines() if "ssl_ciphers " in line}
    assert len(documented) == 1
