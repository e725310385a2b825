"""The address of a client, as handlers are told it: directly, behind a trusted proxy, and behind none."""

from dataclasses import replace

import msgspec
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from poreka.web.application import Application
from poreka.web.door.client_address import client_address
from poreka.web.routes import Access, Route
from tests.support.asgi import Site
from tests.support.in_process import BankInProcess
from tests.web.requests_by_hand import request


async def told(request: Request, system: object) -> Response:
    return PlainTextResponse(client_address(request))


def behind(bank: BankInProcess, *proxies: str) -> Site:
    """A page that says where its visitor is; the connection comes from 127.0.0.1."""
    settings = bank.bank.settings
    server = msgspec.structs.replace(settings.server, trusted_proxies=proxies)
    system = replace(bank.bank, settings=msgspec.structs.replace(settings, server=server))
    return Site(Application(system, [Route("GET", "/", told, Access.ANYONE)], told), system.origin)


async def test_a_trusted_proxy_tells_the_address(bank: BankInProcess) -> None:
    site = behind(bank, "127.0.0.0/8")
    assert (await site.call("GET", "/")).text == "127.0.0.1"
    assert (await site.call("GET", "/", headers=[("forwarded", "for=192.0.2.7")])).text == "192.0.2.7"
    two = [("forwarded", "for=203.0.113.1"), ("forwarded", 'for="[2001:DB8::1]:99";proto=https')]
    assert (await site.call("GET", "/", headers=two)).text == "2001:db8::1"


@pytest.mark.parametrize("proxies", [(), ("10.0.0.0/8", "::1")])
async def test_from_anybody_else_the_header_counts_for_nothing(bank: BankInProcess, proxies: tuple[str, ...]) -> None:
    for header in ("for=192.0.2.7", "no header at all"):
        answer = await behind(bank, *proxies).call("GET", "/", headers=[("forwarded", header)])
        assert (answer.status_code, answer.text) == (200, "127.0.0.1")


async def test_no_other_header_is_believed(bank: BankInProcess) -> None:
    site = behind(bank, "127.0.0.1")
    for name in ("x-forwarded-for", "x-real-ip", "client-ip"):
        assert (await site.call("GET", "/", headers=[(name, "192.0.2.7")])).text == "127.0.0.1"


@pytest.mark.parametrize("header", ["for=nowhere", "for=192.0.2.7;x=" + "y" * 3000])
async def test_a_header_of_a_trusted_proxy_that_cannot_be_read_is_a_bad_request(
    bank: BankInProcess, header: str
) -> None:
    answer = await behind(bank, "127.0.0.1").call("GET", "/", headers=[("forwarded", header)])
    assert answer.status_code == 400
    assert "<h1" in answer.text


def test_a_request_without_a_connection_of_its_own_has_no_address() -> None:
    assert client_address(request()) == ""
