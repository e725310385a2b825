"""The peers understand each other: what they say about Poręka in the other tests can then be believed."""

import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from tests.interop.documented import APPLICATION, PROVIDER, files_of
from tests.interop.form_browser import FormBrowser
from tests.interop.peers import (
    APACHE,
    MOD_AUTH_OPENIDC,
    ForeignProvider,
    fapi_client,
    free_port,
    openid_client,
    run_foreign_provider,
    run_mod_auth_openidc,
    run_openid_client,
)

PASSWORD = "brzozowy-zagajnik"
FACTS = {"given_name": "Halina", "family_name": "Żurawowska-Źrebłowiec", "pesel": "43101058965"}
HALINA = {"login": "halina", "password": PASSWORD, "claims": FACTS}
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"
SECRET = "pytanie-do-szumu-morza-i-wiatru"


class Stage:
    """A foreign provider with one client of each profile, whose ports are known."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ECKey.generate_key("P-256", {"kid": "client-1", "alg": "ES256", "use": "sig"})
        self.fapi_port, self.apache_port = free_port(), free_port()
        self.notices: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.notice_port = 0

    def clients(self) -> list[dict[str, Any]]:
        origin = f"http://127.0.0.1:{self.fapi_port}"
        keys = {"keys": [self.key.as_dict(private=False)]}
        return [
            fapi_client(
                "portal",
                f"{origin}/callback",
                keys,
                backchannel_logout_uri=f"http://portal.localhost:{self.notice_port}/logout-notice",
                backchannel_logout_session_required=True,
                post_logout_redirect_uris=[f"http://portal.localhost:{self.notice_port}/goodbye"],
            ),
            openid_client("apache", SECRET, f"http://127.0.0.1:{self.apache_port}/secret/callback"),
        ]


class LogoutDesk(BaseHTTPRequestHandler):
    """The relying party's logout address: takes notices in, says goodbye to browsers."""

    notices: queue.SimpleQueue[str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.notices.put(parse_qs(body)["logout_token"][0])
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(b"goodbye")

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(tmp_path_factory.mktemp("peers"))
    desk = type("Desk", (LogoutDesk,), {"notices": stage.notices})
    with ThreadingHTTPServer(("127.0.0.1", 0), desk) as server:
        stage.notice_port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield stage
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module", params=["127.0.0.1", "foreign.localhost"])
def provider(stage: Stage, request: pytest.FixtureRequest) -> Iterator[ForeignProvider]:
    with run_foreign_provider(
        stage.folder, accounts=[HALINA], clients=stage.clients(), port=free_port(), host=request.param
    ) as running:
        yield running


def test_openid_client_signs_in_at_oidc_provider_by_the_fapi_profile(stage: Stage, provider: ForeignProvider) -> None:
    with (
        run_openid_client(
            stage.folder,
            issuer=provider.issuer,
            client_id="portal",
            private_jwk=stage.key.as_dict(private=True),
            callback_port=stage.fapi_port,
            parameters={"acr_values": SUBSTANTIAL},
        ) as client,
        FormBrowser() as browser,
    ):
        assert "request_uri=" in client.authorization_url
        browser.open(client.authorization_url)
        refused = browser.submit(login="halina", password="wrong")
        assert "Wrong login or password" in refused.text
        browser.submit(login="halina", password=PASSWORD)
        outcome = client.outcome()

    assert outcome["token_type"] == "dpop"
    assert outcome["expires_in"] == 300
    assert outcome["id_token"]["iss"] == provider.issuer
    assert outcome["id_token"]["acr"] == SUBSTANTIAL
    assert outcome["userinfo"]["sub"] == outcome["id_token"]["sub"] != "halina"
    assert {name: outcome["userinfo"][name] for name in FACTS} == FACTS
    assert "pesel" not in outcome["id_token"]


def test_the_foreign_provider_signs_out_at_both_ends(stage: Stage, provider: ForeignProvider) -> None:
    with (
        run_openid_client(
            stage.folder,
            issuer=provider.issuer,
            client_id="portal",
            private_jwk=stage.key.as_dict(private=True),
            callback_port=stage.fapi_port,
        ) as client,
        FormBrowser() as browser,
    ):
        browser.open(client.authorization_url)
        browser.submit(login="halina", password=PASSWORD)
        identity = client.outcome()["id_token"]
        goodbye = f"http://portal.localhost:{stage.notice_port}/goodbye"
        leave = httpx2.QueryParams({"client_id": "portal", "post_logout_redirect_uri": goodbye, "state": "s1"})
        question = browser.open(f"{provider.issuer}/session/end?{leave}")
        assert "Sign out" in question.text
        ended = browser.submit(logout="yes")
        assert (ended.text, str(ended.url)) == ("goodbye", f"{goodbye}?state=s1")
        keys = KeySet.import_key_set(browser.open(f"{provider.issuer}/jwks").json())

    notice = jwt.decode(stage.notices.get(timeout=10), keys, algorithms=["ES256"]).claims
    assert (notice["iss"], notice["aud"], notice["sid"]) == (provider.issuer, "portal", identity["sid"])
    assert notice["sub"] == identity["sub"]
    assert "http://schemas.openid.net/event/backchannel-logout" in notice["events"]
    assert "nonce" not in notice


def test_openid_client_hears_that_the_person_cancelled(stage: Stage, provider: ForeignProvider) -> None:
    with (
        run_openid_client(
            stage.folder,
            issuer=provider.issuer,
            client_id="portal",
            private_jwk=stage.key.as_dict(private=True),
            callback_port=stage.fapi_port,
        ) as client,
        FormBrowser() as browser,
    ):
        browser.open(client.authorization_url)
        browser.submit(cancel="yes")
        assert client.outcome()["error"] == "access_denied"


def test_the_foreign_provider_refuses_a_fapi_client_with_a_foreign_key(stage: Stage, provider: ForeignProvider) -> None:
    foreign = ECKey.generate_key("P-256", {"kid": "client-1", "alg": "ES256", "use": "sig"})
    with (
        pytest.raises(Exception, match="invalid_client"),
        run_openid_client(
            stage.folder,
            issuer=provider.issuer,
            client_id="portal",
            private_jwk=foreign.as_dict(private=True),
            callback_port=stage.fapi_port,
        ),
    ):
        pass


@pytest.mark.skipif(
    not (APACHE.exists() and MOD_AUTH_OPENIDC.exists()),
    reason="Debian packages apache2 and libapache2-mod-auth-openidc are not installed",
)
def test_mod_auth_openidc_signs_in_at_oidc_provider_by_the_openid_profile(
    stage: Stage, provider: ForeignProvider, tmp_path: Path
) -> None:
    configured = files_of("mod-auth-openidc.md")["openid.conf"]
    for documented, here in (
        (PROVIDER, provider.issuer),
        (APPLICATION, f"127.0.0.1:{stage.apache_port}"),
        ("OIDCClientID mod-auth-openidc", "OIDCClientID apache"),
    ):
        configured = configured.replace(documented, here)
    with (
        run_mod_auth_openidc(tmp_path, configured, client_secret=SECRET, port=stage.apache_port) as site,
        FormBrowser() as browser,
    ):
        browser.open(site.secret_url)
        shown = browser.submit(login="halina", password=PASSWORD)
        assert str(shown.url) == site.secret_url, site.complaints.read_text()
        facts = dict(line.split("=", 1) for line in shown.text.splitlines() if line)
        assert facts["iss"] == provider.issuer
        assert facts["given_name"] == "Halina"
        assert facts["family_name"] == "Żurawowska-Źrebłowiec"
        assert facts["remote_user"].startswith(facts["sub"])
