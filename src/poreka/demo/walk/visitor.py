"""One person's browser without scripts: cookies of each host, redirects one by one, forms as they stand.

Names under `localhost` lead to 127.0.0.1 without asking anyone (RFC 6761); Host and the TLS name stay as they
are. Two things may never be, whatever is walked: a failure of ours, and a PESEL in an address.
"""

import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from http.cookiejar import DefaultCookiePolicy
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx2

from poreka.demo.walk.forms import Form, PageReader

MOST_REDIRECTS = 20
TIMEOUT_SECONDS = 20
PESEL = re.compile(r"(?<![0-9a-z])\d{11}(?![0-9a-z])")  # ids have digits in a row, too, but letters around them


class WalkFailed(Exception):
    """A step did not lead where it should; the message says where it led."""


@dataclass
class Page:
    """What a person sees after a click: the last answer of a chain of redirects."""

    visitor: "Visitor"
    url: str
    status: int
    body: str
    json: bool = False

    @cached_property
    def read(self) -> PageReader:
        """What stands on the page."""
        return PageReader(self.body)

    @property
    def path(self) -> str:
        """The path of its address."""
        return urlsplit(self.url).path

    @property
    def host(self) -> str:
        """The system that shows it, by its key."""
        return (urlsplit(self.url).hostname or "").removesuffix(".localhost")

    @property
    def words(self) -> str:
        """What can be read on it."""
        return self.read.words

    def describe(self) -> str:
        """Where this is, for a message; no query, because that may be secret."""
        return f"{self.status} at {self.host}{self.path}: {self.read.heading or self.body[:80]!r}"

    def at(self, system: str, path: str, *, status: int = 200) -> Self:
        """This page, if it is this system's at a path that fits; raises `WalkFailed`."""
        if self.host != system or not re.fullmatch(path, self.path) or self.status != status:
            raise WalkFailed(f"wanted {status} at {system}{path}, got {self.describe()}")
        return self

    def form(self, path: str) -> Form | None:
        """The first form that goes, or has a button that goes, to a path that fits."""
        return next(self._forms(path), None)

    def _forms(self, path: str) -> Iterator[Form]:
        for form in self.read.forms:
            ways = (form.action, *(button[0] for button in form.buttons))
            if any(re.fullmatch(path, urlsplit(to).path) for to in ways):
                yield form

    def press(self, path: str, name: str, value: str) -> "Page":
        """Press the button of this name and value, in the form that goes to a fitting path."""
        for form in self._forms(path):
            if any(button[1:] == (name, value) for button in form.buttons):
                fields = {**form.fields, name: value}
                return self.visitor.go(form.method, urljoin(self.url, form.action), fields, came_from=self.url)
        raise WalkFailed(f"no button {value} leads to {path}: {self.describe()}")

    def submit(self, path: str, **answers: str) -> "Page":
        """Fill in the form that goes to a fitting path and press the button that leads there."""
        form = self.form(path)
        if form is None:
            raise WalkFailed(f"no form goes to {path}: {self.describe()}")
        if unknown := answers.keys() - form.fields.keys() - form.boxes.keys():
            raise WalkFailed(f"the form has no field {', '.join(sorted(unknown))}: {self.describe()}")
        action, fields = form.action, {**form.fields, **answers}
        for to, name, value in form.buttons:
            if re.fullmatch(path, urlsplit(to).path):
                action = to
                if name and name not in answers:
                    fields[name] = value
                break
        return self.visitor.go(form.method, urljoin(self.url, action or self.url), fields, came_from=self.url)

    def follow(self, path: str) -> "Page":
        """Follow the first link whose path fits."""
        for link in self.read.links:
            if re.fullmatch(path, urlsplit(link).path):
                return self.visitor.go("GET", urljoin(self.url, link), came_from=self.url)
        raise WalkFailed(f"no link leads to {path}: {self.describe()}")


@dataclass
class Visitor:
    """A browser that was never here before."""

    tls: ssl.SSLContext | None = None
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    stop_at: str = "http://127.0.0.1:1/"

    @cached_property
    def client(self) -> httpx2.Client:
        """The connection pool, made at the first request; it keeps no cookies of its own."""
        client = httpx2.Client(trust_env=False, timeout=TIMEOUT_SECONDS, verify=self.tls or True)
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return client

    def open(self, url: str) -> Page:
        """Type an address."""
        return self.go("GET", url)

    def go(self, method: str, url: str, fields: dict[str, str] | None = None, came_from: str | None = None) -> Page:
        """Go somewhere and follow redirects; an address that begins with `stop_at` is not called."""
        for _ in range(MOST_REDIRECTS):
            self._note(url)
            if url.startswith(self.stop_at):
                return Page(self, url, 0, "")
            response = self._send(method, url, fields, came_from)
            if response.status_code not in (301, 302, 303, 307, 308):
                return self._page(url, response)
            came_from, url = url, urljoin(url, response.headers["location"])
            if response.status_code not in (307, 308):
                method, fields = "GET", None
        raise WalkFailed(f"more than {MOST_REDIRECTS} redirects, now at {urlsplit(url).path}")

    def json(self, method: str, url: str, body: object = None) -> httpx2.Response:
        """Call one of the demonstration's JSON addresses, as a program would."""
        return self.client.request(method, _on_loopback(url), headers=_host(url), json=body, extensions=_sni(url))

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes) -> httpx2.Response:
        """Send a request as a program made it."""
        return self.client.request(
            method, _on_loopback(url), headers={**headers, **_host(url)}, content=body, extensions=_sni(url)
        )

    def methods_at(self, url: str) -> str:
        """How an address may be asked for (RFC 9110 §10.2.1), by asking it in a way in which none may be."""
        response = self.client.request("OPTIONS", _on_loopback(url), headers=_host(url), extensions=_sni(url))
        return str(response.headers.get("allow", ""))

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def _send(self, method: str, url: str, fields: dict[str, str] | None, came_from: str | None) -> httpx2.Response:
        host = urlsplit(url).netloc
        headers = {**_host(url), "Accept": "text/html", "Accept-Language": "pl"}
        if kept := self.cookies.get(host):
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in kept.items())
        if method == "POST" and came_from:
            headers["Origin"] = "{0.scheme}://{0.netloc}".format(urlsplit(came_from))
        form = fields if method == "POST" else None
        query = fields if method == "GET" else None
        response = self.client.request(
            method, _on_loopback(url), headers=headers, data=form, params=query, extensions=_sni(url)
        )
        for header in response.headers.get_list("set-cookie"):
            self._keep(host, header)
        return response

    def _keep(self, host: str, header: str) -> None:
        pair, *attributes = header.split(";")
        name, _, value = pair.strip().partition("=")
        jar = self.cookies.setdefault(host, {})
        if any(attribute.strip().lower() == "max-age=0" for attribute in attributes):
            jar.pop(name, None)
        else:
            jar[name] = value.strip('"')

    def _note(self, url: str) -> None:
        self.trail.append(url)
        if PESEL.search(url):
            raise WalkFailed(f"a PESEL stands in an address: {urlsplit(url).path}")

    def _page(self, url: str, response: httpx2.Response) -> Page:
        page = Page(self, url, response.status_code, response.text)
        if response.status_code >= 500:
            raise WalkFailed(f"the server failed: {page.describe()}")
        if response.headers.get("content-type", "").startswith("text/html"):
            self.pages.append(page)
        return page


def _on_loopback(url: str) -> httpx2.URL:
    return httpx2.URL(url).copy_with(host="127.0.0.1")


def _host(url: str) -> dict[str, str]:
    return {"Host": urlsplit(url).netloc}


def _sni(url: str) -> dict[str, str]:
    return {"sni_hostname": urlsplit(url).hostname or ""} if url.startswith("https:") else {}
