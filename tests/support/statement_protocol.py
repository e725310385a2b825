"""A made-up protocol that releases come and go by, to show that only their beginning and their end know one.

A request is a query; the answer is one signed statement, posted by the browser to the service's address, as a SAML
response is. Its services stand in no table of clients: `OFFICE` is the only one. Nothing here is OpenID Connect's.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import FactsReleased
from poreka.provider.client_sessions import client_subject
from poreka.provider.release.beginning import Arrival, begin_journey, note_refusal, state_on_arrival
from poreka.provider.release.standing import person_of
from poreka.provider.reply import Given
from poreka.provider.rules.release import Ended, answered_without_page, stands_at
from poreka.provider.rules.wish import SignatureWish, Wish, facts_granted
from poreka.provider.system import Bank
from poreka.rules.authorising.shown_document import ShownDocument
from poreka.rules.journey import Step
from poreka.rules.levels import Level, level_reached
from poreka.rules.people.person import Fact
from poreka.store.used_once import claiming
from poreka.systems.bank.routes import ROUTES, turn_away
from poreka.web.application import Application
from poreka.web.forms import query_pairs
from poreka.web.frame import show
from poreka.web.routes import Access, Route
from poreka.web.sessions import session_of
from tests.support.asgi import AsgiBrowser, AsgiPage, Site
from tests.support.in_process import BankInProcess

KEY = b"between the bank and the office"
PROTOCOL = "statement"


@dataclass(frozen=True, slots=True)
class Office:
    """An `AskingService` that is no client."""

    client_id: str = "office"
    name: dict[str, str] = field(default_factory=lambda: {"pl": "Urząd Bez Klienta", "en": "Office Without Client"})
    legal_name: str = "Urząd Bez Klienta w Gdyni"
    purpose: dict[str, str] = field(default_factory=lambda: {"pl": "Żeby złożyć podanie", "en": "To apply"})
    offers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sector: str = "office.example"
    releasable_claims: frozenset[str] = frozenset({"given_name", "family_name", "pesel"})
    consent_policy: str = "once"
    home: str = "https://office.example/"


OFFICE = Office()


class Expected(msgspec.Struct, frozen=True):
    """The reply: where the statement is posted, and for which request."""

    to: str
    request_id: str


class StatementReply:
    """The `ReplyKind` of the made-up protocol."""

    async def service(self, system: Bank, service_id: str) -> Office | None:
        return OFFICE if service_id == OFFICE.client_id else None

    async def with_data(self, request: Request, system: Bank, reply: msgspec.Raw, given: Given) -> Response:
        person = await system.customers.by_id(given.session.person_id)
        assert person is not None
        assert person.valid_pesel is not None
        values = {
            Fact.FIRST_NAME: person.first_name,
            Fact.SURNAME: person.surname,
            Fact.PESEL: person.valid_pesel.digits,
        }
        facts, level = {fact.value: values[fact] for fact in given.facts}, level_reached(given.session.factors)
        event = FactsReleased(
            person_id=person.id, client_id=OFFICE.client_id, grant_id=system.fresh.id(), facts=tuple(facts)
        )
        await system.audit.save(given.once, event=event)
        subject = client_subject(system, OFFICE, person.id)
        said = {"facts": facts, "subject": subject, "level": level, "signed_by": given.signed_by}
        return _posted(request, system, reply, said)

    async def without_data(self, request: Request, system: Bank, reply: msgspec.Raw, ended: Ended) -> Response:
        return _posted(request, system, reply, {"ended": ended.value})


STATEMENT_REPLY = StatementReply()


def _posted(request: Request, bank: Bank, reply: msgspec.Raw, said: Mapping[str, Any]) -> Response:
    expected = msgspec.json.decode(reply, type=Expected)
    statement = msgspec.json.encode({"in_response_to": expected.request_id, **said})
    parameters = {
        "statement": base64.b64encode(statement).decode(),
        "signature": hmac.digest(KEY, statement, hashlib.sha256).hex(),
    }
    return show(request, bank, "provider/release/form_post.html", address=expected.to, parameters=parameters)


def wish_in(query: Mapping[str, str]) -> Wish:
    """What a request wishes: `facts`, `level`, `force`, `passive`, `sign`, `lang`."""
    document = ShownDocument(name="podanie.pdf", hash="0123 4567 89ab cdef")
    return Wish(
        service=OFFICE.client_id,
        facts=tuple(Fact(name) for name in query.get("facts", "given_name family_name pesel").split()),
        level=Level.named(query.get("level", "low")),
        sign_in_anew="force" in query,
        silent="passive" in query,
        signature=SignatureWish(summary=query["sign"], document=document) if "sign" in query else None,
        languages=tuple(query.get("lang", "").split()),
    )


async def take_request(request: Request, bank: Bank) -> Response:
    """GET /statement-request: the beginning of a release by this protocol."""
    query = dict(query_pairs(request))
    wish, person = wish_in(query), await person_of(bank, await session_of(request, bank))
    reply = msgspec.json.encode(Expected(to="https://office.example/taken", request_id=query["id"]))
    arrival = Arrival(
        wish=wish,
        service=OFFICE,
        person=person,
        consent=await bank.consents.in_force(person.customer.id, wish.service) if person else None,
        once=claiming("statement", query["id"], bank.clock() + 3600),
        journey_id=bank.fresh.id(),
    )
    state = await state_on_arrival(request, bank, arrival)
    stands = stands_at(state, bank.clock())
    if isinstance(stands, Step) and stands.name == "released" and person is not None:
        given = Given(session=person.session, facts=facts_granted(wish, OFFICE), once=arrival.once)
        return await STATEMENT_REPLY.with_data(request, bank, msgspec.Raw(reply), given)
    if answered_without_page(stands, wish):
        await note_refusal(bank, arrival, state)
        said = {"ended": stands.value} if isinstance(stands, Ended) else {"not_without": stands.name}
        return _posted(request, bank, msgspec.Raw(reply), said)
    return await begin_journey(request, bank, arrival, state, PROTOCOL, reply)


def site_of(started: BankInProcess) -> Site:
    """The bank's own pages, where requests come by this protocol too."""
    kinds = {**started.bank.reply_kinds, PROTOCOL: STATEMENT_REPLY}
    route = Route("GET", "/statement-request", take_request, Access.ANYONE, "begin_release")
    application = Application(replace(started.bank, reply_kinds=kinds), [route, *ROUTES], turn_away)
    return Site(application, started.bank.origin)


async def ask(browser: AsgiBrowser, request_id: str = "r1", query: str = "") -> AsgiPage:
    """Send the browser with a request."""
    return await browser.open(f"/statement-request?id={request_id}{query and '&' + query}")


def statement_on(page: AsgiPage) -> dict[str, Any]:
    """What the form that is posted to the office says, its signature verified."""
    form = page.html.css_first("form[action='https://office.example/taken']")
    assert form is not None, f"{page.status} at {page.path}: {page.heading}"
    told = {node.attributes["name"]: node.attributes["value"] or "" for node in form.css("input[type=hidden]")}
    statement = base64.b64decode(told["statement"])
    assert hmac.compare_digest(told["signature"], hmac.digest(KEY, statement, hashlib.sha256).hex())
    said: dict[str, Any] = msgspec.json.decode(statement)
    return said
