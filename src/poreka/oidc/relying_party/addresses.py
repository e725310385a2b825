"""One strict reading of a web address, for everyone who checks one and for the module that connects to it.

Two parsers that disagree about where the host name ends are how server-side request forgery and open
redirects are made, so an address is read once, here, and whoever goes there uses the parts. What a host
name resolves to is not known here: `outgoing/back_channel.py` looks at that when it connects.
"""

from typing import Literal, cast
from urllib.parse import urlsplit

import msgspec

LONGEST_ADDRESS = 2048
_DEFAULT_PORTS = {"https": 443, "http": 80}
_FORBIDDEN = frozenset('\\"<>^`{|}')


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of an absolute http(s) address; `host` is in lower case, without the brackets of IPv6."""

    scheme: Literal["https", "http"]
    host: str
    port: int
    path: str
    query: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What two addresses must share to be of the same place (RFC 6454)."""
        return self.scheme, self.host, self.port

    @property
    def target(self) -> str:
        """What stands in the first line of the request."""
        return (self.path or "/") + (f"?{self.query}" if self.query else "")

    @property
    def authority(self) -> str:
        """What stands in the `Host` header: the port only when it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def read_address(text: str) -> Address:
    """Take an absolute http(s) address apart; ValueError says what is wrong with it, without repeating it."""
    if len(text) > LONGEST_ADDRESS:
        raise ValueError("the address is too long")
    if any(not "!" <= letter <= "~" or letter in _FORBIDDEN for letter in text):
        raise ValueError("the address has a character that does not belong there")
    parts = urlsplit(text)
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError("the address is neither https nor http")
    if "@" in parts.netloc:
        raise ValueError("the address names a user")
    if "#" in text:
        raise ValueError("the address has a fragment")
    if not parts.hostname or "%" in parts.hostname:
        raise ValueError("the address has no usable host name")
    port = parts.port  # ValueError of its own when out of range
    if port == 0 or parts.netloc.endswith(":"):
        raise ValueError("the address has an impossible port")
    return Address(
        scheme=cast(Literal["https", "http"], parts.scheme),
        host=parts.hostname,
        port=_DEFAULT_PORTS[parts.scheme] if port is None else port,
        path=parts.path,
        query=parts.query,
    )


def read_secure_address(text: str, *, allow_http: bool) -> Address:
    """As `read_address`, but plain http only where it was allowed and only on this machine (the demo)."""
    address = read_address(text)
    if address.scheme == "http" and not (allow_http and is_loopback_name(address.host)):
        raise ValueError("the address is not https")
    return address


def is_loopback_name(host: str) -> bool:
    """Whether a host name means this very machine by definition (RFC 6761, section 6.3), not by what DNS
    says.
    """
    return host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost")
