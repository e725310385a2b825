"""Orders at the portal (Z9, T7): applied for, signed by redirect or in the app, rejected, lapsed; and the attacks."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from poreka.oidc.lasting.statement import verify_statement
from poreka.oidc.relying_party.signature import Signature
from poreka.oidc.trusted_signature import document_hash
from poreka.relying.asking_in_app import look_at_answer
from poreka.systems.portal.orders.lapsing import lapse_orders
from poreka.systems.portal.orders.signed import Taken, take
from poreka.systems.portal.rules.order import DAY
from poreka.systems.portal.rules.profile import ProfileState
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.portal_and_profile import OTHER_PESEL, PortalAndProfile, portal_and_profile
from tests.support.profile_and_app import PESEL, Handset

NOTIFY = "/backchannel-notification"


@pytest_asyncio.fixture
async def three(tmp_path: Path) -> AsyncIterator[PortalAndProfile]:
    async with portal_and_profile(tmp_path) as started:
        yield started


async def state_of(three: PortalAndProfile, page: AsgiPage) -> str:
    owned = await three.portal.orders.load(page.path.split("/")[2].partition("?")[0])
    assert owned is not None
    return owned.order.state.value


async def statement_of(browser: AsgiBrowser, page: AsgiPage) -> str:
    answer = await browser.request("GET", f"{page.path.partition('?')[0]}/statement")
    assert answer.headers["content-disposition"].startswith('attachment; filename="podpis-')
    return answer.text.strip()


async def test_an_application_becomes_an_order_that_is_signed_by_sms(three: PortalAndProfile) -> None:
    browser = await three.citizen()
    assert "Nic nie czeka" in (await browser.open("/orders")).text
    page = await three.order(browser)
    for words in ("Bank Spółdzielczy", PESEL, "kredyt lub pożyczka", "Czeka na podpis"):
        assert words in page.text
    assert "1 zlecenie" in (await browser.open("/dashboard")).text
    asked = await three.at_profile(page)
    asked = await asked.submit("/consent", consent="yes")
    assert "Bank Spółdzielczy" in asked.text
    back = await browser.open(await three.signed_there(asked))
    assert "Zlecenie jest podpisane" in back.text
    assert await state_of(three, back) == "authorised"
    document = await browser.request("GET", f"{back.path.partition('?')[0]}/document")
    statement = await statement_of(browser, back)
    found = verify_statement(statement, (await three.both.pz_site.call("GET", "/receipt-keys")).json()).statement
    assert found.document_hash == document_hash(document.content)
    assert found.person.pesel == PESEL
    assert found.client.client_id == "pue"
    assert "Brak zleceń" in (await browser.open("/dashboard")).text
    assert "Podpisane" in (await browser.open("/orders")).text
    assert {"OrderMade", "OrderAuthorised"} <= set(await three.events())


async def test_an_application_sent_after_the_session_s_end_is_kept(three: PortalAndProfile) -> None:
    browser = await three.citizen()
    page = await browser.open("/orders/new")
    three.both.clock.advance(16 * 60)
    turned_away = await page.submit("/orders/new", purpose="credit", addressee="Bank Spółdzielczy")
    assert turned_away.path == "/?notice=form_kept"
    await three.sign_in(browser)
    assert "Wróć do wniosku o zaświadczenie" in (await browser.open("/dashboard")).text
    page = await browser.open("/orders/new")
    assert "formularz z poprzedniej sesji" in page.text
    page = await page.submit("/orders/new")
    assert "Bank Spółdzielczy" in page.text
    assert "Wróć do wniosku" not in (await browser.open("/dashboard")).text


async def test_it_is_signed_in_the_app_without_leaving_the_page(three: PortalAndProfile) -> None:
    phone = await three.both.enrol()
    await three.both.unlocked(phone)
    await three.knows()
    browser = await three.citizen()
    page = await (await three.order(browser)).submit("/app")
    assert "Przepisz" not in page.heading
    number = re.search(r"przepisania (\d\d)\b", page.text)
    assert number is not None, page.text
    page = await page.submit(page.path)
    assert "Odpowiedzi jeszcze nie ma" in page.text
    status = f"{page.path}/state"
    assert json.loads((await browser.request("GET", status)).text)["state"] == "waiting"
    await three.both.pz_worker.send_due()
    request = (await three.both.pz.app_requests.recent("stanislaw"))[0]
    question = await phone.browser.open(f"/requests/{request.id}")
    assert "Podpis: Wniosek nr" in question.text
    await three.both.approve(phone, request.id, number[1])
    await three.both.pz_worker.send_due()  # the portal is told that there is an answer
    three.both.clock.advance(10)
    assert json.loads((await browser.request("GET", status)).text)["state"] == "ended"
    done = await browser.open(page.path)
    assert "Zlecenie jest podpisane" in done.text
    assert await state_of(three, done) == "authorised"
    assert (await browser.request("GET", status)).json()["state"] == "ended"


async def test_a_refusal_in_the_app_leaves_the_order_waiting(three: PortalAndProfile) -> None:
    phone = await three.both.enrol()
    await three.both.unlocked(phone)
    await three.knows()
    page = await (await three.order(await three.citizen())).submit("/app")
    await three.both.pz_worker.send_due()
    request = (await three.both.pz.app_requests.recent("stanislaw"))[0]
    await (await phone.browser.open(f"/requests/{request.id}")).submit("/refuse")
    await three.both.pz_worker.send_due()
    three.both.clock.advance(3)
    done = await page.submit(page.path)
    assert "Nie ma podpisu" in done.text
    assert await state_of(three, done) == "waiting"


async def asked_in_app(three: PortalAndProfile) -> tuple[Handset, AsgiPage, str]:
    """An order's question, which is on the phone."""
    phone = await three.both.enrol()
    await three.both.unlocked(phone)
    await three.knows()
    page = await (await three.order(await three.citizen())).submit("/app")
    await three.both.pz_worker.send_due()
    number = re.search(r"przepisania (\d\d)\b", page.text)
    assert number is not None, page.text
    return phone, page, number[1]


async def approved(three: PortalAndProfile, phone: Handset, number: str) -> None:
    request = (await three.both.pz.app_requests.recent("stanislaw"))[0]
    await three.both.approve(phone, request.id, number)


@pytest.mark.parametrize("lost", [False, True], ids=["pinged", "the ping is lost"])
async def test_the_portal_asks_when_it_is_told_and_otherwise_only_now_and_then(
    three: PortalAndProfile, monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    looks: list[int] = []

    async def counted(*of: Any) -> Any:
        looks.append(three.both.clock())
        return await look_at_answer(*of)

    monkeypatch.setattr("poreka.systems.portal.orders.in_app.look_at_answer", counted)
    phone, page, number = await asked_in_app(three)
    for _ in range(12):
        three.both.clock.advance(1)
        assert (await page.browser.request("GET", f"{page.path}/state")).json()["state"] == "waiting"
    assert looks == [], "nobody is asked while nothing is told"
    await approved(three, phone, number)
    if lost:
        assert (await page.browser.request("GET", f"{page.path}/state")).json()["state"] == "waiting"
        three.both.clock.advance(3)
    else:
        await three.both.pz_worker.send_due()
    assert (await page.browser.request("GET", f"{page.path}/state")).json()["state"] == "ended"
    assert len(looks) == 1
    assert await state_of(three, await page.browser.open(page.path)) == "authorised"


async def test_only_who_was_asked_can_ping(three: PortalAndProfile) -> None:
    phone, page, number = await asked_in_app(three)
    await approved(three, phone, number)
    row = await three.both.pz.database.one("SELECT * FROM outbox WHERE channel = 'ping'")
    assert row is not None
    notice = msgspec.json.decode(three.both.pz.outbox.seal.unseal(row["body"], f"outbox.body:{row['id']}"))
    token, known = notice["token"], three.portal.database
    for shown in (
        "",
        "Bearer",
        "Bearer ",
        f"Basic {token}",
        f"Bearer {token[:-1]}",
        f"Bearer {token}0",
        f"Bearer ź{token}",
    ):
        headers = [("content-type", "application/json"), ("authorization", shown.encode().decode("latin-1"))]
        answer = await three.site.call("POST", NOTIFY, body=b'{"auth_req_id":"x"}', headers=headers)
        assert answer.status_code == 401, shown
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    headers = [("content-type", "application/json"), ("authorization", f"Bearer {token}")]
    for body in (b"", b"[]", b"{}", b'{"auth_req_id":7}', b'{"auth_req_id":"' + b"x" * 300 + b'"}', b"\xff"):
        assert (await three.site.call("POST", NOTIFY, body=body, headers=headers)).status_code == 400, body
    assert await known.all("SELECT value FROM used_once WHERE kind = 'answer_told'") == []
    for _ in range(2):
        told = msgspec.json.encode({"auth_req_id": notice["auth_req_id"]})
        answer = await three.site.call("POST", NOTIFY, body=told, headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
    [kept] = await known.all("SELECT value FROM used_once WHERE kind = 'answer_told'")
    assert notice["auth_req_id"] not in kept["value"], "the id by itself is the provider's secret"
    assert page.browser


async def test_who_has_no_app_is_told_no_more_than_who_refuses(three: PortalAndProfile) -> None:
    await three.knows()
    page = await (await three.order(await three.citizen())).submit("/app")
    three.both.clock.advance(30)
    done = await page.submit(page.path)
    assert "Nie ma podpisu" in done.text
    assert await three.both.pz.app_requests.recent("stanislaw") == []


async def test_without_a_known_subject_the_app_is_not_offered(three: PortalAndProfile) -> None:
    page = await three.order(await three.citizen())
    assert "Potwierdź w aplikacji" not in page.text
    answer = await page.browser.post(f"{page.path}/app")
    assert answer.headers["location"] == page.path


async def test_somebody_else_s_signature_is_refused_and_nothing_changes(three: PortalAndProfile) -> None:
    """The trusted profile is Stanisław's, the portal's profile another person's."""
    await three.has_profile("p-other", OTHER_PESEL)
    browser = await three.citizen("p-other")
    await three.both.agreed("pue")
    page = await three.order(browser)
    back = await browser.open(await three.signed_there(await three.at_profile(page)))
    assert "Podpisała inna osoba" in back.text
    assert PESEL not in back.text
    assert await state_of(three, back) == "waiting"
    assert "SignatureRefused" in await three.events()
    assert "OrderAuthorised" not in await three.events()


async def test_another_document_is_not_signed_by_it(three: PortalAndProfile) -> None:
    """Whoever changes the document while it is being signed has no signature."""
    await three.both.agreed("pue")
    browser = await three.citizen()
    page = await three.order(browser)
    there = await three.signed_there(await three.at_profile(page))
    owned = await three.portal.orders.load(page.path.split("/")[2])
    assert owned is not None
    changed = replace(owned, document=msgspec.structs.replace(owned.document, content=b"another"))
    await three.portal.database.run(
        "UPDATE orders SET record = $2 WHERE id = $1", owned.id, three.portal.orders.adding(changed).values["record"]
    )
    back = await browser.open(there)
    assert "innego dokumentu" in back.text
    assert await state_of(three, back) == "waiting"


async def test_an_answer_counts_once_and_for_its_own_order(three: PortalAndProfile) -> None:
    await three.both.agreed("pue")
    browser = await three.citizen()
    first, second = await three.order(browser, "Bank A"), await three.order(browser, "Bank B")
    there = await three.signed_there(await three.at_profile(first))
    assert (await AsgiBrowser(three.site).open(there)).status == 400, "another browser"
    assert "podpisane" in (await browser.open(there)).text
    assert (await browser.open(there)).status == 410, "a replay"
    assert await state_of(three, first) == "authorised"
    assert await state_of(three, second) == "waiting"
    statement = await statement_of(browser, first)
    verified = verify_statement(statement, (await three.both.pz_site.call("GET", "/receipt-keys")).json()).statement
    other = await three.portal.orders.load(second.path.split("/")[2])
    assert other is not None
    assert await take(three.portal, other, Signature(statement, verified)) is Taken.OTHER_DOCUMENT


async def test_two_tabs_sign_and_reject(three: PortalAndProfile) -> None:
    await three.both.agreed("pue")
    browser = await three.citizen()
    page = await three.order(browser)
    there = await three.signed_there(await three.at_profile(page))
    rejected = await page.submit("/reject")
    assert "Odrzucone" in rejected.text
    back = await browser.open(there)
    assert "zakończono wcześniej" in back.text
    assert await state_of(three, back) == "rejected"
    assert (await browser.request("GET", f"{page.path}/statement")).status_code == 404
    again = await browser.post(f"{page.path}/confirm")
    assert again.headers["location"] == page.path


async def test_the_way_back_outlives_the_session(three: PortalAndProfile) -> None:
    await three.both.agreed("pue")
    browser = await three.citizen()
    page = await three.order(browser)
    there = await three.signed_there(await three.at_profile(page))
    await three.portal.database.run("DELETE FROM sessions")
    answer = await browser.request("GET", there)
    assert answer.headers["location"] == f"{page.path}?note=signed"
    assert await state_of(three, page) == "authorised"


async def test_a_sign_in_and_a_signature_are_not_taken_for_one_another(three: PortalAndProfile) -> None:
    await three.both.agreed("pue")
    browser = await three.citizen()
    page = await three.order(browser)
    there = await three.signed_there(await three.at_profile(page))
    wrong = await browser.open(there.replace("/orders/return/pz", "/callback/pz"))
    assert wrong.status == 410
    assert await state_of(three, page) == "waiting"


async def test_who_cancels_there_comes_back_to_the_order(three: PortalAndProfile) -> None:
    await three.both.agreed("pue")
    browser = await three.citizen()
    left = await (await three.at_profile(await three.order(browser))).submit("/cancel")
    assert left.left_for is not None
    back = await browser.open(left.left_for.removeprefix(three.portal.origin))
    assert "Podpis anulowano" in back.text
    assert await state_of(three, back) == "waiting"


async def test_it_lapses_after_thirty_days(three: PortalAndProfile) -> None:
    page = await three.order(await three.citizen())
    three.both.clock.advance(30 * DAY)
    browser = await three.citizen()
    assert "Przeterminowane" in (await browser.open(page.path)).text
    assert "Nic nie czeka" in (await browser.open("/orders")).text
    await browser.post(f"{page.path}/reject")
    assert await state_of(three, page) == "waiting", "what lapsed by itself is told by whoever reads it"
    assert await lapse_orders(three.portal) == 1
    assert await state_of(three, page) == "lapsed", "and then the row says so, too"
    assert (await three.events()).count("OrderLapsed") == 1
    assert "Przeterminowane" in (await browser.open(page.path)).text
    assert await lapse_orders(three.portal) == 0


async def test_another_person_s_order_is_not_there(three: PortalAndProfile) -> None:
    page = await three.order(await three.citizen())
    await three.has_profile("p-other", OTHER_PESEL)
    other = await three.citizen("p-other")
    for path in ("", "/document", "/statement"):
        assert (await other.open(f"{page.path}{path}")).status == 404
    for path in ("/confirm", "/reject", "/app"):
        assert (await other.post(f"{page.path}{path}")).status_code == 404


async def test_an_untrusted_profile_files_nothing(three: PortalAndProfile) -> None:
    await three.has_profile("p-plain", OTHER_PESEL, ProfileState.UNTRUSTED)
    browser = await three.citizen("p-plain")
    page = await browser.open("/orders/new")
    assert "potwierdzonego profilu" in page.text
    answer = await browser.post("/orders/new", purpose="credit", addressee="Bank")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"purpose": "", "addressee": "Bank"}, "Wybierz, do czego"),
        ({"purpose": "credit", "addressee": " "}, "Wpisz, dla kogo"),
        ({"purpose": "credit", "addressee": "x" * 121}, "Skróć nazwę"),
        ({"purpose": "credit", "addressee": "a\u202eb"}, "Usuń z nazwy"),
        ({"purpose": "war", "addressee": "Bank"}, "Wybierz, do czego"),
    ],
)
async def test_what_is_not_filled_in_is_said(three: PortalAndProfile, fields: dict[str, str], told: str) -> None:
    page = await (await (await three.citizen()).open("/orders/new")).submit("/orders/new", **fields)
    assert (page.status, told in page.text) == (422, True)


async def test_a_form_sent_twice_makes_one_order(three: PortalAndProfile) -> None:
    form = await (await three.citizen()).open("/orders/new")
    first = await form.submit("/orders/new", purpose="credit", addressee="Bank")
    assert (await form.submit("/orders/new", purpose="credit", addressee="Bank")).path == first.path
    assert len(await three.portal.orders.of_profile("p-stanislaw")) == 1


async def test_nothing_of_an_order_lies_open(three: PortalAndProfile) -> None:
    await three.order(await three.citizen(), "Bank Bardzo Tajny")
    for table in ("orders", "audit_entries", "journeys"):
        rows = str([dict(row) for row in await three.portal.database.all(f"SELECT * FROM {table}")])
        assert "Bardzo Tajny" not in rows
        assert PESEL not in rows
