"""A portal from its settings with a door for certificates, and a real server with the list of revoked ones."""

import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any

import httpx2
import pytest

from poreka.cli.single import Single, build_single
from poreka.settings import settings_from
from poreka.systems.portal.certificate.build import check_door_files
from poreka.systems.portal.settings import PortalSettings
from poreka.systems.portal.store.certificate_hand_overs import CertificateHandOvers
from poreka.systems.portal.system import Portal
from poreka.web.settings.every_kind import SettingsError
from tests.support.certificates import JAN, Authority, Issued

DOOR, SECRET = "https://certificate.pue.localhost:8000", "proxy-secret-of-this-test"


def settings_with(**certificates: Any) -> PortalSettings:
    tables = tomllib.loads(resources.files("poreka.presets").joinpath("pue.toml").read_text("utf-8"))
    named = {"origin": DOOR, "authorities": "qualified.pem", "proxy_secret_file": "proxy.secret"}
    settings = settings_from({**tables, "certificates": named | certificates}, "pue.toml")
    assert isinstance(settings, PortalSettings)
    return settings


def write_files(folder: Path, authority: Authority) -> None:
    (folder / "qualified.pem").write_bytes(authority.pem)
    (folder / "proxy.secret").touch(0o600)
    (folder / "proxy.secret").write_text(SECRET + "\n")


@contextmanager
def publishing() -> Iterator[tuple[str, dict[str, bytes]]]:
    """A server of this machine; what lies at each path."""
    shelf: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = shelf.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("content-length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://crl.localhost:{server.server_port}", shelf
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def outcome(single: Single, shown: Issued, secret: str = SECRET) -> str:
    """What the door says to a certificate: the reason why not, or empty text."""
    portal = single.system
    assert isinstance(portal, Portal)
    hand_overs = CertificateHandOvers(portal.database, portal.seal, portal.fresh)
    state = portal.fresh.secret()
    await portal.database.insert(hand_overs.adding(state, b"browser", portal.clock() + 60))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=single.application)) as client:
        headers = {"poreka-proxy-secret": secret, "client-cert": shown.header}
        answer = await client.get(f"{DOOR}/certificate/{state}", headers=headers)
    assert answer.status_code == 303
    found = await hand_overs.take(answer.headers["location"].partition("ticket=")[2], b"browser", portal.clock())
    assert found is not None
    return found.record.decode().partition('"reason":"')[2].partition('"')[0]


async def test_the_list_is_fetched_from_where_the_certificate_says(tmp_path: Path) -> None:
    import time

    with publishing() as (address, shelf):
        authority = Authority(now=int(time.time()), place=f"{address}/list.crl")
        write_files(tmp_path, authority)
        shelf["/list.crl"] = authority.list(revoked := [authority.issue(JAN)])
        single = await build_single(settings_with(), tmp_path)
        try:
            assert await outcome(single, authority.issue(JAN)) == ""
            assert await outcome(single, authority.issue(JAN), "another") == "missing"
            assert await outcome(single, revoked[0]) == "revoked"
            elsewhere = authority.issue(JAN, place=f"{address}/nothing-here")
            assert await outcome(single, elsewhere) == "not_checked"
        finally:
            await single.stop()


@pytest.mark.parametrize(
    ("missing", "said"), [("qualified.pem", "certificates.authorities"), ("proxy.secret", "cannot be read")]
)
async def test_a_file_that_is_not_there_is_told(tmp_path: Path, missing: str, said: str) -> None:
    write_files(tmp_path, Authority())
    check_door_files(settings_with(), tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(SettingsError, match=said):
        check_door_files(settings_with(), tmp_path)
    with pytest.raises(SettingsError, match=said):
        await build_single(settings_with(), tmp_path)


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, Authority())
    (tmp_path / "proxy.secret").chmod(0o644)
    with pytest.raises(SettingsError, match="others may read"):
        check_door_files(settings_with(), tmp_path)
