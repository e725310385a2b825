"""From what address a request came, as far as the proxies in front of us are believed (RFC 7239).

Each proxy adds one element to `Forwarded`, so the right-most one was written by the proxy that connected to us.
It is believed where that proxy's address is trusted; where it names another trusted proxy, the next element is, and
so on. Whatever stands further left a client may have made up. `network_of` says which addresses are one household.
"""

import ipaddress
import re
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST = 2048
MOST_PROXIES = 20
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PAIR = re.compile(rf'({_TOKEN})=(?:({_TOKEN})|"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\t\x20-\x7e])*)")')
_NODE = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<four>[0-9.]+))(?::(?:[0-9]{1,5}|_[A-Za-z0-9._-]+))?")
_UNNAMED = re.compile(r"(?:unknown|_[A-Za-z0-9._-]+)(?::(?:[0-9]{1,5}|_[A-Za-z0-9._-]+))?", re.IGNORECASE)


class MalformedForwarded(Exception):
    """A header that is no `Forwarded` of RFC 7239, or longer than any that a proxy of ours writes."""


def client_of(peer: str, headers: Sequence[str], trusted: Sequence[Network]) -> str:
    """The client of a connection from `peer` that brought these `Forwarded` headers; raises `MalformedForwarded`.

    Where a trusted proxy does not tell whom it speaks for, the client is the proxy itself.
    """
    address = plain(peer)
    if not headers or not is_in(address, trusted):
        return address
    for said in reversed(forwarded_for(headers)):
        if said is None:
            break
        address = str(said)
        if not is_in(address, trusted):
            break
    return address


def forwarded_for(headers: Sequence[str]) -> list[Address | None]:
    """Whom each element speaks for, None where it does not tell; several headers are one list (RFC 9110 §5.3)."""
    text = ",".join(headers)
    if len(text) > LONGEST:
        raise MalformedForwarded("too long")
    elements: list[dict[str, str]] = [{}]
    at, may_follow = 0, True
    while at < len(text):
        if text[at] in " \t":
            at += 1
        elif text[at] in ",;":
            if text[at] == ",":
                elements.append({})
            at, may_follow = at + 1, True
        elif may_follow and (pair := _PAIR.match(text, at)):
            _keep(elements[-1], pair)
            at, may_follow = pair.end(), False
        else:
            raise MalformedForwarded("not a list of elements")
    told = [element for element in elements if element]
    if len(told) > MOST_PROXIES:
        raise MalformedForwarded("too many elements")
    return [_node(element["for"]) if "for" in element else None for element in told]


def network_of(address: str) -> str:
    """What one household or office shares: an IPv4 address, or the first 64 bits of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def plain(address: str) -> str:
    """An address in its one usual form; an IPv4 address that is written as an IPv6 address is IPv4."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)


def is_in(address: str, networks: Sequence[Network]) -> bool:
    """Whether an address lies in one of these networks."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)


def _keep(element: dict[str, str], pair: re.Match[str]) -> None:
    """A parameter of an element, which stands there once (RFC 7239 §4)."""
    name, token, quoted = pair.groups()
    if name.lower() in element:
        raise MalformedForwarded("a parameter twice")
    element[name.lower()] = token if token is not None else re.sub(r"\\(.)", r"\1", quoted)


def _node(value: str) -> Address | None:
    if _UNNAMED.fullmatch(value):
        return None
    node = _NODE.fullmatch(value)
    if node is None:
        raise MalformedForwarded("for= names no address")
    try:
        found = ipaddress.IPv6Address(node["six"]) if node["six"] else ipaddress.IPv4Address(node["four"])
    except ValueError:
        raise MalformedForwarded("for= names no address") from None
    return ipaddress.ip_address(plain(str(found)))
