"""The documented back end for an application in the browser signs people in: `examples/browser-application`."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.interop.at_the_bank import consent_with_code, sign_in
from tests.interop.peers import free_port, install_node_packages, node_binary, started
from tests.support.axe import assert_accessible
from tests.support.browser import Windows
from tests.support.server import Demo
from tests.support.visit import Visitor

pytestmark = pytest.mark.interop
HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples" / "browser-application"
FROM_APP = {"x-from-app": "1"}


@pytest.fixture
def origin(demo: Demo, visitor: Visitor, tmp_path: Path) -> Iterator[str]:
    visitor.foreign.add("127.0.0.1")
    install_node_packages()
    folder = shutil.copytree(EXAMPLE, tmp_path / "application", ignore=shutil.ignore_patterns("node_modules"))
    (folder / "node_modules").symlink_to(HERE / "node" / "node_modules")
    origin = f"http://127.0.0.1:{free_port()}"
    command = [node_binary(), "--import", f"{folder}/localhost.mjs", folder / "server.mjs"]
    environment = {**os.environ, "ISSUER": demo.origin("millenet"), "ORIGIN": origin}
    with started(command, tmp_path / "application.log", env=environment) as spoken:
        assert spoken.line() == f"open {origin}"
        yield origin


def asks(visitor: Visitor, method: str, url: str) -> httpx2.Response:
    """What the page's script asks, with the page's cookies."""
    cookie = visitor.cookies.header(httpx2.URL(url).netloc.decode(), "/", cross_site=False, method=method) or ""
    return httpx2.request(method, url, headers={**FROM_APP, "cookie": cookie})


def test_the_browser_has_a_session_and_no_token(demo: Demo, visitor: Visitor, origin: str) -> None:
    person = demo.person("helena")
    assert asks(visitor, "GET", f"{origin}/api/me").status_code == 401
    page = consent_with_code(demo, sign_in(visitor.open(f"{origin}/sign-in"), person), "helena")
    assert page.url == f"{origin}/"
    assert "script-src 'self'" in page.response.headers["content-security-policy"]
    told = asks(visitor, "GET", f"{origin}/api/me").json()
    assert (told["given_name"], told["family_name"]) == (person["first_name"], person["last_name"])
    ours = [one for one in visitor.trail if str(one.url).startswith(origin)]
    cookies = [cookie for one in ours for cookie in one.headers.get_list("set-cookie")]
    assert cookies
    assert all("HttpOnly" in cookie for cookie in cookies)
    assert any(cookie.startswith("session=") and "SameSite=Strict" in cookie for cookie in cookies)
    assert not any("access_token" in one.text or "id_token" in one.text for one in ours)

    leave = asks(visitor, "POST", f"{origin}/api/sign-out").json()["to"]
    assert visitor.open(leave).url == f"{origin}/"
    assert visitor.open(demo.url("millenet")).heading == "Logowanie: Millenet"
    assert asks(visitor, "GET", f"{origin}/api/me").status_code == 401


def test_another_site_reads_nothing_and_begins_nothing(visitor: Visitor, origin: str) -> None:
    for method, path in (("GET", "/api/me"), ("POST", "/api/sign-out")):
        answer = httpx2.request(method, f"{origin}{path}", headers={"origin": "https://evil.example"})
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    assert visitor.open(f"{origin}/callback?code=x&state=y").status == 400
    assert visitor.open(f"{origin}/..%2fserver.mjs").status == 404


def test_whoever_cancels_comes_back_unsigned(visitor: Visitor, origin: str) -> None:
    page = visitor.open(f"{origin}/sign-in").submit("Anuluj")
    assert page.url == f"{origin}/?sign-in=failed"
    assert asks(visitor, "GET", f"{origin}/api/me").status_code == 401


@pytest.mark.browser
async def test_the_page_shows_who_is_signed_in_and_signs_out(
    demo: Demo, visitor: Visitor, origin: str, chromium_windows: Windows
) -> None:
    page = await chromium_windows.open(f"{origin}/")
    await page.get_by_text("Nobody is signed in.").wait_for()
    await assert_accessible(page)
    person = demo.person("stanislaw")
    consent_with_code(demo, sign_in(visitor.open(f"{origin}/sign-in"), person), "stanislaw")
    session = visitor.cookies.header(httpx2.URL(origin).netloc.decode(), "/", cross_site=False, method="GET") or ""
    kept = [one.split("=", 1) for one in session.split("; ")]
    await page.context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in kept])
    await page.reload()
    await page.get_by_text(f"Signed in: {person['first_name']} {person['last_name']}").wait_for()
    await assert_accessible(page)
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_text("Nobody is signed in.").wait_for()


def test_the_example_asks_for_the_library_that_the_tests_have() -> None:
    asked, had = (json.loads((folder / "package.json").read_text()) for folder in (EXAMPLE, HERE / "node"))
    assert asked["dependencies"].items() <= had["dependencies"].items()
