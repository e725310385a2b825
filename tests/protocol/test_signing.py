"""Signing with the trusted profile (T7): asked for in a pushed request, shown, authorised anew, stated, verifiable."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from poreka.contracts.app_request import PushMessage, shown_words
from poreka.oidc.lasting.key_rotation import DAY
from poreka.oidc.lasting.statement import VerifiedStatement, verify_statement
from poreka.oidc.trusted_signature import document_hash, readable_hash
from poreka.rules.authorising.push_request import matching_number
from poreka.rules.authorising.shown_document import ShownDocument
from poreka.rules.authorising.tools import Tool
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.profile_and_app import PESEL, ProfileAndApp, profile_and_app

DOCUMENT = "Zaświadczenie\nZażółć gęślą jaźń.\n".encode()
SUMMARY = "Wniosek o zaświadczenie z ZUS nr 17, cel: kredyt"
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        yield started


def detail(**changes: Any) -> dict[str, Any]:
    asked = {
        "type": "trusted_signature",
        "summary": SUMMARY,
        "document_name": "zaswiadczenie.txt",
        "document_hash": {"alg": "sha-256", "value": document_hash(DOCUMENT).value},
    }
    return {name: value for name, value in {**asked, **changes}.items() if value is not None}


def details(*listed: Any) -> str:
    return json.dumps(list(listed) or [detail()])


async def at_signing(both: ProfileAndApp, browser: AsgiBrowser | None = None) -> AsgiPage:
    """The page that shows what is to be signed."""
    return await both.service().send(browser or await both.owner(), authorization_details=details())


async def by_sms(both: ProfileAndApp, page: AsgiPage) -> AsgiPage:
    """The code sent and typed; where it leads."""
    page = await page.submit("/operation")
    await both.pz_worker.send_due()
    return await page.submit("/code", code=both.phones.last_code())


async def redeemed(both: ProfileAndApp, page: AsgiPage) -> dict[str, Any]:
    answer = await both.service().redeem(page.answer["code"])
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


async def verified(both: ProfileAndApp, statement: str) -> VerifiedStatement:
    return verify_statement(statement, (await both.pz_site.call("GET", "/receipt-keys")).json())


async def test_a_document_is_signed_by_sms_and_stated(both: ProfileAndApp) -> None:
    await both.agreed()
    page = await at_signing(both)
    for words in (SUMMARY, "zaswiadczenie.txt", "Piaskownica FAPI", "Podpis Profilem Zaufanym"):
        assert words in page.text
    assert both.phones.messages == []
    page = await by_sms(both, page)
    shown = readable_hash(document_hash(DOCUMENT))
    what = f"Podpis: {SUMMARY}, plik zaswiadczenie.txt, skrót {shown[:19]}"
    body = both.phones.messages[0].body
    assert "; Kod SMS nr 1: " in body
    assert body.endswith(f"; {what}"), "the code comes before longer numbers"
    tokens = await redeemed(both, page)
    [said] = tokens["authorization_details"]
    statement = said.pop("statement")
    assert said == detail()
    found = (await verified(both, statement)).statement
    assert (found.summary, found.document_name, found.document_hash) == (
        SUMMARY,
        "zaswiadczenie.txt",
        document_hash(DOCUMENT),
    )
    assert (found.person.given_name, found.person.family_name, found.person.pesel) == ("Stanisław", "Gołąb", PESEL)
    assert (found.acr, found.operation.number, found.operation.tool) == (SUBSTANTIAL, 1, "sms")
    assert "sms" in found.amr
    assert found.client.client_id == "sandbox-fapi"
    assert "DocumentSigned" in await both.events("pz")
    await both.pz_worker.send_due()
    assert "podpisano dokument" in both.phones.messages[-1].body
    assert PESEL not in both.phones.messages[-1].body
    assert "Podpisano dokument" in (await page.browser.open("/profile/history")).text


async def test_the_app_shows_the_document_in_the_words_of_the_page_and_of_the_statement(both: ProfileAndApp) -> None:
    await both.agreed()
    phone = await both.enrol()
    await both.unlocked(phone)
    await both.pz.tools.choose(both.pz.database, "stanislaw", Tool.PUSH)
    there = await at_signing(both)
    waiting = await there.submit("/operation")
    request = (await both.pz.app_requests.recent("stanislaw"))[0]
    await both.pz_worker.send_due()
    on_phone = await phone.browser.open(f"/requests/{request.id}")
    shown = readable_hash(document_hash(DOCUMENT))
    for page in (there, waiting, on_phone):
        for words in (SUMMARY, "zaswiadczenie.txt", shown):
            assert words in page.text, page.path
    told = msgspec.json.decode(await both.told(request.id), type=PushMessage)
    assert told.document == ShownDocument(name="zaswiadczenie.txt", hash=shown)
    assert all(line in on_phone.text for line in shown_words(told).split("\n")[:-1])


async def test_a_document_that_was_exchanged_after_it_was_shown_is_not_stated(both: ProfileAndApp) -> None:
    await both.agreed()
    page = await by_sms(both, await at_signing(both))
    await both.pz.database.run("UPDATE operations SET document_hash = $1", readable_hash(document_hash(b"another")))
    answer = await both.service().redeem(page.answer["code"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_signature_is_authorised_every_time(both: ProfileAndApp) -> None:
    await both.agreed()
    browser = await both.owner()
    await redeemed(both, await by_sms(both, await at_signing(both, browser)))
    page = await at_signing(both, browser)
    assert SUMMARY in page.text
    answer = await both.service().send(browser, authorization_details=details(), prompt="none")
    assert answer.answer["error"] == "interaction_required"


async def test_consent_and_signature_take_one_code(both: ProfileAndApp) -> None:
    page = await at_signing(both)
    page = await page.submit("/consent", consent="yes")
    assert SUMMARY in page.text
    assert both.phones.messages == []
    await redeemed(both, await by_sms(both, page))
    assert await both.pz.consents.in_force("stanislaw", "sandbox-fapi") is not None
    assert len([one for one in both.phones.messages if one.channel == "sms"]) == 1


async def test_a_document_is_signed_in_the_app(both: ProfileAndApp) -> None:
    phone = await both.enrol()
    await both.unlocked(phone)
    await both.agreed()
    page = await at_signing(both)
    assert await both.pz.app_requests.recent("stanislaw") == []
    page = await page.submit("/operation")
    await both.pz_worker.send_due()
    request = (await both.pz.app_requests.recent("stanislaw"))[0]
    question = await phone.browser.open(f"/requests/{request.id}")
    assert "Podpis: Wniosek o zaświadczenie" in question.text
    number = matching_number(both.pz.keys.codes, request.id)
    assert number in page.text
    await both.approve(phone, request.id, number)
    page = await (await page.browser.open(page.path)).submit("/push")
    statement = (await redeemed(both, page))["authorization_details"][0]["statement"]
    assert (await verified(both, statement)).statement.operation.tool == "push"


@pytest.mark.parametrize("ending", ["cancel", "wrong"])
async def test_who_does_not_sign_has_signed_nothing(both: ProfileAndApp, ending: str) -> None:
    await both.agreed()
    page = await at_signing(both)
    if ending == "cancel":
        page = await page.submit("/cancel")
        assert (page.answer["error"], page.answer["poreka_reason"]) == ("access_denied", "cancelled")
    else:
        page = await page.submit("/operation")
        await both.pz_worker.send_due()
        wrong = f"{(int(both.phones.last_code()) + 1) % 1_000_000:06}"
        for _ in range(3):
            page = await page.browser.send(
                "POST", f"{_release(page)}/code", [("csrf_token", page.browser.token), ("code", wrong)]
            )
        assert "Nic nie zostało podpisane" in page.text
        page = await page.browser.open(f"{_release(page)}/leave")
        assert page.answer["poreka_reason"] == "aborted"
    assert "DocumentSigned" not in await both.events("pz")


def _release(page: AsgiPage) -> str:
    return "/".join(page.path.split("/")[:3])


NO_SIGNATURES = (
    "null",
    "{",
    "{}",
    "[]",
    "[1]",
    "[" * 4000,
    details(detail(), detail()),
    details(detail(type="payment")),
    details(detail(type=None)),
    details(detail(summary=None)),
    details(detail(summary="")),
    details(detail(summary="x" * 201)),
    details(detail(summary="a\nb")),
    details(detail(summary="a\u202eb")),
    details(detail(summary="Wniosek; Kod SMS nr 1: 111111")),
    details(detail(summary="Wniosek\u037e do ZUS")),
    details(detail(document_name="umowa\uff1b.pdf")),
    details(detail(summary=" a")),
    details(detail(summary=7)),
    details(detail(document_name="x" * 121)),
    details(detail(document_name=None)),
    details(detail(document_hash="abc")),
    details(detail(document_hash={"alg": "sha-1", "value": "A" * 43})),
    details(detail(document_hash={"alg": "sha-256", "value": "A" * 42})),
    details(detail(document_hash={"alg": "sha-256", "value": "A" * 42 + "B"})),
    details(detail(more="x")),
)


async def test_what_is_not_a_signature_is_refused_at_once(both: ProfileAndApp) -> None:
    client = both.service()
    for asked in NO_SIGNATURES:
        answer = await client.push(authorization_details=asked)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_authorization_details"), asked


async def test_a_client_that_is_not_registered_for_it_signs_nothing(both: ProfileAndApp) -> None:
    client = both.service("other-fapi", "https://other.example/callback")
    answer = await client.push(authorization_details=details())
    assert answer.json()["error"] == "invalid_authorization_details"


async def test_it_is_announced(both: ProfileAndApp) -> None:
    document = (await both.pz_site.call("GET", "/.well-known/openid-configuration")).json()
    assert document["authorization_details_types_supported"] == ["trusted_signature"]
    other = (await both.app_site.call("GET", "/.well-known/openid-configuration")).json()
    assert "authorization_details_types_supported" not in other


async def test_the_statement_outlives_its_key(both: ProfileAndApp) -> None:
    await both.agreed()
    tokens = await redeemed(both, await by_sms(both, await at_signing(both)))
    statement = tokens["authorization_details"][0]["statement"]
    ring = both.pz.key_ring
    for days in (89, 1, 1, 1):
        both.clock.advance(days * DAY)
        ring._read_at = 0.0
        await ring.refresh()
    found = await verified(both, statement)
    assert found.kid not in {key["kid"] for key in (await both.pz_site.call("GET", "/jwks")).json()["keys"]}


async def test_a_profile_that_ended_meanwhile_signs_nothing(both: ProfileAndApp) -> None:
    await both.agreed()
    page = await by_sms(both, await at_signing(both))
    await both.pz.database.run("UPDATE trusted_profiles SET locked_at = 1, version = version + 1")
    answer = await both.service().redeem(page.answer["code"])
    assert answer.json()["error"] == "invalid_grant"
    assert "DocumentSigned" not in await both.events("pz")


async def upload(both: ProfileAndApp, browser: AsgiBrowser, **parts: bytes | str) -> AsgiPage:
    """Send the form of /verify as a browser does."""
    await browser.open("/verify")
    boundary, body = "----a-boundary", b""
    for name, value in {"csrf_token": browser.token, **parts}.items():
        raw = value.encode() if isinstance(value, str) else value
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\n\r\n'.encode() + raw
        body += b"\r\n"
    headers = [
        ("content-type", f"multipart/form-data; boundary={boundary}"),
        ("cookie", browser.cookies.header(browser.site.host, "/verify", cross_site=False, method="POST") or ""),
        ("accept-language", "pl"),
        ("origin", browser.site.origin),
        ("sec-fetch-site", "same-origin"),
    ]
    response = await both.pz_site.call("POST", "/verify", body=body + f"--{boundary}--\r\n".encode(), headers=headers)
    return AsgiPage(browser, response, "/verify")


async def signed(both: ProfileAndApp) -> str:
    await both.agreed()
    tokens = await redeemed(both, await by_sms(both, await at_signing(both)))
    statement: str = tokens["authorization_details"][0]["statement"]
    return statement


async def test_anyone_verifies_it_on_the_page(both: ProfileAndApp) -> None:
    statement, browser = await signed(both), AsgiBrowser(both.pz_site)
    page = await upload(both, browser, statement=f"\n{statement}\n")
    for words in ("Podpis jest ważny", "Stanisław Gołąb", PESEL, SUMMARY, "Piaskownica FAPI", "kod SMS"):
        assert words in page.text
    assert "dokładnie tym" in (await upload(both, browser, file=statement, document=DOCUMENT)).text
    assert "innego dokumentu" in (await upload(both, browser, file=statement, document=DOCUMENT + b"x")).text
    header, payload, signature = statement.split(".")
    for forged in (f"{header}.{payload[:-4]}AAAA.{signature}", "a.b.c", "x", "ż"):
        assert "nie jest ważny podpis" in (await upload(both, browser, statement=forged)).text
    assert (await upload(both, browser, statement="")).status == 422
    assert (await upload(both, browser, statement="x" * 20_000)).status == 422
    assert (await upload(both, browser, statement="x", other="y")).status == 400
    assert (await upload(both, browser, document=b"x" * (5 * 1024 * 1024 + 70_000))).status == 413


async def test_no_other_token_of_the_profile_is_a_statement(both: ProfileAndApp) -> None:
    await both.agreed()
    tokens = await redeemed(both, await by_sms(both, await at_signing(both)))
    browser = AsgiBrowser(both.pz_site)
    assert "nie jest ważny" in (await upload(both, browser, statement=tokens["id_token"])).text
