"""Phones that approve, walked: connected, asked, signed in with, removed (T4, T5, K1).

The phone is a browser of its own with an authenticator in software (`authenticator.py`); nothing of the server's side
is used by it. Each journey connects a new phone and removes it in the end.
"""

import re
from dataclasses import dataclass

from poreka.demo.walk import ways
from poreka.demo.walk.authenticator import Authenticator, challenge_for
from poreka.demo.walk.tools import CHANGE, NUMBER, TOOLS
from poreka.demo.walk.trusted_profile import ASK, OPERATION, PZ, confirm
from poreka.demo.walk.visitor import Page, Visitor
from poreka.demo.walk.walk import Person, Walk, expect

APP, IKP = "mobywatel", "ikp"
PHONES = "/profile/devices"
NEW = rf"{PHONES}/new/[^/]+"
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
SHOWN = re.compile(r"data-number>(\d{4})<")
ELSEWHERE = re.compile(r"w telefonie (\d\d)\b")


@dataclass
class Phone:
    """A phone in somebody's hand."""

    visitor: Visitor
    authenticator: Authenticator

    def signed(self, page: Page, path: str, number: str = "", **answers: str) -> Page:
        """Fill in the form that the key signs, with the number if one is asked for, and send it."""
        form = page.form(path)
        expect(form is not None, f"no form goes to {path}", page)
        token = form.fields["token"] if form else ""
        credential = self.authenticator.get(challenge_for(token, number))
        numbers = {"number": number} if number else {}
        return page.submit(path, credential=credential, **numbers, **answers)

    def unlocked(self, walk: Walk, path: str = "/") -> Page:
        """The app, opened."""
        page = self.visitor.open(walk.url(APP, f"/sign-in?next={path}"))
        return self.signed(page, "/sign-in") if page.form("/sign-in") else page


def approve(walk: Walk) -> None:
    """A phone is connected, becomes the method, approves by its key, and is removed (T4, T5)."""
    person, visitor = walk.person("stanislaw"), walk.visitor()
    phone = connected(walk, visitor, person)
    with walk.step("pz: the app is chosen; first the SMS code that authorises the change"):
        seen = walk.messages(person)
        page = visitor.open(walk.url(PZ, TOOLS)).press(f"{TOOLS}/change", "tool", "push")
        page = page.submit(CHANGE + "/code", code=walk.new_code(person, seen))
        found = NUMBER.search(page.words)
        expect(found, "no number is shown", page)
    with walk.step("phone: who asks, what for; the number typed and signed; pz: changed"):
        question = waiting(walk, phone)
        expect("Profil Zaufany" in question.words, "it does not say who asks", question)
        number = found[1] if found else ""
        done = phone.signed(question, r"/requests/[^/]+/approve", number)
        expect("Potwierdzono" in done.words, "not approved", done)
        page.submit(CHANGE + "/push").at(PZ, TOOLS)
    sms_again(walk, visitor, person, phone)
    with walk.step("pz: the phone is removed; codes by SMS are back, and the phone opens nothing"):
        removed(walk, visitor)
        page = visitor.open(walk.url(PZ, TOOLS))
        expect("Używasz teraz" in page.words, "no tool is in use", page)
        locked = phone.unlocked(walk)
        expect(locked.status == 422, "the removed phone's key still opens the app", locked)


def sign_in(walk: Walk) -> None:
    """The patient account with the phone: on the phone itself, then on another device by a code (K1)."""
    person, visitor, computer = walk.person("stanislaw"), walk.visitor(), walk.visitor()
    phone = connected(walk, visitor, person)
    with walk.step("phone: ikp through the app; consent, approved on this very phone"):
        page = phone.visitor.open(walk.url(IKP)).submit(f"/enter/{APP}")
        page = phone.signed(page, "/sign-in") if page.form("/sign-in") else page
        if page.form(ways.CONSENT):
            page = agreed(walk, phone, page)
        page.at(IKP, "/account")
    with walk.step("computer: a code and a number"):
        page = computer.open(walk.url(IKP)).submit(f"/enter/{APP}").submit("/sign-in/elsewhere")
        code, number = CODE.search(page.words), ELSEWHERE.search(page.words)
        expect(code and number, "no code or number is shown", page)
    with walk.step("phone: what asks, from what browser; signed; computer: inside"):
        asked = phone.visitor.open(walk.url(APP, "/across")).submit("/across", code=code[0] if code else "")
        expect("IKP" in asked.words, "it does not say what asks", asked)
        phone.signed(asked, r"/across/[^/]+/approve", number[1] if number else "")
        page = page.submit(r"/sign-in/elsewhere/[^/]+").at(IKP, "/account")
    with walk.step("pz: the phone is removed"):
        removed(walk, visitor)


def connected(walk: Walk, visitor: Visitor, person: Person) -> Phone:
    """A phone that is new, connected through both sides."""
    with walk.step("pz: signed in with two factors; connecting a phone, authorised by a code"):
        page = visitor.open(walk.url(PZ, f"/sign-in?next={PHONES}"))
        page = ways.sign_in(page, person) if ways.asks_to_sign_in(page) else page
        page = confirm(walk, page, person) if page.form(ASK) or page.form(OPERATION) else page
        seen = walk.messages(person)
        page = page.at(PZ, PHONES).submit(PHONES).submit(ASK)
        page = page.submit(OPERATION, code=walk.new_code(person, seen)).submit(NEW + "/code")
        code = CODE.search(page.words)
        expect(code, "no code is shown", page)
    phone = Phone(walk.visitor(), Authenticator(walk.address.origin(APP)))
    with walk.step("phone: the code, a key of its own, and a number"):
        shown = phone.visitor.open(walk.url(APP, "/enrol")).submit("/enrol", code=code[0] if code else "")
        form = shown.form(r"/enrol/[^/]+/key")
        expect(form is not None, "no key is asked for", shown)
        credential = phone.authenticator.create(challenge_for(form.fields["token"] if form else ""))
        shown = shown.submit(r"/enrol/[^/]+/key", credential=credential, name="Telefon z przechadzki")
        number = SHOWN.search(shown.body)
        expect(number, "the phone shows no number", shown)
    with walk.step("another phone with the same code gets nothing"):
        late = walk.visitor().open(walk.url(APP, "/enrol")).submit("/enrol", code=code[0] if code else "")
        expect(late.status == 422, "the code was used twice", late)
    with walk.step("pz: the number off the phone; connected"):
        page = visitor.open(page.url)
        expect(number and number[1] not in page.words, "the number stands at the profile", page)
        page.submit(NEW + "/number", number=number[1] if number else "").at(PZ, PHONES)
    return phone


def waiting(walk: Walk, phone: Phone) -> Page:
    """The page of the one question that waits."""
    phone.unlocked(walk)

    def look() -> Page | None:
        page = phone.visitor.open(walk.url(APP))
        link = next((link for link in page.read.links if link.startswith("/requests/")), None)
        return phone.visitor.open(walk.url(APP, link)) if link else None

    return walk.soon(look, "the question on the phone")


def agreed(walk: Walk, phone: Phone, page: Page) -> Page:
    """The consent, given and approved on this very phone; where it leads."""
    page = page.submit(ways.CONSENT, consent="yes")

    def look() -> Page | None:
        link = next((link for link in page.read.links if link.startswith("/requests/")), None)
        question = phone.visitor.open(walk.url(APP, link)) if link else None
        return question if question and question.form(r"/requests/[^/]+/approve") else None

    question = walk.soon(look, "the question on the phone")
    form = question.form(r"/requests/[^/]+/approve")
    done = phone.signed(question, r"/requests/[^/]+/approve", form.fields["number"] if form else "")
    return done.submit(r"/release/[^/]+/push")


def sms_again(walk: Walk, visitor: Visitor, person: Person, phone: Phone) -> None:
    """Back to codes by SMS before the phone goes: without the app's own word they would wait (docs/adr/0032)."""
    with walk.step("pz: codes by SMS are chosen again: the app says so, then the code"):
        page = visitor.open(walk.url(PZ, TOOLS)).press(f"{TOOLS}/change", "tool", "sms")
        found = NUMBER.search(page.words)
        expect(found, "no number is shown", page)
        phone.signed(waiting(walk, phone), r"/requests/[^/]+/approve", found[1] if found else "")
        seen = walk.messages(person)
        page = page.submit(CHANGE + "/push")
        page.submit(CHANGE + "/code", code=walk.new_code(person, seen)).at(PZ, TOOLS)


def removed(walk: Walk, visitor: Visitor) -> None:
    """The phone that was connected last, and every one that an earlier walk left."""
    page = visitor.open(walk.url(PZ, PHONES))
    while any(re.fullmatch(rf"{PHONES}/[^/]+/remove", link) for link in page.read.links):
        page = page.follow(rf"{PHONES}/[^/]+/remove").submit(rf"{PHONES}/[^/]+/remove").at(PZ, PHONES)


def looked_until_over(walk: Walk, page: Page, waiting_page: str) -> Page:
    """The button that looks how a question stands, until it is answered: whoever asked is told of it in a moment."""

    def look() -> Page | None:
        shown = page.submit(waiting_page)
        return None if shown.form(waiting_page) else shown

    return walk.soon(look, "the answer")
