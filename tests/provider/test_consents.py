"""Consents: seen, withdrawn at once with all that rests on them, and given again (P6, P7)."""

import datetime
import re
from dataclasses import replace

import msgspec

from poreka.oidc.clients.client import Client
from poreka.provider.consents.listing import entries
from poreka.provider.rules.consent import Consent
from poreka.provider.store.consents import ConsentRecord, OperationName
from poreka.rules.levels import Level
from poreka.rules.people.person import Fact
from tests.provider.rules.test_consent_text import TEXT
from tests.support.bank_visits import (
    at_the_portal,
    code_sent,
    consented,
    operation_number,
    signed_out_of_the_portal,
    to_the_portal,
)
from tests.support.server import Demo
from tests.support.visit import Visitor

CONSENTS = "/settings/security/consents"
PORTAL = Client(
    client_id="portal",
    name={"pl": "Portal"},
    redirect_uris=("https://portal.example/back",),
    initiate_login_uri="https://portal.example/initiate",
)


def record(name: str, given_at: int, withdrawn_at: int | None = None, replaced_by: str | None = None) -> ConsentRecord:
    consent = Consent(
        service="portal",
        text_version="2026-01",
        facts=(Fact.PESEL,),
        given_at=given_at,
        operation_id="o",
        level=Level.LOW,
        withdrawn_at=withdrawn_at,
    )
    return ConsentRecord(id=name, person_id="p", consent=consent, replaced_by=replaced_by)


def test_only_the_newest_withdrawn_consent_can_be_activated() -> None:
    records = [record("c", 30, 40), record("b", 20, 30, "c"), record("a", 10, 15)]
    found = entries(records, {"portal": PORTAL}, "pl")
    assert [(one.state, one.can_activate) for one in found] == [
        ("withdrawn", True),
        ("replaced", False),
        ("withdrawn", False),
    ]
    assert found[0].service == "Portal"


def test_a_service_that_is_gone_keeps_its_history() -> None:
    (entry,) = entries([record("a", 10, 20)], {}, "pl")
    assert (entry.service, entry.can_activate) == ("portal", False)


def test_the_words_stand_as_they_were_read() -> None:
    given = record("a", 10, 20)
    consent = msgspec.structs.replace(given.consent, text_hash="h", language="en", operation_id="o")
    operations = {"o": OperationName(3, datetime.date(2027, 1, 15))}
    (entry,) = entries([replace(given, consent=consent)], {}, "pl", {"h": TEXT}, operations)
    assert (entry.service, entry.language, entry.purpose) == ("PUE", "en", "Signing in.")
    assert entry.sentences == ("I agree.", "Freely.")
    assert entry.operation == (3, "15-01-2027")


def test_the_life_of_a_consent(demo: Demo, visitor: Visitor, new_visitor: object) -> None:
    at_the_portal(demo, visitor, "agnieszka")
    page = visitor.open(demo.url("millenet", CONSENTS))
    assert "Obowiązuje" in page.text
    assert "imię, nazwisko, numer PESEL" in page.text
    assert "2026-01" in page.text
    assert "Potwierdzona operacją" in page.text
    assert "Wyrażam zgodę na przekazywanie przez Millenet moich danych (imię, nazwisko, numer PESEL)" in page.text
    assert page.has("a[download]")

    # Remembered: the next entry asks for nothing (P6).
    again = visitor.open(demo.url("millenet", "/finances/services")).submit("Zaloguj")
    assert again.url.startswith(demo.origin("pue"))

    question = page.follow("Wycofaj zgodę")
    assert "Co się stanie" in question.text
    assert question.follow("Zostaw bez zmian").url == demo.url("millenet", CONSENTS)
    done = question.submit("Wycofaj zgodę")
    assert "Zgoda została wycofana" in done.text
    assert "Żadna zgoda teraz nie obowiązuje" in done.text
    twice = question.submit("Wycofaj zgodę")  # the back button, or a second tab
    assert (twice.status, twice.heading) == (200, done.heading)

    start = done.submit("Uaktywnij")
    assert start.has("#consent")
    page = consented(start)
    page.submit("Zaloguj", code=code_sent(demo, "agnieszka", operation_number(page)))
    page = visitor.open(demo.url("millenet", CONSENTS))
    assert "Wycofana" in page.text
    assert "Wycofaj zgodę" in page.text
    assert page.text.count("Uaktywnij") == 0

    # Another person cannot see or withdraw it.
    link = next(
        node.attributes["href"] for node in page.document.css("a") if "withdraw" in (node.attributes["href"] or "")
    )
    other: Visitor = new_visitor()  # type: ignore[operator]
    to_the_portal(demo, other, "stanislaw")
    assert other.open(demo.url("millenet", link or "")).status == 404


def test_withdrawing_ends_the_portals_session(demo: Demo, visitor: Visitor) -> None:
    """The portal is told, and its page then asks to sign in (Back-Channel Logout 1.0)."""
    at_the_portal(demo, visitor, "lukasz")
    inside = visitor.open(demo.url("pue", "/dashboard"))
    assert inside.url.endswith("/dashboard"), inside.url
    page = visitor.open(demo.url("millenet", CONSENTS)).follow("Wycofaj zgodę")
    assert re.search(r"nr \d+ z \d\d-\d\d-\d{4}", page.text), "the operation that authorised it is named"
    page.submit("Wycofaj zgodę")
    assert signed_out_of_the_portal(demo, visitor)
