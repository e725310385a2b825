"""Frameworks as they come sign people in at our bank, each from the files of its page in `docs/frameworks`.

What is compiled (Go) is run where `POREKA_TEST_GO=1` asks for it; its modules are pinned in `go/go.mod`. Frameworks
for Java, and Keycloak, are in `test_java_frameworks.py`.
"""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.interop.at_the_bank import consent_with_code, sign_in
from tests.interop.documented import Example, files_of
from tests.interop.forward_proxy import forward_proxy
from tests.interop.peers import (
    APACHE,
    MOD_AUTH_OPENIDC,
    install_node_packages,
    node_binary,
    run_mod_auth_openidc,
    started,
    wait_for_port,
)
from tests.support.server import Demo
from tests.support.visit import Page, Visitor

pytestmark = pytest.mark.interop
HERE = Path(__file__).parent
GO = shutil.which("go") or "/usr/local/go/bin/go"
with_go = pytest.mark.skipif(
    os.environ.get("POREKA_TEST_GO") != "1" or not Path(GO).exists(),
    reason="Go is not asked for (POREKA_TEST_GO=1), or not installed: compiling takes minutes",
)
GO_SECONDS = 900


@pytest.fixture(autouse=True)
def _not_our_pages(visitor: Visitor) -> None:
    visitor.foreign.add("127.0.0.1")


@pytest.fixture
def example(demo: Demo, tmp_path: Path) -> Callable[[str], Example]:
    return lambda page: Example(demo, page, tmp_path)


@contextmanager
def running(example: Example, *command: str | Path, **environment: str) -> Iterator[None]:
    """The application of a page, in its folder, with the secret it was given."""
    with forward_proxy() as port:
        proxied = {"http_proxy": f"http://127.0.0.1:{port}", "HTTP_PROXY": f"http://127.0.0.1:{port}", "no_proxy": ""}
        env = {**os.environ, **proxied, "CLIENT_SECRET": example.secret, **environment}
        log = example.folder / "application.log"
        with started(list(command), log, env=env, folder=example.folder):
            wait_for_port(example.port, log)
            yield


def signed_in(demo: Demo, visitor: Visitor, url: str, key: str = "helena") -> Page:
    return consent_with_code(demo, sign_in(visitor.open(url), demo.person(key)), key)


def is_told_of(told: Mapping[str, object], person: Mapping[str, object]) -> bool:
    return (told["given_name"], told["family_name"]) == (person["first_name"], person["last_name"])


def test_authlib(demo: Demo, visitor: Visitor, example: Callable[[str], Example]) -> None:
    page = example("authlib.md")
    with running(page, sys.executable, "-m", "uvicorn", "app:app", "--port", str(page.port)):
        refused = visitor.open(f"{page.origin}/sign-in").submit("Anuluj")
        assert (refused.status, refused.response.json()["error"]) == (400, "access_denied")
        shown = signed_in(demo, visitor, f"{page.origin}/sign-in")
    assert shown.url == f"{page.origin}/"
    assert is_told_of(shown.response.json(), demo.person("helena"))


def test_django_allauth(demo: Demo, visitor: Visitor, example: Callable[[str], Example]) -> None:
    page, person = example("django-allauth.md"), demo.person("helena")
    django = {"PYTHONPATH": ".", "DJANGO_SETTINGS_MODULE": "library_settings"}
    admin = [sys.executable, "-m", "django"]
    subprocess.run([*admin, "migrate", "-v0"], cwd=page.folder, env={**os.environ, **django}, check=True)
    with running(page, *admin, "runserver", "--noreload", f"127.0.0.1:{page.port}", **django):
        away = visitor.open(f"{page.origin}/accounts/oidc/bank/login/").submit()
        shown = consent_with_code(demo, sign_in(away, person), "helena")
        assert shown.url == f"{page.origin}/"
    assert shown.response.json() == {"name": f"{person['first_name']} {person['last_name']}"}


def test_openid_client(demo: Demo, visitor: Visitor, example: Callable[[str], Example]) -> None:
    page, person = example("openid-client.md"), demo.person("helena")
    install_node_packages()
    (page.folder / "node_modules").symlink_to(HERE / "node" / "node_modules")
    shutil.copy(HERE.parents[1] / "src/poreka/presets/sandbox-fapi.jwk.json", page.folder / "key.json")
    with started([node_binary(), "sign-in.mjs"], page.folder / "application.log", folder=page.folder) as spoken:
        signed_in(demo, visitor, spoken.line().removeprefix("Open "))
        told = spoken.line()
    assert f'"pesel":"{person["pesel"]}"' in told
    assert f'"given_name":"{person["first_name"]}"' in told


@pytest.mark.skipif(not (APACHE.exists() and MOD_AUTH_OPENIDC.exists()), reason="Apache or its module is missing")
def test_mod_auth_openidc(demo: Demo, visitor: Visitor, example: Callable[[str], Example]) -> None:
    page, person = example("mod-auth-openidc.md"), demo.person("helena")
    configured = (page.folder / "openid.conf").read_text()
    with run_mod_auth_openidc(page.folder / "apache", configured, client_secret=page.secret, port=page.port) as site:
        shown = signed_in(demo, visitor, site.secret_url)
    assert shown.status == 200, site.complaints.read_text()
    assert f"given_name={person['first_name']}" in shown.response.text
    assert f"family_name={person['last_name']}" in shown.response.text
    assert person["pesel"] not in shown.response.text


@with_go
@pytest.mark.timeout(GO_SECONDS)
def test_zitadel_oidc(demo: Demo, visitor: Visitor, example: Callable[[str], Example]) -> None:
    page = example("zitadel-oidc.md")
    for file in ("go.mod", "go.sum"):
        shutil.copy(HERE / "go" / file, page.folder)
    subprocess.run([GO, "build", "-o", "library", "main.go"], cwd=page.folder, check=True, timeout=GO_SECONDS)
    with running(page, page.folder / "library"):
        shown = signed_in(demo, visitor, f"{page.origin}/sign-in")
    assert is_told_of(shown.response.json(), demo.person("helena"))


@with_go
@pytest.mark.timeout(GO_SECONDS)
def test_oauth2_proxy(demo: Demo, visitor: Visitor, example: Callable[[str], Example]) -> None:
    page = example("oauth2-proxy.md")
    proxy, source = page.folder / "oauth2-proxy", "github.com/oauth2-proxy/oauth2-proxy/v7"
    subprocess.run([GO, "build", "-o", proxy, source], cwd=HERE / "go", check=True, timeout=GO_SECONDS)
    kept = {"OAUTH2_PROXY_CLIENT_SECRET": page.secret, "OAUTH2_PROXY_COOKIE_SECRET": secrets.token_hex(16)}
    with running(page, proxy, "--config", page.folder / "oauth2-proxy.cfg", **kept):
        shown = signed_in(demo, visitor, f"{page.origin}/")
        assert (shown.url, shown.status) == (f"{page.origin}/", 200)
        who = visitor.open(f"{page.origin}/oauth2/userinfo").response.json()
    assert who["user"] == who["email"]


def test_every_page_is_run_by_a_test_and_fits_a_screen() -> None:
    tests = "".join((HERE / f"test_{name}frameworks.py").read_text() for name in ("", "java_"))
    pages = sorted(file for file in (HERE.parents[1] / "docs" / "frameworks").glob("*.md") if file.name != "README.md")
    assert len(pages) == 8
    for page in pages:
        assert f'"{page.name}"' in tests, f"no test runs {page.name}"
        assert "registration.json" in files_of(page.name)
