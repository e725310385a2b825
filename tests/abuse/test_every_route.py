"""Nonsense at every route of every system: a clear answer each time, and never a failure of ours.

Every route by every method, with queries, bodies, headers, cookies and path parameters that Hypothesis makes
up out of what has broken other people's software. The routes are taken from the applications themselves, so
that a new one is tried from its first day.
"""

import re
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from poreka.demo.federation import Demonstration, build_demonstration
from poreka.demo.phone import routes as phone_app
from poreka.demo.presets import Address
from poreka.demo.start import routes as start_app
from poreka.rules.levels import Factor
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.systems.bank import routes as bank_app
from poreka.systems.desk import routes as desk_app
from poreka.systems.mobywatel import routes as mobywatel_app
from poreka.systems.mojeikp import routes as mojeikp_app
from poreka.systems.mojeikp.system import Mojeikp
from poreka.systems.patient_account import routes as patient_account_app
from poreka.systems.patient_account.store.patient_accounts import PatientAccount
from poreka.systems.patient_account.system import PatientAccountSystem
from poreka.systems.portal import routes as portal_app
from poreka.systems.trusted_profile import routes as trusted_profile_app
from poreka.web.csrf import form_token
from poreka.web.routes import Route
from poreka.web.sessions import Details, new_session
from poreka.web.system import System
from tests.support.asgi import FORM, Site, request_of
from tests.support.in_process import BankInProcess, BankTemplate

APPS: dict[str, list[Route]] = {
    "millenet": bank_app.ROUTES,
    "pue": portal_app.ROUTES,
    "mobywatel": [route for route in mobywatel_app.ROUTES if route not in bank_app.ROUTES],
    "pz": [route for route in trusted_profile_app.ROUTES if route not in bank_app.ROUTES],
    "ikp": patient_account_app.ROUTES,
    "mojeikp": [route for route in mojeikp_app.ROUTES if route not in patient_account_app.ROUTES],
    "clerk": desk_app.ROUTES,
    "start": start_app.ROUTES,
    "phone": phone_app.ROUTES,
}
EVERY_ROUTE = [(system, route) for system, routes in APPS.items() for route in routes]
NAMES = [f"{system} {route.method} {route.path}" for system, route in EVERY_ROUTE]
PEOPLE = {
    "bank": "customers",
    "portal": "profiles",
    "trusted_profile": "trusted_profiles",
    "patient_account": "patient_accounts",
    "desk": "clerks",
}
MARKER = "<b id=canary>\"'&"
ALWAYS = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cache-control",
    "cross-origin-opener-policy",
    "permissions-policy",
)

nasty = st.sampled_from(
    [
        "",
        " ",
        "\0",
        "%00",
        "%",
        "%zz",
        "..",
        "/",
        "//evil.example",
        MARKER,
        "<script>alert(1)</script>",
        "{{7*7}}",
        "{0}",
        "%s",
        "' OR 1=1 --",
        "\r\nSet-Cookie: a=b",
        "ł" * 50,
        "\u202e",
        "\U0001f600",
        "1e999",
        "-1",
        "9" * 30,
        "null",
        "[]",
        "{}",
        '{"a":' * 50,
        "x" * 43,
        "x" * 5000,
        "eyJhbGciOiJub25lIn0.e30.",
        "a.b.c",
        "https://evil.example/",
        "javascript:alert(1)",
        "urn:ietf:params:oauth:request_uri:x",
        "pl",
        "en",
    ]
)  # fmt: skip
values = nasty | st.text(st.characters(codec="utf-8"), max_size=30)
names = st.sampled_from(
    [
        "csrf_token",
        "client_id",
        "request_uri",
        "request",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "nonce",
        "prompt",
        "max_age",
        "claims",
        "acr_values",
        "id_token_hint",
        "code",
        "code_challenge",
        "grant_type",
        "token",
        "client_assertion",
        "client_assertion_type",
        "client_secret",
        "logout_token",
        "iss",
        "target_link_uri",
        "next",
        "release",
        "lang",
        "number",
        "password",
        "consent",
        "seconds",
        "post_logout_redirect_uri",
        "error",
        "provider",
    ]
)  # fmt: skip
pairs = st.lists(st.tuples(names | values, values), max_size=6)
headers = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "cookie",
                "authorization",
                "dpop",
                "host",
                "origin",
                "referer",
                "sec-fetch-site",
                "accept-language",
                "content-length",
                "content-encoding",
                "content-type",
                "accept",
                "x-forwarded-host",
                "range",
                "if-none-match",
            ]
        ),
        st.sampled_from(
            [
                "",
                "session=" + "x" * 43,
                "browser=" + "y" * 43,
                "session=;browser==;;=",
                "Bearer x",
                "DPoP x",
                "Basic AA==",
                "Basic",
                "a.b.c",
                "evil.example",
                "null",
                "cross-site",
                "pl;q=x,,;",
                "en-GB" * 100,
                "-1",
                "ten",
                "gzip",
                "application/json",
                FORM,
                "multipart/form-data",
                "\xff\xfe",
                "bytes=0-",
                '"',
                "x" * 8000,
            ]
        ),
    ),
    max_size=4,
)  # fmt: skip
bodies = pairs | st.binary(max_size=200)


@pytest_asyncio.fixture(scope="session")
async def federation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demonstration]:
    """Every system of the demonstration, with its people."""
    started = await build_demonstration(tmp_path_factory.mktemp("demo"), Address(8000))
    yield started
    await started.stop()


def encoded(sent: Any) -> bytes:
    return sent if isinstance(sent, bytes) else urlencode(sent).encode()


def filled(path: str, value: str) -> str:
    """The path with its parameters filled in, as a server decodes it."""
    return re.sub(r"\{\w+\}", lambda _: value.replace("/", "") or "x", path)


def assert_clear(answer: httpx2.Response, where: str) -> None:
    """What holds for every answer, however silly the question."""
    assert answer.status_code < 500 or answer.status_code in (502, 503), (where, answer.text[:300])
    for name in ALWAYS:
        assert name in answer.headers, f"{where}: no {name}"
    assert "Traceback" not in answer.text, where
    assert MARKER not in answer.text, f"{where}: reflected"
    assert "<script>alert" not in answer.text, f"{where}: reflected"
    location = answer.headers.get("location", "")
    assert not location.startswith(("//", "https://evil", "javascript:")), f"{where}: {location}"
    assert "\n" not in location
    assert "a=b" not in answer.headers.get_list("set-cookie")
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html") and answer.text:
        assert len(LexborHTMLParser(answer.text).css("h1")) == 1, where
    elif answer.status_code >= 400 and answer.content and not where.endswith("/static/"):
        assert kind.startswith("application/json"), f"{where}: {kind}"
        assert answer.json()["error"], where


@pytest_asyncio.fixture(scope="session")
async def insiders(federation: Demonstration) -> dict[str, tuple[str, str]]:
    """For each system with people: the cookies of someone signed in, and the token their forms carry."""
    found = {}
    for running in federation.systems:
        system = running.system
        if isinstance(system, PatientAccountSystem):
            facts = PersonFacts(first_name="Jan", surname="Kowalski", pesel=Pesel("83041741039"))
            await system.database.insert(
                system.accounts.adding(PatientAccount(id="k" * 26, facts=facts, created_at=system.clock()))
            )
        if isinstance(system, Mojeikp):
            found[system.settings.system.key] = await insider(system, "k" * 26, ())
            continue
        table = PEOPLE.get(system.settings.system.kind)
        if table is None:
            continue
        who = "WHERE state = 'valid' AND locked_at IS NULL" if table == "trusted_profiles" else ""
        row = await system.database.one(f"SELECT id FROM {table} {who} ORDER BY id DESC LIMIT 1")
        assert row is not None
        factors = (Factor.PASSWORD, Factor.SMS_CODE) if table == "trusted_profiles" else (Factor.PASSWORD,)
        found[system.settings.system.key] = await insider(system, row["id"], factors)
    return found


async def insider(system: System, person_id: str, factors: tuple[Factor, ...]) -> tuple[str, str]:
    """The cookies of a new session of somebody's, and the token of their forms."""
    new = new_session(request_of(""), system, person_id, factors, Details(name="Jan"))
    await system.database.insert(new.row)
    browser = system.fresh.secret()
    return f"session={new.cookie}; browser={browser}", form_token(system.keys.forms, browser)


async def ask(
    federation: Demonstration, system: str, route: Route, value: str, query: bytes, sent: Any, body: bytes
) -> None:
    """Ask one thing, and look at the answer."""
    site = Site(federation.application, f"http://{system}.localhost:8000")
    given_headers = [(name, one) for name, one in sent if name != "host"]
    if not any(name == "content-type" for name, _ in given_headers):
        given_headers.append(("content-type", FORM))
    began = time.monotonic()
    answer = await site.raw(route.method, filled(route.path, value), query, given_headers, [body])
    assert time.monotonic() - began < 5
    assert_clear(answer, f"{system} {route.method} {route.path}")


HOW = settings(
    max_examples=6,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(("system", "route"), EVERY_ROUTE, ids=NAMES)
@HOW
@given(query=pairs | st.binary(max_size=60), body=bodies, sent=headers, value=values)
async def test_nonsense_of_a_stranger_gets_a_clear_answer(
    federation: Demonstration, system: str, route: Route, query: Any, body: Any, sent: Any, value: str
) -> None:
    await ask(federation, system, route, value, encoded(query), sent, encoded(body))


INSIDE = [
    (system, route) for system, route in EVERY_ROUTE if system in ("millenet", "pue", "pz", "ikp", "mojeikp", "clerk")
]
INSIDE_NAMES = [f"{system} {route.method} {route.path}" for system, route in INSIDE]


@pytest.mark.parametrize(("system", "route"), INSIDE, ids=INSIDE_NAMES)
@HOW
@given(query=pairs, body=pairs, value=values)
async def test_nonsense_of_a_person_signed_in_gets_a_clear_answer(
    federation: Demonstration,
    insiders: dict[str, tuple[str, str]],
    system: str,
    route: Route,
    query: Any,
    body: Any,
    value: str,
) -> None:
    """Past the guards: a living session and a token of ours, so that the handlers themselves are tried."""
    if route.path in ("/sign-out", "/session/extend"):
        return  # these end what the others need
    cookies, token = insiders[system]
    form = [("csrf_token", token), *(pair for pair in body if pair[0] != "csrf_token")]
    await ask(federation, system, route, value, encoded(query), [("cookie", cookies)], encoded(form))


@pytest_asyncio.fixture(scope="session")
async def bank_on_postgres(postgres_bank: BankTemplate) -> AsyncIterator[BankInProcess]:
    """One bank on PostgreSQL for all of these."""
    async with postgres_bank.copy() as started:
        yield started


@pytest.mark.postgres
@pytest.mark.parametrize("route", bank_app.ROUTES, ids=[f"{one.method} {one.path}" for one in bank_app.ROUTES])
@HOW
@given(query=pairs, body=pairs, value=values)
async def test_nonsense_that_reaches_postgresql_gets_a_clear_answer(
    bank_on_postgres: BankInProcess, route: Route, query: Any, body: Any, value: str
) -> None:
    """PostgreSQL refuses texts and numbers that SQLite takes: NUL, lone surrogates, more than 64 bits."""
    bank = bank_on_postgres
    browser = await bank.signed_in()
    browser.set_cookie("browser", "b" * 43)
    cookies = browser.cookies.header(bank.site.host, "/", cross_site=False, method="POST")
    form = [("csrf_token", form_token(bank.bank.keys.forms, "b" * 43)), *body]
    given_headers = [("cookie", cookies), ("content-type", FORM)]
    answer = await bank.site.raw(
        route.method, filled(route.path, value), encoded(query), given_headers, [encoded(form)]
    )
    assert_clear(answer, f"{route.method} {route.path}")
