"""Authorising in the bank's own app, changing the tool, and losing one (P3, P5, T5).

The app is the demonstration's phone: its pages are walked like any others, in a browser of their own.
"""

import re

from poreka.demo.walk import ways
from poreka.demo.walk.visitor import Page, Visitor
from poreka.demo.walk.walk import PORTAL, Person, Walk, code_in, expect

TOOLS = "/settings/security/tools"
CHANGE = rf"{TOOLS}/change/[^/]+"
LOST, CONNECT = f"{TOOLS}/lost", f"{TOOLS}/app"
ASK, GO_ON = r"/release/[^/]+/operation", r"/release/[^/]+/push"
QUESTION = r"/\w+/requests/[^/]+"
NUMBER = re.compile(r"wpisania w aplikacji (\d\d)")


def approve(walk: Walk) -> None:
    """In the app: the number from the page, and the browser goes on (T5)."""
    person, visitor = walk.person("helena"), walk.visitor()
    with walk.step("bank: consent given, the app is asked, the page shows a number"):
        page = _asked(walk, visitor, person)
    with walk.step("phone: who asks, what for, and the number to type; approved"):
        _approve(walk, person, page)
    with walk.step("bank: only now, in this browser, the release goes on"):
        page = page.submit(GO_ON)
        expect(page.host == PORTAL, "the portal was not reached", page)


def refuse(walk: Walk) -> None:
    """In the app: refused, nothing is released; asked anew, and another tool after the second refusal (T5)."""
    person, visitor = walk.person("anna"), walk.visitor()
    if not walk.fresh:  # an approval ends what counts towards a pause
        with walk.step("before: the refusals of an earlier walk are made good"):
            page = _asked(walk, walk.visitor(), person)
            _approve(walk, person, page)
            page.submit(GO_ON)
    with walk.step("phone: refused"):
        page = _asked(walk, visitor, person)
        _refuse(walk, person)
    with walk.step("bank: nothing was released; a new question is a new operation"):
        page = visitor.open(page.url)
        expect("Odmowa" in page.words, "the refusal is not told", page)
        page = page.press(ASK, "tool", "push")
    with walk.step("phone: refused again: a pause, and SMS codes are offered"):
        _refuse(walk, person)
        page = visitor.open(page.url)
        expect("Przerwa" in page.words, "there is no pause", page)
    with walk.step("bank: with a code by SMS, in an operation of its own, it goes on"):
        seen = walk.messages(person)
        page = page.press(ASK, "tool", "sms")
        page = ways.type_code(page, walk.new_message(person, seen))
        expect(page.host == PORTAL, "the portal was not reached", page)


def wrong_number(walk: Walk) -> None:
    """In the app: another number than the page's ends the question (T5)."""
    person, visitor = walk.person("helena"), walk.visitor()
    with walk.step("phone: another number is typed"):
        page = _asked(walk, visitor, person)
        other = str(10 + (int(_number(page)) - 9) % 90)
        told = _question(walk, person).submit(QUESTION + "/approve", number=other)
        expect("Odmowa" in told.words, "the number was taken", told)
    with walk.step("bank: the question is void, nothing was released"):
        page = page.submit(GO_ON)
        expect("inną liczbę" in page.words, "the wrong number is not told", page)


def lapse(walk: Walk) -> None:
    """In the app: no answer within two minutes (T5)."""
    person, visitor = walk.person("helena"), walk.visitor()
    with walk.step("after two minutes the app takes no answer"):
        page = _asked(walk, visitor, person)
        question = _question(walk, person)
        walk.advance("PT2M")
        told = question.submit(QUESTION + "/approve", number=_number(page))
        expect("wygas" in told.words, "the late answer was taken", told)
    with walk.step("bank: the page says so and offers another question"):
        page = visitor.open(page.url)
        expect("wygas" in page.words, "the page still waits", page)
        expect(page.form(ASK), "no other question is offered", page)


def change(walk: Walk) -> None:
    """From SMS codes to the app and back: the word of the old tool, then the new one tried (P3, P5)."""
    person, visitor = walk.person("jan"), walk.visitor()
    with walk.step("bank: the app is chosen; first the SMS code that authorises the change"):
        ways.sign_in(visitor.open(walk.url(walk.bank)), person)
        seen = walk.messages(person)
        page = _tools(walk, visitor).press(f"{TOOLS}/change", "tool", "push")
        text = walk.new_message(person, seen)
        expect("Zmiana metody" in text, "the message does not say what it is for", page)
    with walk.step("then a question in the app, an operation of its own"):
        page = page.submit(CHANGE + "/code", code=code_in(text))
        _approve(walk, person, page)
        page = page.submit(CHANGE + "/push").at(walk.bank, TOOLS)
    with walk.step("the app is the current tool, and Jan was told"):
        told = walk.soon(lambda: _told(walk, person, "aplikacja", "Aplikacja"), "the notice")
        expect(not re.search(r"https?://", told), "a link stands in the notice")
    with walk.step("and back to SMS codes, on the app's word"):
        page = _tools(walk, visitor).press(f"{TOOLS}/change", "tool", "sms")
        _approve(walk, person, page)
        seen = walk.messages(person)
        page = page.submit(CHANGE + "/push")
        page = page.submit(CHANGE + "/code", code=code_in(walk.new_message(person, seen)))
        page.at(walk.bank, TOOLS)


def connect(walk: Walk) -> None:
    """The bank's app connected by its owner: the SMS code says yes, then the app answers (P3, T5)."""
    person, visitor = walk.person("krzysztof"), walk.visitor()
    ways.sign_in(visitor.open(walk.url(walk.bank)), person)
    page = _tools(walk, visitor)
    if not walk.fresh and CONNECT not in page.read.links:
        return  # connected by an earlier walk
    with walk.step("bank: from the list of tools; first the SMS code that says yes"):
        seen = walk.messages(person)
        page = page.follow(CONNECT).submit(CONNECT)
        text = walk.new_message(person, seen)
        expect("Połączenie metody" in text, "the message does not say what it is for", page)
    with walk.step("then a question in the app, and only now it is a tool"):
        page = page.submit(CHANGE + "/code", code=code_in(text))
        _approve(walk, person, page)
        page = page.submit(CHANGE + "/push").at(walk.bank, TOOLS)
        expect("Połączone" in page.words, "the app is not connected", page)
    with walk.step("the owner was told"):
        walk.soon(lambda: _told(walk, person, "nowa metoda"), "the notice")


def lost(walk: Walk) -> None:
    """A lost phone with the app: blocked after the password, what is left waits, and the app itself undoes it (P3)."""
    person, visitor = walk.person("helena"), walk.visitor()
    ways.sign_in(visitor.open(walk.url(walk.bank)), person)
    with walk.step("without the password nothing is blocked"):
        page = _tools(walk, visitor).follow(LOST).submit(LOST, tool="push", password="wrong")
        expect(page.status == 422, "blocked without the password", page)
    with walk.step("with it the app is blocked at once"):
        page = page.submit(LOST, tool="push", password=person.account(walk.bank)["password"]).at(walk.bank, TOOLS)
        expect("Zablokowane" in page.words, "the app is not blocked", page)
    with walk.step("SMS codes are what is left: they wait, and cannot be chosen"):
        expect("Jeszcze nie działa" in page.words, "what is left does not wait", page)
        expect(page.form(f"{TOOLS}/change") is None, "what is left can be chosen at once", page)
    with walk.step("it was not me: the app itself undoes the block, and everything is as before"):
        page = page.press(f"{TOOLS}/undo", "tool", "push")
        _approve(walk, person, page)
        page = page.submit(CHANGE + "/push").at(walk.bank, TOOLS)
        expect("Odblokowane" in page.words, "the app is not unblocked", page)


def _asked(walk: Walk, visitor: Visitor, person: Person) -> Page:
    """From the portal through the consent, which is given as for the first time, to the page with the number."""
    ways.forget_consent(walk, person)
    page = ways.go_on_to_consent(walk, visitor, person)
    page = page.submit(ways.CONSENT, consent="yes")
    if not NUMBER.search(page.words) and page.form(ASK):  # the question of an earlier walk still waits
        page = page.press(ASK, "tool", "push")
    expect(NUMBER.search(page.words), "no number is shown", page)
    return page


def _number(page: Page) -> str:
    found = NUMBER.search(page.words)
    return found[1] if found else ""


def _question(walk: Walk, person: Person) -> Page:
    """The newest question, as soon as the phone has it."""
    phone = walk.visitor()

    def look() -> Page | None:
        page = phone.open(walk.url("phone", f"/{person.key}"))
        waiting = [link for link in page.read.links if re.fullmatch(QUESTION, link)]
        shown = (phone.open(walk.url("phone", link)) for link in waiting)
        return next((one for one in shown if one.form(QUESTION + "/approve")), None)

    return walk.soon(look, f"a question on the phone of {person.key}")


def _approve(walk: Walk, person: Person, page: Page) -> None:
    told = _question(walk, person)
    expect(_number(page) and not NUMBER.search(told.words), "the app knows the number", told)
    operation = re.search(r"Operacja nr \d+ z [\d-]+", page.words)
    expect(operation and operation[0] in told.words, "page and app name different operations", told)
    told = told.submit(QUESTION + "/approve", number=_number(page))
    expect("Potwierdzone" in told.words, "not approved", told)


def _refuse(walk: Walk, person: Person) -> None:
    told = _question(walk, person).submit(QUESTION + "/refuse")
    expect("Odmowa" in told.words, "not refused", told)


def _tools(walk: Walk, visitor: Visitor) -> Page:
    return visitor.open(walk.url(walk.bank, TOOLS)).at(walk.bank, TOOLS)


def _told(walk: Walk, person: Person, *words: str) -> str | None:
    texts = (one["text"] for one in walk.messages(person) if one["channel"] in ("sms", "email"))
    return next((text for text in texts if "To nie Ty?" in text and any(word in text for word in words)), None)
