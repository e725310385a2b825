"""The one HTTP client: how this process talks to providers, relying parties and gateways, and to nobody
else.

Many of the addresses it is sent to were written by somebody else (`jwks_uri`, a logout address), so it
looks where a name leads *when it connects* and connects to exactly the address it looked at: no second
look-up can lead elsewhere. It sits on the transport layer of httpx2 and leaves the layer above out on
purpose: that one has redirects, cookies, proxies from the environment and decompression, none of which may
happen here. An answer has a size and a time limit. What is sent and what answers mean is for `poreka.oidc`.
Where it may go: `Reach`.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import cache
from ipaddress import ip_address, ip_network
from types import TracebackType
from typing import Literal, Self

import httpcore2
import msgspec

from poreka.oidc.relying_party.addresses import Address, is_loopback_name, read_address
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.peer_clocks import PeerClocks
from poreka.store.deadline import seconds_left

LARGEST_ANSWER = 512 * 1024
CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0
IDLE_SECONDS = 4.0
"""An idle connection is closed by us before Node's default (5 s) closes it under a request of ours."""
MOST_CONNECTIONS = 64

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Unreachable = Literal["address", "scheme", "name", "forbidden", "connect", "time", "broken"]
Refused = Literal["size", "encoding", "protocol"]
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

REFUSED_THOUGH_GLOBAL = (
    ip_network("192.0.0.0/24"),  # protocol assignments
    ip_network("224.0.0.0/4"),  # multicast
    ip_network("ff00::/8"),
    ip_network("fec0::/10"),  # site-local, still routed here and there
    # IPv4 written in IPv6: mapped, NAT64, 6to4. Each can hide a private address; no peer of ours needs one.
    ip_network("::ffff:0:0/96"),
    ip_network("64:ff9b::/96"),
    ip_network("64:ff9b:1::/48"),
    ip_network("2002::/16"),
)


class PeerFault(Exception):
    """The exchange with a peer came to nothing."""


class PeerUnreachable(PeerFault):
    """There is no answer: we may not or could not go there, or it took too long. `reason` is for the log."""

    def __init__(self, reason: Unreachable) -> None:
        super().__init__(reason)
        self.reason: Unreachable = reason


class PeerAnswerRefused(PeerFault):
    """There was an answer, but we would not read it: too large, compressed, or not HTTP."""

    def __init__(self, reason: Refused) -> None:
        super().__init__(reason)
        self.reason: Refused = reason


class Reach(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the back channel may go. The default is the public internet over https.

    `private_hosts` are names (or addresses) that may lead into our own networks: an SMS gateway, a
    register. `localhost_names` maps `localhost` and `*.localhost` to 127.0.0.1 without asking DNS (RFC
    6761), for the demo.
    """

    allow_http: bool = False
    private_hosts: frozenset[str] = frozenset()
    localhost_names: bool = False


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, by the system's resolver."""
    entries = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)  # SOCK_STREAM
    return [str(entry[4][0]) for entry in entries]


@cache
def system_trust() -> ssl.SSLContext:
    """What this machine trusts; reading its authorities takes some hundredths of a second, so it is done once."""
    return ssl.create_default_context()


class BackChannel:
    """Sends requests and returns answers; one per process, closed at the end. Keeps connections alive."""

    def __init__(
        self,
        reach: Reach,
        *,
        resolve: Resolve = resolve_by_system,
        tls: ssl.SSLContext | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        largest_answer: int = LARGEST_ANSWER,
        clocks: PeerClocks | None = None,
    ) -> None:
        self._clocks = clocks or PeerClocks()
        self._reach = reach
        self._connect_seconds = connect_seconds
        self._total_seconds = total_seconds
        self._largest_answer = largest_answer
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls or system_trust(),
            max_connections=MOST_CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=CheckedNetwork(reach, resolve),
        )

    async def get(self, url: str, headers: dict[str, str] | None = None) -> Answer:
        """Fetch a document."""
        return await self.send(Outgoing(method="GET", url=url, headers=headers or {"accept": "application/json"}))

    async def send(self, request: Outgoing) -> Answer:
        """Send a request and return the whole answer, whatever its status; a redirect is an answer like any
        other.
        """
        address = self._allowed(request.url)
        try:
            async with asyncio.timeout(seconds_left(self._total_seconds)):
                return await self._exchange(request, address)
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout, httpcore2.PoolTimeout):
            raise PeerUnreachable("connect") from None  # nothing has left
        except (TimeoutError, httpcore2.TimeoutException):
            raise PeerUnreachable("time") from None
        except (httpcore2.NetworkError, ssl.SSLError):  # with TLS 1.3 a refused certificate shows when reading
            raise PeerUnreachable("broken") from None
        except httpcore2.ProtocolError:
            raise PeerAnswerRefused("protocol") from None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def _allowed(self, url: str) -> Address:
        try:
            address = read_address(url)
        except ValueError:
            raise PeerUnreachable("address") from None
        if address.scheme == "http" and not self._reach.allow_http:
            raise PeerUnreachable("scheme")
        return address

    async def _exchange(self, request: Outgoing, address: Address) -> Answer:
        sent_at = self._clocks.now()
        async with self._pool.stream(
            request.method,
            httpcore2.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target),
            headers=[*request.headers.items(), ("host", address.authority), ("accept-encoding", "identity")],
            content=request.body or None,
            extensions={"timeout": {"connect": self._connect_seconds, "pool": self._connect_seconds}},
        ) as response:
            headers = _joined(response.headers)
            self._clocks.compare(address.authority, headers, sent_at)
            if headers.get("content-encoding", "identity").lower() != "identity":
                raise PeerAnswerRefused("encoding")
            return Answer(status=response.status, headers=headers, body=await self._read(response, headers))

    async def _read(self, response: httpcore2.Response, headers: dict[str, str]) -> bytes:
        """Stop as soon as it is too much: at the announced length, or at the first byte beyond the limit."""
        announced = headers.get("content-length", "0")
        if int(announced) > self._largest_answer:  # h11 has seen to it that it is a number
            raise PeerAnswerRefused("size")
        body = bytearray()
        async for part in response.aiter_stream():
            body += part
            if len(body) > self._largest_answer:
                raise PeerAnswerRefused("size")
        return bytes(body)


class CheckedNetwork(httpcore2.AsyncNetworkBackend):
    """Opens connections for the pool, to addresses that were looked at and to no others."""

    def __init__(self, reach: Reach, resolve: Resolve) -> None:
        self._reach = reach
        self._resolve = resolve
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the pool's interface
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve, look, and connect to the first address that answers; all within `timeout` seconds."""
        failed: Exception = httpcore2.ConnectError("no address")
        async with asyncio.timeout(timeout):
            for address in await self._addresses(host, port):
                try:
                    stream = await self._network.connect_tcp(address, port, None, local_address, socket_options)
                    return ClosingStream(stream)
                except httpcore2.ConnectError as refused:
                    failed = refused
        raise failed

    async def _addresses(self, host: str, port: int) -> list[str]:
        if self._reach.localhost_names and is_loopback_name(host):
            return ["::1" if host == "::1" else "127.0.0.1"]
        try:
            addresses = list(await self._resolve(host, port))
        except OSError:
            raise PeerUnreachable("name") from None
        # One private address among public ones is no accident either, so one is enough to refuse all.
        if host not in self._reach.private_hosts and not all(is_public(address) for address in addresses):
            raise PeerUnreachable("forbidden")
        return addresses


class ClosingStream(httpcore2.AsyncNetworkStream):
    """An open connection, closed when its TLS handshake is cancelled: the pool does not see to that."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream
        self.read = stream.read  # type: ignore[method-assign]
        self.write = stream.write  # type: ignore[method-assign]
        self.aclose = stream.aclose  # type: ignore[method-assign]
        self.get_extra_info = stream.get_extra_info  # type: ignore[method-assign]

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the pool's interface
    ) -> httpcore2.AsyncNetworkStream:
        """Turn the connection into an encrypted one, or close it."""
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._stream.aclose()
            raise


def is_public(text: str) -> bool:
    """Whether an address is of the public internet, and no address that may stand for another one (IPv4 in IPv6)."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return address.is_global and not any(address in network for network in REFUSED_THOUGH_GLOBAL)


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined
