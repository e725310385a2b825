"""Orders of the portal, walked: an application, signed with the trusted profile by SMS, and in the app (Z9, T7).

What was signed is downloaded, and verified as anyone would: with the keys that the trusted profile publishes.
"""

import json
import re

from poreka.demo.walk import ways
from poreka.demo.walk.phones import Phone, connected, looked_until_over, removed, sms_again, waiting
from poreka.demo.walk.tools import CHANGE, NUMBER, TOOLS
from poreka.demo.walk.trusted_profile import PZ
from poreka.demo.walk.visitor import Page, Visitor
from poreka.demo.walk.walk import PORTAL, Person, Walk, code_in, expect
from poreka.oidc.lasting.signature import KEYS_AT
from poreka.oidc.lasting.statement import verify_statement
from poreka.oidc.trusted_signature import document_hash

ORDERS = "/orders"
ORDER = r"/orders/[0-9a-v]{26}"
IN_APP = rf"{ORDER}/app/[^/]+"
TO_TYPE = re.compile(r"Liczba do przepisania (\d\d)\b")


def signed_by_sms(walk: Walk) -> None:
    """An application for a certificate, signed with the trusted profile by SMS; anyone verifies it (Z9, T7)."""
    person, visitor = walk.person("stanislaw"), walk.visitor()
    page = _applied(walk, visitor, person)
    with walk.step("portal: Potwierdź; pz: what is signed, and the code"):
        page = page.submit(ORDER + "/confirm").at(PZ, ways.RELEASE)
        expect("Bank Spółdzielczy" in page.words, "it does not say what is signed", page)
        expect(page.form(ways.OPERATION), "the signature is not asked for anew", page)
        page = ways.go_on(walk, page, person).page.at(PORTAL, ORDER)
    _verified(walk, visitor, page, person)
    with walk.step("portal: another order is rejected"):
        page = _filed(walk, visitor).submit(ORDER + "/reject").at(PORTAL, ORDER)
        expect("Odrzucone" in page.words, "it is not rejected", page)
    with walk.step("pz: the signature is in the history"):
        page = visitor.open(walk.url(PZ, "/profile/history")).at(PZ, "/profile/history")
        expect("Podpisano dokument" in page.words, "the history does not say so", page)


def signed_in_app(walk: Walk) -> None:
    """An order signed in the app, without leaving the portal's page (CIBA)."""
    person, visitor = walk.person("stanislaw"), walk.visitor()
    page = _applied(walk, visitor, person)
    phone = connected(walk, visitor, person)
    method_chosen(walk, visitor, person, phone)
    with walk.step("portal: Potwierdź w aplikacji, and a number"):
        page = page.submit(ORDER + "/app").at(PORTAL, IN_APP)
        number = TO_TYPE.search(page.words)
        expect(number, "no number is shown", page)
    with walk.step("phone: what is signed; the number typed and signed; portal: signed"):
        question = waiting(walk, phone)
        expect("Podpis: Wniosek nr" in question.words, "it does not say what is signed", question)
        done = phone.signed(question, r"/requests/[^/]+/approve", number[1] if number else "")
        expect("Potwierdzono" in done.words, "not approved", done)
        page = looked_until_over(walk, page, IN_APP).at(PORTAL, ORDER)
    _verified(walk, visitor, page, person)
    sms_again(walk, visitor, person, phone)
    with walk.step("pz: the phone is removed"):
        removed(walk, visitor)


def method_chosen(walk: Walk, visitor: Visitor, person: Person, phone: Phone) -> None:
    """The app is the method from now on (T4)."""
    with walk.step("pz: the app becomes the method"):
        seen = walk.messages(person)
        page = visitor.open(walk.url(PZ, TOOLS)).press(f"{TOOLS}/change", "tool", "push")
        page = page.submit(CHANGE + "/code", code=code_in(walk.new_message(person, seen)))
        found = NUMBER.search(page.words)
        phone.signed(waiting(walk, phone), r"/requests/[^/]+/approve", found[1] if found else "")
        page.submit(CHANGE + "/push").at(PZ, TOOLS)


def _applied(walk: Walk, visitor: Visitor, person: Person) -> Page:
    """In the portal through the trusted profile, and an application filed: the order's page."""
    walk.bank = PZ
    with walk.step("portal: in, through the trusted profile"):
        page = visitor.open(walk.url(PORTAL)).submit("/banks/pz")
        ways.go_on(walk, page, person).page.at(PORTAL, ways.PANEL)
    with walk.step("portal: an application becomes a document that waits for a signature"):
        page = _filed(walk, visitor)
        expect(person.pesel in page.words, "the document does not say who applies", page)
        return page


def _filed(walk: Walk, visitor: Visitor) -> Page:
    page = visitor.open(walk.url(PORTAL, ORDERS)).follow("/orders/new")
    return page.submit("/orders/new", purpose="credit", addressee="Bank Spółdzielczy").at(PORTAL, ORDER)


def _verified(walk: Walk, visitor: Visitor, page: Page, person: Person) -> None:
    """The order is signed, and the statement says so to anyone."""
    with walk.step("anyone: the statement is this person's, and about this document"):
        expect("Podpisane" in page.words, "the order is not signed", page)
        document, statement = page.follow(ORDER + "/document").body, page.follow(ORDER + "/statement").body.strip()
        found = verify_statement(statement, json.loads(visitor.open(walk.url(PZ, KEYS_AT)).body)).statement
        expect(found.person.pesel == person.pesel, "the statement is another person's")
        expect(found.document_hash == document_hash(document.encode()), "the statement is about another document")
