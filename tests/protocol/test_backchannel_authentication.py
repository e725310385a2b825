"""Asking somebody in the app without a browser (OpenID CIBA Core 1.0): taken from everyone who may, answered by few."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
import pytest_asyncio
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from poreka.oidc import jose
from poreka.oidc.backchannel_authentication import GRANT_TYPE, HINT_TOKEN_TYPE, REQUEST_CLAIM
from poreka.oidc.clients.registration_faults import registration_faults
from poreka.oidc.lasting.statement import verify_statement
from poreka.oidc.provider.subject import pairwise_subject
from poreka.rules.authorising.push_request import PushState
from poreka.rules.authorising.tools import Tool
from tests.protocol.test_signing import DOCUMENT, SUMMARY, details
from tests.support.asgi import Site
from tests.support.profile_and_app import PESEL, AsgiChannel, Handset, ProfileAndApp, other_service, profile_and_app
from tests.support.relying_client import FapiClient, jti, new_key

ELSEWHERE = ("other-fapi", "https://other.example/callback")
STRANGER = "83041741039"
PATH = "/backchannel/authenticate"


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        yield started


@pytest_asyncio.fixture
async def phone(both: ProfileAndApp) -> Handset:
    """Stanisław's phone, enrolled and unlocked; he agreed to the sandbox before."""
    enrolled = await both.enrol()
    await both.unlocked(enrolled)
    await both.agreed()
    subject = subject_at(both, "127.0.0.1")
    await both.pz.known_subjects.know(both.pz.database, "sandbox-fapi", subject, "stanislaw")
    return enrolled


def subject_at(both: ProfileAndApp, sector: str) -> str:
    return pairwise_subject(sector, "stanislaw", both.pz.keys.subjects)


async def ask(both: ProfileAndApp, client: FapiClient | None = None, **changes: str | None) -> httpx2.Response:
    """A question to Stanisław, by the name under which the sandbox knows him."""
    client = client or both.service()
    return await put(both, client, [("dpop", client.proof("POST", PATH))], **changes)


async def put(
    both: ProfileAndApp, client: FapiClient, headers: list[tuple[str, str]], **changes: str | None
) -> httpx2.Response:
    asked: dict[str, str | None] = {
        "scope": "openid identity",
        "login_hint": subject_at(both, "127.0.0.1"),
        "binding_message": "Wizyta 12 maja",
        "client_id": client.client_id,
        **changes,
    }
    form = {name: value for name, value in asked.items() if value is not None}
    return await both.pz_site.call("POST", PATH, form={**form, **client.proven()}, headers=headers)


async def asked_well(both: ProfileAndApp, client: FapiClient | None = None, **changes: str | None) -> dict[str, Any]:
    answer = await ask(both, client, **changes)
    assert answer.status_code == 200, answer.text
    taken: dict[str, Any] = answer.json()
    await both.pz_worker.send_due()
    return taken


async def poll(both: ProfileAndApp, auth_req_id: str, client: FapiClient | None = None) -> httpx2.Response:
    client = client or both.service()
    form = {"grant_type": GRANT_TYPE, "auth_req_id": auth_req_id, **client.proven()}
    return await both.pz_site.call("POST", "/token", form=form, headers=[("dpop", client.proof("POST", "/token"))])


async def error_of(both: ProfileAndApp, auth_req_id: str, client: FapiClient | None = None) -> str:
    """What the next poll says, after having waited long enough."""
    both.clock.advance(10)
    answer = await poll(both, auth_req_id, client)
    assert answer.status_code == 400, answer.text
    error: str = answer.json()["error"]
    return error


async def newest(both: ProfileAndApp) -> str:
    return (await both.pz.app_requests.recent("stanislaw"))[0].id


def named(both: ProfileAndApp, pesel: str = PESEL, **changes: Any) -> str:
    """A `login_hint_token` of the other service."""
    client, now = both.service(*ELSEWHERE), both.clock()
    claims = {"iss": "other-fapi", "aud": both.pz.origin, "iat": now, "exp": now + 60, "jti": jti(), "pesel": pesel}
    typ = changes.pop("typ", HINT_TOKEN_TYPE)
    key = changes.pop("key", client.key)
    return jose.sign({name: value for name, value in {**claims, **changes}.items() if value is not None}, key, typ)


def by_pesel(both: ProfileAndApp, pesel: str = PESEL, **changes: Any) -> dict[str, str | None]:
    return {
        "login_hint": None,
        "login_hint_token": named(both, pesel, **changes),
        "scope": "openid",
        "client_notification_token": "n-1",
    }


async def test_approved_in_the_app_it_becomes_tokens_once(both: ProfileAndApp, phone: Handset) -> None:
    taken = await asked_well(both)
    assert taken["expires_in"] == 120
    assert (await poll(both, taken["auth_req_id"])).json()["error"] == "authorization_pending"
    request = await newest(both)
    question = await phone.browser.open(f"/requests/{request}")
    for words in ("Piaskownica FAPI", "Logowanie do Piaskownica FAPI: Wizyta 12 maja"):
        assert words in question.text
    assert taken["matching_number"] not in question.text.split()
    await both.approve(phone, request, taken["matching_number"])
    both.clock.advance(10)
    answer = await poll(both, taken["auth_req_id"])
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    claims = await both.service().claims_of(tokens["id_token"])
    assert claims["sub"] == subject_at(both, "127.0.0.1")
    assert claims["acr"] == "http://eidas.europa.eu/LoA/substantial"
    assert claims[REQUEST_CLAIM] == taken["auth_req_id"]
    assert "sid" not in claims
    assert tokens["token_type"] == "DPoP"
    assert await error_of(both, taken["auth_req_id"]) == "invalid_grant"
    events = await both.events("pz")
    assert {"ApprovalAsked", "PushApproved", "OperationAuthorised", "ApprovedElsewhere", "TokensIssued"} <= set(events)
    owner = await both.owner()
    assert "Potwierdzono w aplikacji" in (await owner.open("/profile/history")).text


async def test_the_tokens_open_user_info_under_the_consent_only(both: ProfileAndApp, phone: Handset) -> None:
    client = both.service()
    taken = await asked_well(both, client)
    await both.approve(phone, await newest(both), taken["matching_number"])
    tokens = (await poll(both, taken["auth_req_id"], client)).json()
    facts = await client.facts(tokens["access_token"])
    assert facts["pesel"] == PESEL
    consent = await both.pz.consents.in_force("stanislaw", "sandbox-fapi")
    assert consent is not None
    await both.pz.consents.withdraw(both.pz.database, consent.id, "stanislaw", both.clock())
    assert (await client.userinfo(tokens["access_token"])).status_code == 401


async def test_a_document_is_signed_without_leaving_the_service(both: ProfileAndApp, phone: Handset) -> None:
    taken = await asked_well(both, authorization_details=details())
    request = await newest(both)
    assert f"Podpis: {SUMMARY}" in (await phone.browser.open(f"/requests/{request}")).text
    await both.approve(phone, request, taken["matching_number"])
    [said] = (await poll(both, taken["auth_req_id"])).json()["authorization_details"]
    found = verify_statement(said["statement"], (await both.pz_site.call("GET", "/receipt-keys")).json()).statement
    assert (found.person.pesel, found.operation.tool, found.client.client_id) == (PESEL, "push", "sandbox-fapi")
    assert DOCUMENT
    await both.pz_worker.send_due()
    assert "podpisano dokument" in both.phones.messages[-1].body


@pytest.mark.parametrize("how", ["refuses", "types another number", "does not answer"])
async def test_who_does_not_approve_gives_nothing(both: ProfileAndApp, phone: Handset, how: str) -> None:
    taken = await asked_well(both)
    request = await newest(both)
    if how == "refuses":
        await (await phone.browser.open(f"/requests/{request}")).submit("/refuse")
    elif how == "types another number":
        await both.approve(phone, request, str(10 + (int(taken["matching_number"]) - 9) % 90))
    else:
        both.clock.advance(120)
    error = "expired_token" if how == "does not answer" else "access_denied"
    assert await error_of(both, taken["auth_req_id"]) == error
    assert await error_of(both, taken["auth_req_id"]) == error


async def test_a_question_needs_no_proof_but_its_tokens_do(both: ProfileAndApp, phone: Handset) -> None:
    """As npm openid-client asks: no specification wants a proof of the question itself."""
    client = both.service()
    assert (await put(both, client, [("dpop", client.proof("POST", "/par"))])).json()["error"] == "invalid_dpop_proof"
    taken = (await put(both, client, [])).json()
    await both.pz_worker.send_due()
    await both.approve(phone, await newest(both), taken["matching_number"])
    form = {"grant_type": GRANT_TYPE, "auth_req_id": taken["auth_req_id"]}
    bare = await both.pz_site.call("POST", "/token", form={**form, **client.proven()})
    assert bare.json()["error"] == "invalid_dpop_proof"
    tokens = (await poll(both, taken["auth_req_id"], client)).json()
    assert tokens["token_type"] == "DPoP"


async def test_an_approval_waits_a_while_for_its_client(both: ProfileAndApp, phone: Handset) -> None:
    taken = await asked_well(both)
    await both.approve(phone, await newest(both), taken["matching_number"])
    both.clock.advance(230)
    assert (await poll(both, taken["auth_req_id"])).status_code == 200
    again = await asked_well(both)
    await both.approve(phone, await newest(both), again["matching_number"])
    both.clock.advance(250)
    assert await error_of(both, again["auth_req_id"]) == "expired_token"


async def test_who_polls_too_often_is_slowed_down_for_good(both: ProfileAndApp, phone: Handset) -> None:
    taken = await asked_well(both)
    assert (await poll(both, taken["auth_req_id"])).json()["error"] == "authorization_pending"
    assert (await poll(both, taken["auth_req_id"])).json()["error"] == "slow_down"
    both.clock.advance(3)
    assert (await poll(both, taken["auth_req_id"])).json()["error"] == "slow_down"
    both.clock.advance(12)
    assert (await poll(both, taken["auth_req_id"])).json()["error"] == "authorization_pending"
    both.clock.advance(3)
    assert (await poll(both, taken["auth_req_id"])).json()["error"] == "slow_down"
    assert await both.pz.consents.in_force("stanislaw", "sandbox-fapi") is not None


async def test_somebody_who_cannot_be_asked_looks_like_somebody_who_refuses(
    both: ProfileAndApp, phone: Handset
) -> None:
    """Unknown, without an app, without a consent, with another question open: one answer, and nobody is bothered."""

    async def course(**changes: str | None) -> tuple[set[str], list[str]]:
        client = both.service(*ELSEWHERE) if changes.get("client_notification_token") else both.service()
        taken = await asked_well(both, client, **changes)
        assert 10 <= int(taken["matching_number"]) <= 99
        errors = [(await poll(both, taken["auth_req_id"], client)).json()["error"]]
        both.clock.advance(30)
        errors.append((await poll(both, taken["auth_req_id"], client)).json()["error"])
        return set(taken), errors

    courses = [await course(login_hint="x" * 43), await course(**by_pesel(both, STRANGER))]
    courses.append(await course(**{**by_pesel(both), "scope": "openid identity"}))  # never agreed to this service
    await both.pz.tools.choose(both.pz.database, "stanislaw", Tool.SMS)
    courses.append(await course(**by_pesel(both)))
    assert await both.pz.app_requests.recent("stanislaw") == []
    await both.pz.tools.choose(both.pz.database, "stanislaw", Tool.PUSH)
    open_one = await asked_well(both)
    courses.append(await course(**by_pesel(both)))
    assert len(await both.pz.app_requests.recent("stanislaw")) == 1
    assert open_one["matching_number"]
    members = {"auth_req_id", "expires_in", "interval", "matching_number"}
    assert courses == [(members, ["authorization_pending", "access_denied"])] * 5


async def test_a_desk_names_whoever_stands_before_it(both: ProfileAndApp, phone: Handset) -> None:
    """No facts are asked for, so no consent is needed: the answer is that this person approved."""
    client = both.service(*ELSEWHERE)
    taken = await asked_well(both, client, **by_pesel(both))
    await both.approve(phone, await newest(both), taken["matching_number"])
    tokens = (await poll(both, taken["auth_req_id"], client)).json()
    assert (await client.claims_of(tokens["id_token"]))["sub"] == subject_at(both, "other.example")
    assert "pesel" not in json.dumps(await client.claims_of(tokens["id_token"]))


async def test_refusals_to_one_service_are_refusals_to_all(both: ProfileAndApp, phone: Handset) -> None:
    """Push fatigue: two questions through, whoever asks, then a pause."""
    for client, changes in ((both.service(), {}), (both.service(*ELSEWHERE), by_pesel(both))):
        await asked_well(both, client, **changes)
        await (await phone.browser.open(f"/requests/{await newest(both)}")).submit("/refuse")
    taken = await asked_well(both, both.service(*ELSEWHERE), **by_pesel(both))
    await asked_well(both)
    assert len(await both.pz.app_requests.recent("stanislaw")) == 2
    assert await error_of(both, taken["auth_req_id"], both.service(*ELSEWHERE)) in (
        "authorization_pending",
        "access_denied",
    )
    page = await (await (await both.owner()).open("/profile/extend")).submit("/profile/extend")
    await page.browser.post(f"{page.path}/ask", tool="push")
    assert len(await both.pz.app_requests.recent("stanislaw")) == 2


async def test_only_the_client_that_asked_learns_how_it_went(both: ProfileAndApp, phone: Handset) -> None:
    taken = await asked_well(both)
    await both.approve(phone, await newest(both), taken["matching_number"])
    assert await error_of(both, taken["auth_req_id"], both.service(*ELSEWHERE)) == "invalid_grant"
    thief = both.service()
    thief.proof_key = new_key()  # the secret and the client's key, but not the key that the request was bound to
    assert await error_of(both, taken["auth_req_id"], thief) == "invalid_grant"
    assert (await poll(both, taken["auth_req_id"])).status_code == 200


async def test_of_many_polls_at_once_one_gets_the_tokens(both: ProfileAndApp, phone: Handset) -> None:
    client = both.service()
    taken = await asked_well(both, client)
    await both.approve(phone, await newest(both), taken["matching_number"])
    answers = await asyncio.gather(*(poll(both, taken["auth_req_id"], client) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400]


async def test_a_consent_withdrawn_meanwhile_gives_nothing(both: ProfileAndApp, phone: Handset) -> None:
    taken = await asked_well(both)
    await both.approve(phone, await newest(both), taken["matching_number"])
    consent = await both.pz.consents.in_force("stanislaw", "sandbox-fapi")
    assert consent is not None
    await both.pz.consents.withdraw(both.pz.database, consent.id, "stanislaw", both.clock())
    assert await error_of(both, taken["auth_req_id"]) == "access_denied"


async def test_the_wanted_life_is_kept_within_reason(both: ProfileAndApp, phone: Handset) -> None:
    assert (await asked_well(both, requested_expiry="60"))["expires_in"] == 60
    request = (await both.pz.app_requests.recent("stanislaw"))[0]
    assert request.expires_at - request.opened_at == 60
    assert (await asked_well(both, requested_expiry="1"))["expires_in"] == 30
    assert (await asked_well(both, requested_expiry="99999"))["expires_in"] == 120


FAULTY: tuple[tuple[dict[str, str | None], str], ...] = (
    ({"login_hint": None}, "invalid_request"),
    ({"id_token_hint": "x.y.z"}, "invalid_request"),
    ({"login_hint": None, "id_token_hint": "x.y.z"}, "invalid_request"),
    ({"login_hint": "x" * 256}, "invalid_request"),
    ({"login_hint": None, "login_hint_token": "x"}, "unauthorized_client"),
    ({"scope": None}, "invalid_scope"),
    ({"scope": "identity"}, "invalid_scope"),
    ({"binding_message": "x" * 101}, "invalid_binding_message"),
    ({"binding_message": "a\nb"}, "invalid_binding_message"),
    ({"binding_message": "a\u202eb"}, "invalid_binding_message"),
    ({"binding_message": "sprawa\uff1b 12"}, "invalid_binding_message"),
    ({"requested_expiry": "0"}, "invalid_request"),
    ({"requested_expiry": "-5"}, "invalid_request"),
    ({"requested_expiry": "soon"}, "invalid_request"),
    ({"request": "x.y.z"}, "invalid_request"),
    ({"request_uri": "urn:x"}, "request_uri_not_supported"),
    ({"resource": "https://x.example"}, "invalid_target"),
    ({"authorization_details": "[]"}, "invalid_authorization_details"),
    ({"acr_values": "x" * 1025}, "invalid_request"),
    ({"client_id": "other-fapi"}, "invalid_client"),
)


async def test_a_faulty_question_is_refused_at_once(both: ProfileAndApp) -> None:
    for changes, error in FAULTY:
        answer = await ask(both, **changes)
        assert answer.json()["error"] == error, (changes, answer.text)
        assert answer.status_code in (400, 401), changes


async def test_a_hint_token_is_the_client_s_own_short_lived_and_good_once(both: ProfileAndApp) -> None:
    client = both.service(*ELSEWHERE)
    now = both.clock()
    for bad, error in (
        ({"iss": "sandbox-fapi"}, "invalid_request"),
        ({"aud": "https://elsewhere.example"}, "invalid_request"),
        ({"exp": now - 60}, "expired_login_hint_token"),
        ({"exp": now + 3600}, "invalid_request"),
        ({"iat": now + 3600}, "invalid_request"),
        ({"jti": None}, "invalid_request"),
        ({"pesel": None}, "invalid_request"),
        ({"typ": "JWT"}, "invalid_request"),
        ({"key": new_key()}, "invalid_request"),
    ):
        answer = await ask(both, client, **by_pesel(both, **bad))
        assert answer.json()["error"] == error, (bad, answer.text)
    assert (await ask(both, client, **by_pesel(both, "851212569836"))).json()["error"] == "invalid_request"
    good = by_pesel(both)
    assert (await ask(both, client, **good)).status_code == 200
    assert (await ask(both, client, **good)).json()["error"] == "invalid_request"


async def test_an_earlier_id_token_says_who_is_meant(both: ProfileAndApp, phone: Handset) -> None:
    taken = await asked_well(both)
    await both.approve(phone, await newest(both), taken["matching_number"])
    hint = (await poll(both, taken["auth_req_id"])).json()["id_token"]
    both.clock.advance(10)
    assert (await asked_well(both, login_hint=None, id_token_hint=hint))["auth_req_id"]
    assert len(await both.pz.app_requests.recent("stanislaw")) == 2


async def test_a_client_that_is_not_registered_for_it_asks_nobody(both: ProfileAndApp) -> None:
    await both.change_client(
        "sandbox-fapi", grant_types=frozenset({"authorization_code"}), backchannel_token_delivery_mode=None
    )
    assert (await ask(both)).json()["error"] == "unauthorized_client"
    assert (await poll(both, "x")).json()["error"] == "unauthorized_client"


async def test_elsewhere_the_grant_is_not_offered(both: ProfileAndApp) -> None:
    client = both.relying()
    form = {"grant_type": GRANT_TYPE, "auth_req_id": "x", **client.proven()}
    answer = await both.app_site.call("POST", "/token", form=form, headers=[("dpop", client.proof("POST", "/token"))])
    assert answer.json()["error"] == "unsupported_grant_type"
    document = (await both.app_site.call("GET", "/.well-known/openid-configuration")).json()
    assert "backchannel_authentication_endpoint" not in document


async def test_it_is_announced(both: ProfileAndApp) -> None:
    document = (await both.pz_site.call("GET", "/.well-known/openid-configuration")).json()
    assert document["backchannel_authentication_endpoint"] == f"{both.pz.origin}{PATH}"
    assert document["backchannel_token_delivery_modes_supported"] == ["poll", "ping"]
    assert document["backchannel_user_code_parameter_supported"] is False
    assert GRANT_TYPE in document["grant_types_supported"]


class Listener:
    """A relying party's notification endpoint."""

    def __init__(self, *statuses: int) -> None:
        self.statuses, self.heard = list(statuses), list[tuple[str, dict[str, Any]]]()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        self.heard.append((request.headers["authorization"], json.loads(await request.body())))
        status = self.statuses.pop(0) if self.statuses else 204
        await PlainTextResponse("", status)(scope, receive, send)


async def test_who_wants_to_be_told_is_told_when_it_is_over(both: ProfileAndApp, phone: Handset) -> None:
    listener = Listener(503)
    AsgiChannel.sites["other.example"] = Site(listener, "https://other.example")
    client = both.service(*ELSEWHERE)
    taken = await asked_well(both, client, **by_pesel(both))
    assert listener.heard == []
    await both.approve(phone, await newest(both), taken["matching_number"])
    await both.pz_worker.send_due()
    both.clock.advance(5)
    await both.pz_worker.send_due()
    told = ("Bearer n-1", {"auth_req_id": taken["auth_req_id"]})
    assert listener.heard == [told, told], "the first was refused, so it came again"
    assert (await poll(both, taken["auth_req_id"], client)).status_code == 200

    listener.heard.clear()
    for pesel, seconds in ((STRANGER, 30), (PESEL, 120)):
        taken = await asked_well(both, client, **by_pesel(both, pesel))
        both.clock.advance(seconds)
        await both.pz_worker.send_due()
        assert listener.heard.pop() == ("Bearer n-1", {"auth_req_id": taken["auth_req_id"]})


async def test_a_notice_needs_a_token_to_prove_itself_with(both: ProfileAndApp) -> None:
    for token in (None, "a b", "x" * 1025, "ż"):
        changes = {**by_pesel(both), "client_notification_token": token}
        answer = await ask(both, both.service(*ELSEWHERE), **changes)
        assert answer.json()["error"] == "invalid_request", token


async def test_nothing_of_it_lies_open_in_the_database(both: ProfileAndApp, phone: Handset) -> None:
    taken = await asked_well(both, both.service(*ELSEWHERE), **by_pesel(both))
    for table in ("backchannel_requests", "outbox", "audit_entries", "push_requests"):
        rows = str([dict(row) for row in await both.pz.database.all(f"SELECT * FROM {table}")])
        for secret in (taken["auth_req_id"], "n-1", PESEL):
            assert secret not in rows, table


async def test_a_request_that_was_withdrawn_by_the_owner_ends(both: ProfileAndApp, phone: Handset) -> None:
    taken = await asked_well(both)
    await both.pz.app_requests.withdraw_open(both.pz.database, "stanislaw", both.clock())
    assert (await both.pz.app_requests.recent("stanislaw"))[0].state is PushState.WITHDRAWN
    assert await error_of(both, taken["auth_req_id"]) == "access_denied"


def test_what_a_registration_may_not_say() -> None:
    good = other_service()
    assert registration_faults(good) == []
    for changes in (
        {"profile": "openid"},
        {"backchannel_token_delivery_mode": None},
        {"backchannel_token_delivery_mode": "poll"},
        {"backchannel_client_notification_endpoint": None},
        {"backchannel_client_notification_endpoint": "http://other.example/ping"},
        {"grant_types": frozenset({"authorization_code"})},
        {"grant_types": frozenset({"authorization_code", "password"})},
        {"authorization_details_types": frozenset({"payment"})},
        {"authorization_details_types": frozenset({"trusted_signature"}), "claims": frozenset({"given_name"})},
    ):
        assert registration_faults(msgspec.structs.replace(good, **changes)), changes


async def test_ciba_10_2_who_comes_when_it_was_answered_is_never_told_to_slow_down(
    both: ProfileAndApp, phone: Handset
) -> None:
    """The client polls, the person answers in the same moment, and the client comes at once, called by our ping."""
    taken = await asked_well(both)
    assert (await poll(both, taken["auth_req_id"])).json()["error"] == "authorization_pending"
    await both.approve(phone, await newest(both), taken["matching_number"])
    assert (await poll(both, taken["auth_req_id"])).status_code == 200
    refused = await asked_well(both)
    assert (await poll(both, refused["auth_req_id"])).json()["error"] == "authorization_pending"
    await (await phone.browser.open(f"/requests/{await newest(both)}")).submit("/refuse")
    assert (await poll(both, refused["auth_req_id"])).json()["error"] == "access_denied"


async def test_ciba_7_1_1_a_signed_request_is_taken_once(both: ProfileAndApp, phone: Handset) -> None:
    client, now = both.service(), both.clock()
    asked = {"scope": "openid identity", "login_hint": subject_at(both, "127.0.0.1"), "binding_message": "Wizyta"}
    claims = {"iss": client.client_id, "aud": both.pz.origin, "iat": now, "nbf": now, "exp": now + 60, "jti": jti()}
    signed = jose.sign({**claims, **asked}, client.key)

    async def sent() -> httpx2.Response:
        headers = [("dpop", client.proof("POST", PATH))]
        form = {"request": signed, **client.proven()}
        return await both.pz_site.call("POST", PATH, form=form, headers=headers)

    assert (await sent()).status_code == 200
    again = await sent()
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")
