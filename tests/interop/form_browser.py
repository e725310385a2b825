"""A browser small enough for protocol tests: cookies, redirects, the first form on a page; no script.

It knows that `*.localhost` is the loopback address. For anything that a person sees, use a real browser.
"""

from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin

import httpx2


class FormBrowser:
    """One person's browser over all origins."""

    def __init__(self) -> None:
        self._client = httpx2.Client(transport=_Loopback(), follow_redirects=True, timeout=20)
        self.page: httpx2.Response | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def open(self, url: str) -> httpx2.Response:
        """Go to an address and follow redirects."""
        self.page = self._client.get(url)
        return self.page

    def submit(self, **fields: str) -> httpx2.Response:
        """Fill in the first form of the present page and send it, hidden fields included."""
        assert self.page is not None, "open a page first"
        form = _FirstForm()
        form.feed(self.page.text)
        assert form.found, f"no form at {self.page.url}: {self.page.text[:500]}"
        action = urljoin(str(self.page.url), form.action)
        self.page = self._client.request(form.method, action, data={**form.hidden, **fields})
        return self.page


class _FirstForm(HTMLParser):
    """Where the first form goes, and what it carries unseen."""

    def __init__(self) -> None:
        super().__init__()
        self.found = self._over = False
        self.action, self.method = "", "GET"
        self.hidden: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.found:
            self.found = True
            self.action, self.method = named.get("action", ""), named.get("method", "get").upper()
        elif tag == "input" and self.found and not self._over and named.get("type") == "hidden":
            self.hidden[named["name"]] = named.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._over = self._over or (tag == "form" and self.found)


class _Loopback(httpx2.BaseTransport):
    """Connects to 127.0.0.1 for every name under `.localhost`; the Host header stays as it was (RFC 6761)."""

    def __init__(self) -> None:
        self._inner = httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        if url.host == "localhost" or url.host.endswith(".localhost"):
            url = url.copy_with(host="127.0.0.1")
        return self._inner.handle_request(
            httpx2.Request(request.method, url, headers=request.headers, stream=request.stream)
        )

    def close(self) -> None:
        self._inner.close()
