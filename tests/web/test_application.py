"""The application: what is at an address, who may call it, and what every failure looks like from outside."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message

from poreka.oidc.errors import AnsweredAsJson, Destination, RefusedBearer, SentToClient, ShownToPerson
from poreka.outgoing.peer_away import PeerAway
from poreka.provider.store.customer_directory import DirectoryUnavailable
from poreka.store.database import DatabaseUnavailable
from poreka.store.sessions import Sessions
from poreka.systems.desk.office_over_http import OfficeAway, OfficeSaidNo
from poreka.systems.mojeikp.account_over_http import AccountAway
from poreka.web.application import Application, Federation
from poreka.web.browser.redirect import redirect
from poreka.web.csrf import FormNotOurs
from poreka.web.failures import PageNotFound, StalePage
from poreka.web.forms import BadForm
from poreka.web.routes import Access, Route
from tests.support.asgi import Site
from tests.support.in_process import BankInProcess

PRIVATE = "canary-private-detail"
RAISED: dict[str, BaseException] = {}


async def raising(request: Request, system: Any, session: Any = None) -> Response:
    raise RAISED["now"]


async def hello(request: Request, system: Any, session: Any = None) -> Response:
    return PlainTextResponse(f"hello {request.path_params.get('name', '')}")


async def away(request: Request, system: Any) -> Response:
    return redirect(request, system, "/sign-in")


ROUTES = [
    Route("GET", "/page", raising, Access.ANYONE),
    Route("GET", "/program", raising, Access.CLIENT),
    Route("GET", "/bearer", raising, Access.BEARER),
    Route("GET", "/data.json", raising, Access.ANYONE),
    Route("GET", "/hello", hello, Access.ANYONE),
    Route("PUT", "/hello", hello, Access.ANYONE),
    Route("GET", "/hello/{name}", hello, Access.ANYONE),
    Route("POST", "/hello/{name}/more", hello, Access.CLIENT),
    Route("GET", "/mine", hello, Access.PERSON),
    Route("GET", "/raise/{name}", raising, Access.ANYONE),
]


@pytest.fixture
def site(bank: BankInProcess) -> Site:
    return Site(Application(bank.bank, ROUTES, away), bank.bank.origin)


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as entries:
        yield entries


async def test_what_is_at_an_address(site: Site) -> None:
    assert (await site.call("GET", "/hello")).text == "hello "
    assert (await site.call("GET", "/hello/jan")).text == "hello jan"
    assert (await site.call("HEAD", "/hello")).status_code == 200
    assert (await site.call("GET", "/hello/")).status_code == 404
    assert (await site.call("GET", "/nothing")).status_code == 404
    assert (await site.call("GET", "/hello/jan/more/x")).status_code == 404


async def test_another_method_is_named(site: Site) -> None:
    page = await site.call("DELETE", "/hello")
    assert (page.status_code, page.headers["allow"]) == (405, "GET, PUT")
    assert "<h1" in page.text
    told = await site.call("GET", "/hello/jan/more")
    assert (told.status_code, told.headers["allow"]) == (405, "POST")
    assert told.json()["error"] == "invalid_request"


async def test_too_long_an_address_is_refused(site: Site) -> None:
    assert (await site.call("GET", "/hello/" + "x" * 2000)).status_code == 414
    assert (await site.call("GET", "/hello?" + "x" * 9000)).status_code == 414
    answer = await site.call("GET", "/program?" + "x" * 9000)
    assert (answer.status_code, answer.headers["content-type"]) == (414, "application/json")


@pytest.mark.parametrize("path", ["/hello/\0", "/hello/\r\n", "/\x7f", "/hello/\u2028", "/hello/\udcff"])
async def test_control_characters_stand_in_no_address(site: Site, path: str) -> None:
    assert (await site.raw("GET", path, b"", [], [])).status_code == 404


async def test_a_query_of_raw_bytes_is_refused(site: Site) -> None:
    assert (await site.raw("GET", "/hello", b"a=\xff\xfe", [], [])).status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "[::1", "a b", "", "x" * 3000, "millenet.localhost:8000, evil"])
async def test_no_address_is_made_of_the_host_header(site: Site, host: str) -> None:
    answer = await site.raw("GET", "/nothing", b"", [("host", host)], [])
    assert answer.status_code == 404
    assert "evil" not in answer.text


async def test_a_path_of_two_slashes_does_not_become_a_link_to_another_site(site: Site) -> None:
    answer = await site.raw("GET", "//evil.example/x", b"", [], [])
    assert answer.status_code == 404
    assert 'href="//' not in answer.text


async def test_nobody_signed_in_is_turned_away(bank: BankInProcess, site: Site) -> None:
    assert (await site.call("GET", "/mine")).headers["location"] == "/sign-in"
    browser = await bank.signed_in()
    cookie = [("cookie", f"session={browser.cookie('session')}")]
    assert (await site.call("GET", "/mine", headers=cookie)).text == "hello "


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ShownToPerson("invalid_client", "Public words.", detail=PRIVATE), 400),
        (BadForm("repeated"), 400),
        (BadForm("too_large", 413), 413),
        (BadForm("content_type", 415), 415),
        (BadForm("a_kind_without_texts"), 400),
        (FormNotOurs("foreign"), 403),
        (FormNotOurs("stale"), 403),
        (FormNotOurs("no_cookies"), 403),
        (StalePage(), 410),
        (StalePage("no_cookies", 400), 400),
        (StalePage("finished"), 410),
        (PageNotFound(), 404),
        (DatabaseUnavailable(PRIVATE), 503),
        (DirectoryUnavailable(PRIVATE), 503),
        (OfficeAway(PRIVATE), 503),
        (OfficeSaidNo("held"), 404),
        (AccountAway(PRIVATE), 503),
        (ZeroDivisionError(PRIVATE), 500),
        (SentToClient("invalid_request", "No destination.", detail=PRIVATE), 500),
        (AnsweredAsJson("invalid_request", "Not for a page.", detail=PRIVATE), 500),
    ],
)
@pytest.mark.parametrize("language", ["pl", "en"])
async def test_every_failure_of_a_page_is_a_page(site: Site, error: Exception, status: int, language: str) -> None:
    RAISED["now"] = error
    for path in ("/page", "/raise/x.json"):
        answer = await site.call("GET", path, headers=[("accept-language", language)])
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.text.count("<h1") == 1
        assert PRIVATE not in answer.text
        assert "Traceback" not in answer.text
        assert type(error).__name__ not in answer.text
        assert ("retry-after" in answer.headers) is (status == 503)
        assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("away", PeerAway.__subclasses__())
@pytest.mark.parametrize("language", ["pl", "en"])
async def test_another_system_that_is_away_has_texts_of_its_own(
    site: Site, away: type[PeerAway], language: str
) -> None:
    RAISED["now"] = away(PRIVATE)
    page = (await site.call("GET", "/page?a=1", headers=[("accept-language", language)])).text
    RAISED["now"] = ZeroDivisionError()
    broken = (await site.call("GET", "/page", headers=[("accept-language", language)])).text
    assert _heading(page) != _heading(broken)
    assert ('href="/page?a=1"' in page) is away.leads_back
    assert (_what_was_sent(page) != _what_was_sent(broken)) is away.maybe_sent


def _heading(page: str) -> str:
    return page.partition("<h1")[2].partition("</h1>")[0]


def _what_was_sent(page: str) -> str:
    return page.partition("<h2")[2].partition("<h2")[0]


@pytest.mark.parametrize(
    "error", [PageNotFound(), StalePage(), BadForm("repeated"), ZeroDivisionError(PRIVATE)], ids=repr
)
async def test_a_failure_leaves_who_is_signed_in_signed_in(bank: BankInProcess, site: Site, error: Exception) -> None:
    RAISED["now"] = error
    browser = await bank.signed_in()
    answer = await site.call("GET", "/page", headers=[("cookie", f"session={browser.cookie('session')}")])
    for part in ('class="p-person"', 'action="/sign-out"', "data-session"):
        assert part in answer.text
        assert part not in (await site.call("GET", "/page")).text


async def test_a_store_that_cannot_tell_who_is_signed_in_does_not_hide_the_failure(
    bank: BankInProcess, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise ZeroDivisionError(PRIVATE)

    monkeypatch.setattr(Sessions, "by_cookie", broken)
    for error, status in ((PageNotFound(), 404), (DatabaseUnavailable(PRIVATE), 503)):
        RAISED["now"] = error
        answer = await site.call("GET", "/page", headers=[("cookie", f"session={'s' * 43}")])
        assert (answer.status_code, PRIVATE in answer.text) == (status, False)


async def test_a_bug_shows_a_reference_that_the_log_has_too(site: Site, logged: list[Any]) -> None:
    RAISED["now"] = RuntimeError(PRIVATE)
    answer = await site.call("GET", "/page")
    reference = next(entry["reference"] for entry in logged if entry["event"] == "failed")
    assert reference in answer.text
    assert len(reference) == 10


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (AnsweredAsJson("invalid_grant", "Public words.", detail=PRIVATE), 400, "invalid_grant"),
        (AnsweredAsJson("invalid_client", "No.", status=401, detail=PRIVATE), 401, "invalid_client"),
        (BadForm("too_large", 413), 413, "invalid_request"),
        (PageNotFound(), 404, "not_found"),
        (DatabaseUnavailable(PRIVATE), 503, "temporarily_unavailable"),
        (DirectoryUnavailable(PRIVATE), 503, "temporarily_unavailable"),
        (ZeroDivisionError(PRIVATE), 500, "server_error"),
        (ShownToPerson("invalid_request", "For a page.", detail=PRIVATE), 500, "server_error"),
    ],
)
@pytest.mark.parametrize("path", ["/program", "/bearer", "/data.json"])
async def test_every_failure_of_a_program_s_address_is_json(
    site: Site, path: str, error: Exception, status: int, code: str
) -> None:
    RAISED["now"] = error
    answer = await site.call("GET", path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["error"] == code
    assert PRIVATE not in answer.text
    assert "set-cookie" not in answer.headers
    assert ("retry-after" in answer.headers) is (status == 503)


async def test_a_refused_bearer_is_told_in_a_header_alone(site: Site) -> None:
    RAISED["now"] = RefusedBearer("invalid_token", "Not valid.", detail=PRIVATE)
    answer = await site.call("GET", "/bearer")
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token", error_description="Not valid."'


async def test_what_goes_to_the_client_says_who_sends_it_and_nothing_private(site: Site) -> None:
    destination = Destination(redirect_uri="https://rp.example/cb?a=1", state="s&=", response_mode="query")
    RAISED["now"] = SentToClient("access_denied", "No.", detail=PRIVATE, destination=destination)
    answer = await site.call("GET", "/page")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("https://rp.example/cb?a=1&error=access_denied&")
    assert "state=s%26%3D" in answer.headers["location"]
    assert "iss=http" in answer.headers["location"]
    assert PRIVATE not in answer.headers["location"]


async def test_several_systems_are_told_apart_by_host(bank: BankInProcess, site: Site) -> None:
    assert isinstance(site.application, Application)
    federation = Site(Federation({"millenet.localhost:8000": site.application}), site.origin)
    assert (await federation.call("GET", "/hello")).status_code == 200
    upper = await federation.raw("GET", "/hello", b"", [("host", "MilleNet.localhost:8000")], [])
    assert upper.status_code == 200
    for host in ("evil.example", "millenet.localhost", "", "millenet.localhost:8001"):
        answer = await federation.raw("GET", "/hello", b"", [("host", host)], [])
        assert answer.status_code == 421
        assert "content-security-policy" in answer.headers
        assert host not in answer.text or host == ""


@pytest.mark.parametrize("hosts", [[], ["millenet.localhost:8000"] * 2, ["millenet.localhost:8000", "evil.example"]])
async def test_rfc_9112_3_2_a_request_names_one_host(site: Site, hosts: list[str]) -> None:
    assert isinstance(site.application, Application)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    scope = {"type": "http", "method": "GET", "path": "/hello", "headers": [(b"host", one.encode()) for one in hosts]}
    await Federation({"millenet.localhost:8000": site.application})(scope, receive, send)
    assert sent[0]["status"] == 400


@pytest.mark.parametrize("name", ["authorization", "content-type", "origin"])
async def test_a_header_that_may_stand_once_is_refused_when_it_stands_twice(site: Site, name: str) -> None:
    page = await site.call("GET", "/hello", headers=[(name, "a"), (name, "b")])
    assert page.status_code == 400
    assert (await site.call("GET", "/hello", headers=[(name, "a")])).status_code == 200


@pytest.mark.parametrize(("path", "alone", "status"), [
    ("/health/live", True, 200), ("/health/ready", True, 200), ("/health/live", False, 421), ("/hello", True, 421),
])  # fmt: skip
async def test_one_system_tells_of_its_health_whatever_host_is_asked(
    site: Site, path: str, alone: bool, status: int
) -> None:
    application = site.application
    assert isinstance(application, Application)
    others = {} if alone else {"pue.localhost:8000": Application(application._system, [], application._turn_away)}
    balanced = Site(Federation({"millenet.localhost:8000": application, **others}), site.origin)
    assert (await balanced.call("GET", path, headers=[("host", "10.0.0.7:8000")])).status_code == status
