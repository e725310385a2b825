"""Speaking to an application in this process, over ASGI: no sockets, no server, the real databases.

`Site` sends raw requests to one application. `AsgiBrowser` is a person's browser without scripts: cookies,
redirects, forms as they stand on the page; every answer it gets is checked as `visit.py` does. The relying
party's side is in `relying_client.py`. Read next: `in_process.py`, which builds the systems.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

import httpx2
from selectolax.lexbor import LexborHTMLParser
from starlette.requests import Request
from starlette.types import ASGIApp, Message

from tests.support.cookie_jar import CookieJar
from tests.support.form import BUTTONS, Form, words
from tests.support.page_checks import complaints_about

FORM = "application/x-www-form-urlencoded"
REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 10
Pairs = Mapping[str, str] | Iterable[tuple[str, str]]


def request_of(agent: str) -> Request:
    """The request of a browser that calls itself so, for what reads nothing else of it."""
    return Request({"type": "http", "headers": [(b"user-agent", agent.encode())]})


@dataclass(repr=False)
class Site:
    """One application at its origin."""

    application: ASGIApp
    origin: str
    client: str = "127.0.0.1"  # the address that requests come from

    @property
    def host(self) -> str:
        return urlsplit(self.origin).netloc

    async def call(
        self,
        method: str,
        path: str,
        *,
        form: Pairs | None = None,
        body: bytes = b"",
        headers: Iterable[tuple[str, str]] = (),
    ) -> httpx2.Response:
        """One request; `form` is encoded as a browser would, `body` is sent as it is."""
        sent = list(headers)
        if form is not None:
            body = urlencode(list(form.items() if isinstance(form, Mapping) else form)).encode()
            sent.append(("content-type", FORM))
        if body:
            sent.append(("content-length", str(len(body))))
        raw_path, _, query = path.partition("?")
        return await self.raw(method, unquote(raw_path), query.encode(), sent, [body])

    async def raw(
        self,
        method: str,
        path: str,
        query: bytes,
        headers: Iterable[tuple[str, str]],
        parts: list[bytes],
    ) -> httpx2.Response:
        """A request as a server hands it over: a decoded path, a raw query, a body in parts."""
        given = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
        if not any(name == b"host" for name, _ in given):
            given.insert(0, (b"host", self.host.encode()))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": urlsplit(self.origin).scheme,
            "path": path,
            "raw_path": quote(path, errors="replace").encode(),
            "query_string": query,
            "root_path": "",
            "headers": given,
            "client": (self.client, 1),
            "server": ("127.0.0.1", 80),
        }
        waiting = list(parts) or [b""]
        started: dict[str, Any] = {}
        received = bytearray()

        async def receive() -> Message:
            part = waiting.pop(0) if waiting else b""
            return {"type": "http.request", "body": part, "more_body": bool(waiting)}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            else:
                received.extend(message.get("body", b""))

        await self.application(scope, receive, send)
        request = httpx2.Request("GET", self.origin + quote(path, safe="/%", errors="replace"))
        return httpx2.Response(started["status"], headers=started["headers"], content=bytes(received), request=request)


@dataclass(repr=False)
class AsgiPage:
    """What a person sees after a chain of redirects, or the redirect that leads away from the site."""

    browser: "AsgiBrowser"
    response: httpx2.Response
    path: str

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def left_for(self) -> str | None:
        """Where the browser was sent, if that is another site."""
        return self.response.headers.get("location") if self.status in REDIRECTS else None

    @property
    def answer(self) -> dict[str, str]:
        """The parameters in the address the browser was sent to."""
        assert self.left_for is not None, f"{self.status} at {self.path}: {self.heading}"
        return answer_in(self.left_for)

    @property
    def html(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.response.text)

    @property
    def text(self) -> str:
        main = self.html.css_first("main") or self.html.body
        return words(main) if main else ""

    @property
    def heading(self) -> str:
        node = self.html.css_first("h1")
        return words(node) if node else ""

    @property
    def shown_text(self) -> str:
        """Which text of the consent the form says was shown."""
        found = self.html.css_first("input[name=text]")
        assert found is not None, f"no text of a consent at {self.path} ({self.heading})"
        return str(found.attributes["value"])

    def form_to(self, ending: str) -> Form:
        """The form whose address ends like this."""
        forms = [Form.read(node, self.browser.site.origin + self.path) for node in self.html.css("form")]
        for form in forms:
            if urlsplit(form.action).path.endswith(ending):
                return form
        raise AssertionError(f"no form to …{ending} at {self.path} ({self.heading}): {[f.action for f in forms]}")

    async def submit(self, ending: str, **answers: str | list[str]) -> "AsgiPage":
        """Fill in the form that has a button leading to an address with this ending, and press it."""
        path, form = self._button_to(ending)
        pairs = [(name, value) for name, values in form.filled(answers).items() for value in values]
        return await self.browser.send("POST", path, pairs)

    def _button_to(self, ending: str) -> tuple[str, Form]:
        for node in self.html.css("form"):
            form = Form.read(node, self.browser.site.origin + self.path)
            for button in node.css(BUTTONS):
                action = button.attributes.get("formaction") or urlsplit(form.action).path
                if action.endswith(ending):
                    return action, form
        raise AssertionError(f"no button to …{ending} at {self.path} ({self.heading})")


@dataclass(repr=False)
class AsgiBrowser:
    """One person's browser at one site."""

    site: Site
    language: str = "pl"
    cookies: CookieJar = field(default_factory=CookieJar)
    token: str = ""
    keeps_cookies: bool = True
    address: str = ""  # its own, as a proxy in front tells it
    agent: str = ""

    async def open(self, path: str) -> AsgiPage:
        """Type an address, follow what it leads to."""
        return await self.send("GET", path)

    async def send(self, method: str, path: str, form: Pairs | None = None) -> AsgiPage:
        """Navigate: after a redirect the next request is a GET; stops where another site begins."""
        for _ in range(MOST_REDIRECTS):
            response = await self.request(method, path, form)
            location = response.headers.get("location")
            if response.status_code not in REDIRECTS or location is None:
                return AsgiPage(self, response, path)
            address = urlsplit(urljoin(self.site.origin + path, location))
            if f"{address.scheme}://{address.netloc}" != self.site.origin:
                return AsgiPage(self, response, path)
            path = address.path + (f"?{address.query}" if address.query else "")
            method, form = "GET", None
        raise AssertionError(f"more than {MOST_REDIRECTS} redirects, now at {path.partition('?')[0]}")

    async def post(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form with the token of the last page, without following: a stale tab, a double click."""
        return await self.request("POST", path, {"csrf_token": self.token, **fields})

    async def request(self, method: str, path: str, form: Pairs | None = None) -> httpx2.Response:
        """One request without following; the answer is checked like every page."""
        headers = [("accept-language", self.language)]
        if self.address:
            node = f'"[{self.address}]"' if ":" in self.address else self.address
            headers.append(("forwarded", f"for={node}"))
        if self.agent:
            headers.append(("user-agent", self.agent))
        plain = path.partition("?")[0]
        if cookie := self.cookies.header(self.site.host, plain, cross_site=False, method=method):
            headers.append(("cookie", cookie))
        if method == "POST":
            headers += [("origin", self.site.origin), ("sec-fetch-site", "same-origin")]
        response = await self.site.call(method, path, form=form, headers=headers)
        if self.keeps_cookies:
            for header in response.headers.get_list("set-cookie"):
                self.cookies.store(self.site.host, header)
        self._look_at(response, plain)
        return response

    def cookie(self, name: str) -> str | None:
        """The value of a cookie, or None."""
        found = self.cookies.at(self.site.host).get(name)
        return found.value if found else None

    def set_cookie(self, name: str, value: str) -> None:
        """Give the browser a cookie, as if the site had set it."""
        self.cookies.store(self.site.host, f"{name}={value}; Path=/; HttpOnly; SameSite=Lax")

    def _look_at(self, response: httpx2.Response, path: str) -> None:
        is_page = response.headers.get("content-type", "").startswith("text/html")
        document = LexborHTMLParser(response.text) if is_page and response.text else None
        found = complaints_about(response, document)
        assert not found, f"{response.status_code} at {path}: " + "; ".join(found)
        if document is not None and (node := document.css_first("input[name=csrf_token]")) is not None:
            self.token = node.attributes.get("value") or ""


def answer_in(address: str) -> dict[str, str]:
    """The parameters in the query of an address, each once."""
    pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    found = dict(pairs)
    assert len(found) == len(pairs), f"repeated parameters in {address}"
    return found
