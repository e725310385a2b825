"""The headers of every answer, and the files that may be cached for ever."""

import pytest

from poreka.web.headers import security_headers
from poreka.web.pages import STATIC_PATH, static_path
from poreka.web.static import static_file
from tests.support.in_process import BankInProcess


def test_no_page_is_framed_sniffed_cached_or_scripted_from_elsewhere() -> None:
    headers = {name.decode(): value.decode() for name, value in security_headers(https=True)}
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"].startswith("max-age=")


def test_on_loopback_no_browser_is_told_to_remember_https() -> None:
    for headers in (security_headers(https=False), security_headers(https=True, demo=True)):
        assert b"strict-transport-security" not in dict(headers)


@pytest.mark.parametrize("name", ["poreka.css", "poreka.js", "favicon.svg", "fonts/atkinson-latin.woff2"])
def test_a_file_is_at_its_fingerprint(name: str) -> None:
    response = static_file(static_path(name))
    assert response is not None
    assert "immutable" in response.headers["cache-control"]
    assert static_path(name) == static_path(name)
    assert static_file(f"{STATIC_PATH}000000000000/{name}") is None


def test_files_have_the_right_types() -> None:
    kinds = {
        "poreka.css": "text/css",
        "poreka.js": "text/javascript",
        "fonts/atkinson-latin.woff2": "font/woff2",
    }
    for name, kind in kinds.items():
        response = static_file(static_path(name))
        assert response is not None
        assert response.headers["content-type"].startswith(kind)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        ".",
        "..",
        "../pages.py",
        "../../settings.py",
        "/etc/hostname",
        "//etc/hostname",
        "fonts",
        "fonts/",
        "fonts/../poreka.css",
        "poreka.css/",
        "x" * 400,
        "poreka.css\0",
        "\udcff",
        "nothing.css",
        "C:\\x",
    ],
)  # fmt: skip
async def test_no_other_file_is_ever_opened(bank: BankInProcess, name: str) -> None:
    assert static_file(f"{STATIC_PATH}000000000000/{name}") is None
    answer = await bank.site.raw("GET", f"{STATIC_PATH}000000000000/{name}", b"", [], [])
    assert answer.status_code == 404


async def test_files_are_served_with_the_headers_of_every_answer(bank: BankInProcess) -> None:
    answer = await bank.site.call("GET", static_path("poreka.css"))
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers.get_list("cache-control") == ["public, max-age=31536000, immutable"]
    assert (await bank.site.call("POST", static_path("poreka.css"), form={})).status_code == 404
