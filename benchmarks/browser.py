"""The citizen's browser, as far as a measured journey needs one: cookies and redirects.

Not a browser that renders: it keeps every cookie of one origin by name and path, follows redirects within
that origin, and stops when it is sent anywhere else.
"""

from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

from benchmarks.target import JourneyError
from benchmarks.wire import Answer, Wire

_MOST_REDIRECTS = 8


@dataclass(frozen=True, slots=True)
class Page:
    """Where the browser ended: a page shown, or (`answer` is None) an address outside the origin."""

    url: str
    answer: Answer | None


class Browser:
    """One person's browser at one provider."""

    def __init__(self, origin: str, wire: Wire) -> None:
        self.origin = origin
        self.wire = wire
        self._host = urlsplit(origin).netloc
        self._cookies: dict[tuple[str, str], str] = {}

    async def visit(self, url: str) -> Page:
        """Open an address and follow redirects."""
        return await self._follow(url, await self._request("GET", url))

    async def submit(self, url: str, form: dict[str, str]) -> Page:
        """Send a form and follow redirects."""
        return await self._follow(url, await self._request("POST", url, urlencode(form).encode()))

    async def _follow(self, url: str, answer: Answer) -> Page:
        for _ in range(_MOST_REDIRECTS):
            if answer.status not in (301, 302, 303, 307):
                return Page(url, answer)
            url = urljoin(url, answer.header("location"))
            if not url.startswith(self.origin + "/"):
                return Page(url, None)
            answer = await self._request("GET", url)
        raise JourneyError(f"more than {_MOST_REDIRECTS} redirects, the last to {urlsplit(url).path}")

    async def _request(self, method: str, url: str, body: bytes = b"") -> Answer:
        where = urlsplit(url)
        head = f"{method} {where.path or '/'}{'?' + where.query if where.query else ''} HTTP/1.1\r\n"
        head += f"Host: {self._host}\r\nAccept: text/html\r\n"
        cookies = self._cookies_for(where.path)
        if cookies:
            head += f"Cookie: {cookies}\r\n"
        if method == "POST":
            head += f"Origin: {self.origin}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            head += f"Content-Length: {len(body)}\r\n"
        answer = await self.wire.send(f"{head}\r\n".encode() + body)
        for line in answer.headers.get("set-cookie", ()):
            self._keep(line)
        return answer

    def _cookies_for(self, path: str) -> str:
        kept = self._cookies.items()
        return "; ".join(f"{name}={value}" for (name, at), value in kept if path.startswith(at))

    def _keep(self, line: str) -> None:
        (name, value), *attributes = [part.strip().partition("=")[::2] for part in line.split(";")]
        named = {key.lower(): setting for key, setting in attributes}
        key = (name, named.get("path", "/"))
        if not value or named.get("max-age") == "0" or "1970" in named.get("expires", ""):
            self._cookies.pop(key, None)
        else:
            self._cookies[key] = value
