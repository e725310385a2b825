import hmac
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
import pytest_asyncio

from poreka.oidc import jose
from poreka.oidc.relying_party.exchange import Answer
from poreka.relying.provider_documents import ProviderDocuments
from poreka.systems.portal import routes as app
from poreka.web.application import Application
from tests.support.lone_portal import LonePortal, lone_portal
from tests.support.scripted_provider import Person, ScriptedProvider, fresh_key


@pytest_asyncio.fixture
async def lone(tmp_path: Path) -> AsyncIterator[LonePortal]:
    async with lone_portal(tmp_path) as running:
        await running.has_profile(Person())
        yield running


async def entered(lone: LonePortal) -> str:
    """A person who is in; returns the session's cookie."""
    browser = await lone.browser().get("/banks")
    await browser.post("/banks/millenet")
    await browser.get(f"/callback/millenet?{lone.provider.signs_in(browser.location)}")
    await browser.follow()
    return str(browser.client.cookies.get("session", domain="pue.localhost"))


async def told(lone: LonePortal, token: str | None, **more: str) -> httpx2.Response:
    data = {**({"logout_token": token} if token is not None else {}), **more}
    return await lone.browser().client.post("/backchannel-logout", data=data)


async def is_in(lone: LonePortal, cookie: str) -> bool:
    return await lone.portal.sessions.by_cookie(cookie) is not None


@pytest.mark.parametrize("named", [{}, {"sub": None}, {"sid": None}])
async def test_the_provider_s_logout_ends_the_session_that_rests_on_it(lone: LonePortal, named: dict[str, Any]) -> None:
    cookie = await entered(lone)
    token = lone.provider.logout_token(**named)
    answer = await told(lone, token)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert not await is_in(lone, cookie)
    assert await lone.events() == ["PersonEntered", "SignedOut"]


async def test_other_sessions_go_on(lone: LonePortal) -> None:
    cookie = await entered(lone)
    assert (await told(lone, lone.provider.logout_token(sid="another"))).status_code == 200
    assert await is_in(lone, cookie)


async def test_a_subject_alone_ends_every_session_of_the_person(lone: LonePortal) -> None:
    first, second = await entered(lone), await entered(lone)
    assert (await told(lone, lone.provider.logout_token(sid=None))).status_code == 200
    assert not await is_in(lone, first)
    assert not await is_in(lone, second)


async def test_a_token_works_once(lone: LonePortal) -> None:
    token = lone.provider.logout_token()
    assert (await told(lone, token)).status_code == 200
    again = await told(lone, token)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "http://evil.localhost:8000"},
        {"aud": "another"},
        {"nonce": "n"},
        {"events": {}},
        {"exp": 1},
        {"sub": None, "sid": None},
    ],
)
async def test_a_token_that_cannot_be_believed_ends_nothing(lone: LonePortal, changes: dict[str, Any]) -> None:
    cookie = await entered(lone)
    answer = await told(lone, lone.provider.logout_token(**changes))
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
    assert await is_in(lone, cookie)


async def test_a_forged_signature_ends_nothing(lone: LonePortal) -> None:
    cookie = await entered(lone)
    published, lone.provider.key = lone.provider.key, fresh_key(lone.provider.key.kid)
    lone.provider.published = published
    assert (await told(lone, lone.provider.logout_token())).status_code == 400
    lone.provider.key = fresh_key("unknown")
    assert (await told(lone, lone.provider.logout_token())).status_code == 400
    assert await is_in(lone, cookie)


def resigned(token: str, header: dict[str, str], key: bytes = b"") -> str:
    """The same claims under another header, unsigned or signed with a shared secret."""
    signed = jose.encode_segment(msgspec.json.encode(header)) + b"." + token.encode().split(b".")[1]
    signature = hmac.digest(key, signed, "sha256") if key else b"\0"
    return (signed + b"." + jose.encode_segment(signature)).decode()


async def test_a_token_without_a_real_signature_ends_nothing(lone: LonePortal) -> None:
    """RFC 8725 §3.1: no `none`, and no public key taken for a shared secret, however it is written."""
    cookie, key = await entered(lone), lone.provider.key
    token = lone.provider.logout_token()
    assert (await told(lone, token.rpartition(".")[0] + ".")).status_code == 400
    for algorithm in ("none", "None", "NONE"):
        assert (await told(lone, resigned(token, {"alg": algorithm, "kid": key.kid}))).status_code == 400
    public = [msgspec.json.encode(key.public_jwk), key.public_jwk["x"].encode()]
    public += [key.key.as_pem(private=False), key.key.as_der(private=False)]
    for secret in public:
        forged = resigned(token, {"alg": "HS256", "typ": "logout+jwt", "kid": key.kid}, secret)
        assert (await told(lone, forged)).status_code == 400
    assert await is_in(lone, cookie)


async def test_one_provider_cannot_end_what_rests_on_another(lone: LonePortal) -> None:
    """A `sub` or `sid` means something only together with who names it."""
    cookie = await entered(lone)
    known, other = lone.portal.relied_on["millenet"], "http://inteligo.localhost:8000"
    second = replace(known, key="other", registration=msgspec.structs.replace(known.registration, issuer=other))
    foreign = ScriptedProvider(other, known.registration.client_id, lone.portal.clock)
    registrations = {one.registration.issuer: one.registration for one in (known, second)}

    async def fetch(url: str) -> Answer:
        return await (foreign if url.startswith(other) else lone.provider).get(url)

    documents = ProviderDocuments(registrations, fetch, lone.portal.clock, allow_http=True)
    portal = replace(lone.portal, relied_on={"millenet": known, "other": second}, documents=documents)
    both = replace(lone, portal=portal, application=Application(portal, app.ROUTES, app.turn_away))
    for named in ({}, {"sid": None}, {"sub": None}):
        token = foreign.logout_token(jti=f"foreign {len(named)} {named}", **named)
        assert (await told(both, token)).status_code == 200, "it is a good token, and means nobody here"
    impersonating = foreign.logout_token(iss=known.registration.issuer)
    assert (await told(both, impersonating)).status_code == 400
    assert await is_in(lone, cookie)


@pytest.mark.parametrize("token", [None, "", "x", "a.b.c", "ż.ó.ł", "e30.e30.e30"])
async def test_what_is_no_token_is_refused(lone: LonePortal, token: str | None) -> None:
    assert (await told(lone, token, other="ignored")).status_code == 400


async def test_keys_that_cannot_be_fetched_may_be_tried_again(lone: LonePortal) -> None:
    lone.provider.down = True
    answer = await told(lone, lone.provider.logout_token())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    lone.provider.down = False
    assert (await told(lone, lone.provider.logout_token())).status_code == 200
