"""Cookies as a browser keeps them, for the test client: by host, with the rules that a sign-in leans on.

Secure cookies are kept on http://*.localhost, as browsers do. SameSite is honoured: a.localhost and
b.localhost are different *sites*. Read next: `visit.py`.
"""

from dataclasses import dataclass, field
from http.cookies import SimpleCookie


@dataclass
class Cookie:
    """One cookie, as its server wished it."""

    name: str
    value: str
    path: str
    secure: bool
    http_only: bool
    same_site: str


@dataclass
class CookieJar:
    """What each host has set.

    `at(host)` is open to a test that wants to look, take a cookie away or change it.
    """

    hosts: dict[str, dict[str, Cookie]] = field(default_factory=dict)

    def at(self, host: str) -> dict[str, Cookie]:
        return self.hosts.setdefault(host, {})

    def values(self) -> set[str]:
        return {cookie.value for cookies in self.hosts.values() for cookie in cookies.values()}

    def store(self, host: str, header: str) -> None:
        """Take in one Set-Cookie header, and refuse what no system of ours may set."""
        for name, morsel in SimpleCookie(header).items():
            assert not morsel["domain"], f"cookie {name} of {host} is shared with other hosts (Domain)"
            if name.startswith("__Host-"):
                assert (bool(morsel["secure"]), morsel["path"]) == (True, "/"), f"{host}: browsers refuse {name}"
            if morsel["max-age"] == "0" or morsel["expires"].startswith(("Thu, 01 Jan 1970", "Thu, 01-Jan-1970")):
                self.at(host).pop(name, None)
                continue
            same_site = (morsel["samesite"] or "Lax").lower()
            self.at(host)[name] = Cookie(
                name,
                morsel.value,
                morsel["path"] or "/",
                bool(morsel["secure"]),
                bool(morsel["httponly"]),
                same_site,
            )

    def header(self, host: str, path: str, *, cross_site: bool, method: str) -> str:
        """The Cookie header of a top-level navigation to `host`."""

        def goes(cookie: Cookie) -> bool:
            if not path.startswith(cookie.path):
                return False
            if not cross_site or cookie.same_site == "none":
                return True
            return cookie.same_site == "lax" and method == "GET"

        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.at(host).values() if goes(cookie))
