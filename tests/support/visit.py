"""An HTTP client that behaves like a browser without scripts, and checks every page and redirect it sees.

It follows redirects one by one (each is kept in `trail`), keeps cookies by host, sends Origin and
Sec-Fetch-Site as a browser would, finds *.localhost on loopback, and fills in forms as they stand on the
page: hidden fields included, unknown fields refused. Synchronous on purpose: a journey reads from top to
bottom. In an asynchronous test: `await asyncio.to_thread(...)`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.support.cookie_jar import CookieJar
from tests.support.form import BUTTONS, Form, inside, words
from tests.support.page_checks import complaints_about, unknown_barriers

MOST_REDIRECTS = 20
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass
class Page:
    """What a person sees after a click: the last answer of a chain of redirects."""

    visitor: "Visitor"
    response: httpx2.Response
    url: str
    html: LexborHTMLParser | None

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def document(self) -> LexborHTMLParser:
        assert self.html is not None, f"{self.url} answered {self.response.headers.get('content-type')}, not a page"
        return self.html

    @property
    def text(self) -> str:
        """The words of the page's main part, spaces evened out."""
        main = self.document.css_first("main") or self.document.body
        return words(main) if main else ""

    @property
    def heading(self) -> str:
        node = self.document.css_first("h1")
        return words(node) if node else ""

    def has(self, selector: str) -> bool:
        return self.document.css_first(selector) is not None

    def forms(self) -> list[Form]:
        return [Form.read(node, self.url) for node in self.document.css("form")]

    def form_with(self, button: str | None, answers: dict[str, Any]) -> Form:
        """The form a person would use: it has that button and those fields.

        Forms outside `main` come last.
        """
        forms = sorted(self.forms(), key=lambda form: not inside(form.node, "main"))
        for form in forms:
            if (button is None or form.button(button) is not None) and answers.keys() <= form.fields.keys():
                return form
        offered = [(sorted(form.fields), [words(node) for node in form.node.css(BUTTONS)]) for form in forms]
        raise AssertionError(
            f"no form with button {button!r} and {sorted(answers)} at {self.url}; there are: {offered}"
        )

    def submit(self, button: str | None = None, **answers: str | list[str]) -> "Page":
        """Fill in the form that has this button and these fields, and press the button."""
        form = self.form_with(button, answers)
        fields = form.filled(answers)
        pressed = form.button(button)
        if pressed is not None:
            if name := pressed.attributes.get("name"):
                fields[name] = [pressed.attributes.get("value") or ""]
            action = pressed.attributes.get("formaction")
            form.action = urljoin(self.url, action) if action else form.action
        if form.method == "GET":
            url = httpx2.URL(form.action).copy_merge_params(fields)
            return self.visitor.go("GET", str(url), origin=self.url)
        return self.visitor.go(form.method, form.action, origin=self.url, data=fields)

    def follow(self, text: str) -> "Page":
        """Click the first link that carries `text`."""
        for link in self.document.css("a[href]"):
            if text in words(link):
                return self.visitor.go("GET", urljoin(self.url, link.attributes["href"] or ""), origin=self.url)
        raise AssertionError(f"no link {text!r} at {self.url}; there are: {[words(a) for a in self.document.css('a')]}")


@dataclass
class Visitor:
    """One person's browser: cookies, language, and the trail of everything it was sent through."""

    client: httpx2.Client
    language: str = "pl"
    cookies: CookieJar = field(default_factory=CookieJar)
    trail: list[httpx2.Response] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)
    """Hosts whose pages are not ours to check."""

    def open(self, url: str) -> Page:
        """Type an address."""
        return self.go("GET", url, origin=None)

    def go(self, method: str, url: str, *, origin: str | None, data: dict[str, list[str]] | None = None) -> Page:
        """Navigate, following redirects as browsers do: after 302 and 303 a POST becomes a GET."""
        for _ in range(MOST_REDIRECTS):
            response = self.send(method, url, origin=origin, data=data)
            if response.status_code not in REDIRECTS or "location" not in response.headers:
                html = response.headers.get("content-type", "").startswith("text/html")
                return Page(self, response, url, LexborHTMLParser(response.text) if html else None)
            url = urljoin(url, response.headers["location"])
            if response.status_code not in (307, 308):
                method, data = "GET", None
        raise AssertionError(
            f"more than {MOST_REDIRECTS} redirects, now at {urlsplit(url)._replace(query='').geturl()}"
        )

    def send(
        self, method: str, url: str, *, origin: str | None, data: dict[str, list[str]] | None = None
    ) -> httpx2.Response:
        """One request without following; its answer is checked and remembered."""
        parts = urlsplit(url)
        host, cross_site = parts.netloc, origin is not None and urlsplit(origin).hostname != parts.hostname
        headers = {
            "Host": host,
            "Accept": "text/html,application/xhtml+xml",
            "Accept-Language": self.language,
            "Sec-Fetch-Site": "none" if origin is None else "cross-site" if cross_site else "same-origin",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "document",
        }
        if cookie := self.cookies.header(host, parts.path, cross_site=cross_site, method=method):
            headers["Cookie"] = cookie
        if origin is not None and method != "GET":
            headers["Origin"] = "{0.scheme}://{0.netloc}".format(urlsplit(origin))
        self.client.cookies.clear()  # the client keeps them for 127.0.0.1, that is for every system at once
        response = self.client.request(method, _on_loopback(url), headers=headers, data=data)
        for header in response.headers.get_list("set-cookie"):
            self.cookies.store(host, header)
        self.trail.append(response)
        self._check(response, url)
        return response

    def _check(self, response: httpx2.Response, url: str) -> None:
        if urlsplit(url).hostname in self.foreign:
            return
        html = response.headers.get("content-type", "").startswith("text/html")
        document = LexborHTMLParser(response.text) if html and response.text else None
        found = complaints_about(response, document) + unknown_barriers(response, document)
        assert not found, f"{response.status_code} at {urlsplit(url)._replace(query='').geturl()}: " + "; ".join(found)


def _on_loopback(url: str) -> httpx2.URL:
    """The same address with localhost or *.localhost written as 127.0.0.1; Host keeps the name."""
    address = httpx2.URL(url)
    assert address.host.endswith("localhost") or address.host == "127.0.0.1", f"a test must not call {address.host}"
    return address.copy_with(host="127.0.0.1")


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    """A browser that was never here before. For a second person: `new_visitor`."""
    with httpx2.Client(trust_env=False, timeout=20) as client:
        yield Visitor(client)


@pytest.fixture
def new_visitor() -> Iterator[Any]:
    """Makes further browsers: `ewa = new_visitor(language="en")`."""
    clients: list[httpx2.Client] = []

    def make(language: str = "pl") -> Visitor:
        clients.append(httpx2.Client(trust_env=False, timeout=20))
        return Visitor(clients[-1], language)

    yield make
    for client in clients:
        client.close()
