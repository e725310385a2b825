"""The back channel against a real, badly behaved server on this machine."""

import asyncio
import gzip
import socket
import ssl
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from poreka.oidc.relying_party.exchange import Outgoing, form_post
from poreka.outgoing.back_channel import (
    BackChannel,
    PeerAnswerRefused,
    PeerUnreachable,
    Reach,
    is_public,
    resolve_by_system,
)
from poreka.store.deadline import deadline

DEMO = Reach(allow_http=True, localhost_names=True)
Talk = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Answers every request by `talk` and remembers what it was sent."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.port = 0
        self.requests: list[bytes] = []
        self.connections = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                body = await reader.readexactly(int(length[0].split(b":")[1])) if length else b""
                self.requests.append(head + body)
                await self.talk(head, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def url(self, path: str = "/", host: str = "bank.localhost") -> str:
        return f"http://{host}:{self.port}{path}"


@asynccontextmanager
async def serving(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server = Server(talk)
    listener = await asyncio.start_server(server.handle, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


def saying(*parts: bytes) -> Talk:
    async def talk(_: bytes, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
        await writer.drain()

    return talk


def ok(body: bytes, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def resolving(*addresses: str) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


async def never(host: str, port: int) -> Sequence[str]:
    raise AssertionError("the resolver must not be asked")


async def test_a_document_is_fetched_and_the_connection_kept() -> None:
    good = ok(b'{"a":1}', b"Content-Type: application/json", b"X-A: 1", b"x-a: 2", b"Set-Cookie: a=b")
    async with serving(saying(good)) as server, BackChannel(DEMO, resolve=never) as channel:
        first = await channel.get(server.url("/doc?a=b"))
        await channel.get(server.url("/doc"))
    assert (first.status, first.body) == (200, b'{"a":1}')
    assert first.headers["content-type"] == "application/json"
    assert first.headers["x-a"] == "1, 2"
    assert server.connections == 1
    head = server.requests[0]
    assert head.startswith(b"GET /doc?a=b HTTP/1.1\r\n")
    assert f"host: bank.localhost:{server.port}".encode() in head.lower()
    assert b"accept-encoding: identity" in head
    assert b"cookie" not in server.requests[1].lower()


async def test_a_form_is_posted() -> None:
    async with serving(saying(ok(b""))) as server, BackChannel(DEMO) as channel:
        await channel.send(form_post(server.url("/token"), {"code": "c d"}, {"dpop": "proof"}))
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /token ")
    assert b"dpop: proof" in head
    assert body == b"code=c+d"


async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    async with serving(saying(moved)) as server, BackChannel(DEMO) as channel:
        answer = await channel.get(server.url())
    assert answer.status == 302
    assert len(server.requests) == 1


# --- size, encoding, time ---------------------------------------------------------------------------


async def test_an_answer_announced_too_large_is_not_read() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n"
    async with serving(saying(head)) as server, BackChannel(DEMO) as channel:
        with pytest.raises(PeerAnswerRefused) as refused:
            await channel.get(server.url())
    assert refused.value.reason == "size"


async def test_an_endless_answer_is_cut_off() -> None:
    async def endless(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
            await writer.drain()

    async with serving(endless) as server, BackChannel(DEMO) as channel:
        with pytest.raises(PeerAnswerRefused) as refused:
            await channel.get(server.url())
    assert refused.value.reason == "size"


async def test_an_answer_just_within_the_limit() -> None:
    async with serving(saying(ok(b"a" * 100))) as server:
        async with BackChannel(DEMO, largest_answer=100) as channel:
            assert len((await channel.get(server.url())).body) == 100
        async with BackChannel(DEMO, largest_answer=99) as channel:
            with pytest.raises(PeerAnswerRefused):
                await channel.get(server.url())


@pytest.mark.parametrize("encoding", [b"gzip", b"br", b"identity, gzip"])
async def test_a_decompression_bomb_is_not_opened(encoding: bytes) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    async with (
        serving(saying(ok(bomb, b"Content-Encoding: " + encoding))) as server,
        BackChannel(DEMO) as channel,
    ):
        with pytest.raises(PeerAnswerRefused) as refused:
            await channel.get(server.url())
    assert refused.value.reason == "encoding"


async def test_the_identity_encoding_is_none() -> None:
    async with (
        serving(saying(ok(b"a", b"Content-Encoding: Identity"))) as server,
        BackChannel(DEMO) as channel,
    ):
        assert (await channel.get(server.url())).body == b"a"


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"])
async def test_what_is_not_http(said: bytes) -> None:
    async with serving(saying(said)) as server, BackChannel(DEMO) as channel:
        with pytest.raises(PeerAnswerRefused) as refused:
            await channel.get(server.url())
    assert refused.value.reason == "protocol"


async def test_a_connection_broken_off() -> None:
    async def slam(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        await writer.drain()
        reset = struct.pack("ii", 1, 0)  # close by RST
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        writer.transport.abort()

    async with serving(slam) as server, BackChannel(DEMO) as channel:
        with pytest.raises(PeerUnreachable) as unreachable:
            await channel.get(server.url())
    assert unreachable.value.reason == "broken"


async def test_an_answer_that_stops_early() -> None:
    async def stop(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        writer.close()

    async with serving(stop) as server, BackChannel(DEMO) as channel:
        with pytest.raises(PeerAnswerRefused) as refused:
            await channel.get(server.url())
    assert refused.value.reason == "protocol"


async def dripping(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"a")
        await asyncio.sleep(0.02)


async def test_a_slow_answer_has_one_limit_for_all_of_it() -> None:
    started = time.monotonic()
    async with serving(dripping) as server, BackChannel(DEMO, total_seconds=0.2) as channel:
        with pytest.raises(PeerUnreachable) as unreachable:
            await channel.get(server.url())
    assert unreachable.value.reason == "time"
    assert time.monotonic() - started < 15, "the whole answer takes twenty seconds"


async def test_a_slow_resolver_counts_too() -> None:
    async def slow(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(10)
        return []

    async with BackChannel(Reach(), resolve=slow, connect_seconds=0.05) as channel:
        with pytest.raises(PeerUnreachable) as unreachable:
            await channel.get("https://slow.example/")
    assert unreachable.value.reason == "time"


async def test_nobody_listens() -> None:
    async with serving(saying()) as server:
        port = server.port
    async with BackChannel(DEMO) as channel:
        with pytest.raises(PeerUnreachable) as unreachable:
            await channel.get(f"http://bank.localhost:{port}/")
    assert unreachable.value.reason == "connect"


# --- where it may go --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.0.8",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:1::",
        "not an address",
    ],
)
async def test_private_addresses_are_denied_after_resolution(address: str) -> None:
    assert not is_public(address)
    async with BackChannel(Reach(), resolve=resolving("93.184.216.34", address)) as channel:
        with pytest.raises(PeerUnreachable) as unreachable:
            await channel.get("https://jwks.evil.example/keys")
    assert unreachable.value.reason == "forbidden"


def test_public_addresses() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1::1")


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"])
async def test_an_address_written_as_a_name_is_looked_at_too(host: str) -> None:
    async with BackChannel(Reach()) as channel:
        with pytest.raises(PeerUnreachable) as unreachable:
            await channel.get(f"https://{host}/")
    assert unreachable.value.reason in ("forbidden", "name")


async def test_the_address_looked_at_is_the_one_connected_to() -> None:
    """A name that leads elsewhere at the second look is not looked at twice (DNS rebinding)."""
    looks = 0

    async def rebinding(host: str, port: int) -> Sequence[str]:
        nonlocal looks
        looks += 1
        return ["127.0.0.1"] if looks == 1 else ["127.0.0.2"]

    reach = Reach(allow_http=True, private_hosts=frozenset({"gateway.example"}))
    async with serving(saying(ok(b"in"))) as server, BackChannel(reach, resolve=rebinding) as channel:
        answer = await channel.get(server.url(host="gateway.example"))
    assert answer.body == b"in"
    assert looks == 1
    assert b"gateway.example" in server.requests[0]


async def test_the_next_address_is_tried_when_the_first_does_not_answer() -> None:
    reach = Reach(allow_http=True, private_hosts=frozenset({"gateway.example"}))
    resolve = resolving("127.0.0.3", "127.0.0.1")
    async with serving(saying(ok(b"in"))) as server, BackChannel(reach, resolve=resolve) as channel:
        assert (await channel.get(server.url(host="gateway.example"))).body == b"in"


async def test_only_the_hosts_named_may_be_private() -> None:
    reach = Reach(allow_http=True, private_hosts=frozenset({"gateway.example"}))
    async with BackChannel(reach, resolve=resolving("127.0.0.1")) as channel:
        for host in ("other.example", "x.gateway.example", "bank.localhost"):
            with pytest.raises(PeerUnreachable) as unreachable:
                await channel.get(f"http://{host}/")
            assert unreachable.value.reason == "forbidden"


async def test_a_name_that_is_not_known() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    for resolve, reason in ((unknown, "name"), (resolving(), "connect")):
        async with BackChannel(Reach(), resolve=resolve) as channel:
            with pytest.raises(PeerUnreachable) as unreachable:
                await channel.get("https://nowhere.example/")
            assert unreachable.value.reason == reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://bank.example/", "scheme"),
        ("ftp://bank.example/", "address"),
        ("file:///etc/passwd", "address"),
        ("https://user@bank.example/", "address"),
        ("https://bank.example/\r\nX: y", "address"),
        ("", "address"),
    ],
)
async def test_addresses_that_are_not_even_tried(url: str, reason: str) -> None:
    async with BackChannel(Reach(), resolve=never) as channel:
        with pytest.raises(PeerUnreachable) as unreachable:
            await channel.send(Outgoing(method="GET", url=url, headers={}))
    assert unreachable.value.reason == reason


async def test_https_is_https() -> None:
    """A server that answers in the clear on an https address gets nothing."""
    async with serving(saying(ok(b"a"))) as server:
        reach = Reach(localhost_names=True)
        async with BackChannel(reach, tls=ssl.create_default_context(), total_seconds=0.2) as channel:
            with pytest.raises(PeerUnreachable):
                await channel.get(server.url().replace("http:", "https:"))
    assert server.requests == []


def certificate_of(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server with a certificate of this name, and a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM)
    (folder / "server.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


async def test_the_certificate_must_be_of_the_name_not_of_the_address(tmp_path: Path) -> None:
    theirs, ours = certificate_of("bank.localhost", tmp_path)
    reach = Reach(localhost_names=True)
    async with serving(saying(ok(b"safe")), theirs) as server:
        there = server.url().replace("http:", "https:")
        async with BackChannel(reach, tls=ours) as channel:
            assert (await channel.get(there)).body == b"safe"
            with pytest.raises(PeerUnreachable):
                await channel.get(there.replace("bank.", "other."))
        async with BackChannel(reach) as channel:
            with pytest.raises(PeerUnreachable) as unreachable:
                await channel.get(there)
            assert unreachable.value.reason == "connect"


async def test_ipv6_loopback_by_its_own_name() -> None:
    async with BackChannel(DEMO, resolve=never) as channel:
        with pytest.raises(PeerUnreachable) as unreachable:
            await channel.get("http://[::1]:9/")
    assert unreachable.value.reason == "connect"


async def test_the_systems_resolver() -> None:
    assert "127.0.0.1" in await resolve_by_system("127.0.0.1", 80)


async def test_the_wait_for_an_answer_ends_with_the_request() -> None:
    async with serving(dripping) as server, BackChannel(DEMO, total_seconds=3600) as channel:
        with deadline(0.05), pytest.raises(PeerUnreachable) as unreachable:
            await channel.get(server.url())
    assert unreachable.value.reason == "time"
