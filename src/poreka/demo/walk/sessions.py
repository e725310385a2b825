"""Sessions end: by withdrawing the consent, by signing out on both sides, by time.

What was typed survives.
"""

from poreka.demo.walk import ways
from poreka.demo.walk.visitor import Page, Visitor
from poreka.demo.walk.walk import PORTAL, Walk, expect

SIGNED_OUT, END_SESSION = r"/signed-out/[^/]+", r"/end-session/[^/]+/confirm"
TYPED = "Czy okres pracy z 2019 roku jest policzony? Zażółć gęślą jaźń."


def withdraw(walk: Walk) -> None:
    """A withdrawn consent ends the portal session; Uaktywnij starts the full process again (P7)."""
    person, portal_tab, bank_tab = walk.person("jan"), walk.visitor(), walk.visitor()
    with walk.step("before: in the portal"):
        ways.enter(walk, portal_tab, person)
    with walk.step("bank, another browser: settings, security, consents"):
        home = ways.sign_in(bank_tab.open(walk.url(walk.bank)), person)
        page = home.follow("/settings").follow("/settings/security").follow(ways.CONSENTS)
    with walk.step("bank: withdrawn"):
        page = page.follow(ways.WITHDRAW).submit(ways.WITHDRAW).at(walk.bank, ways.CONSENTS)
    with walk.step("portal: the session has ended (back-channel logout)"):
        walk.soon(lambda: _ended(walk, portal_tab), "the end of the portal session")
    with walk.step("bank: Uaktywnij, consent and code again, and the panel"):
        page = page.submit(ways.ACTIVATE).at(walk.bank, ways.RELEASE)
        expect(page.form(ways.CONSENT), "the consent is not asked for", page)
        ways.go_on(walk, page, person).page.at(PORTAL, ways.PANEL)


def sign_out(walk: Walk) -> None:
    """Signing out of the portal says what became of the bank session, and ends that too when asked (Z10)."""
    person, visitor = walk.person("stanislaw"), walk.visitor()
    with walk.step("before: in the portal"):
        page = ways.enter(walk, visitor, person).page
    with walk.step("portal: signed out; the bank session goes on"):
        page = page.submit("/sign-out").at(PORTAL, SIGNED_OUT)
        expect(_ended(walk, visitor), "still signed in", page)
        expect(visitor.open(walk.url(walk.bank)).path == "/", "the bank session ended by itself")
    with walk.step("bank: signed out there as well, and back at the portal"):
        page = page.submit(SIGNED_OUT)
        if page.form(END_SESSION):
            page = page.submit(END_SESSION)
        expect(page.host == PORTAL, "not back at the portal", page)
        expect(visitor.open(walk.url(walk.bank)).path.startswith("/sign-in"), "the bank session goes on")


def idle(walk: Walk) -> None:
    """Fifteen idle minutes end the session; extended in time it goes on (Z8)."""
    person, visitor = walk.person("stanislaw"), walk.visitor()
    with walk.step("before: in the portal"):
        page = ways.enter(walk, visitor, person).page
    with walk.step("10 minutes later: extended"):
        walk.advance("PT10M")
        page.submit("/session/extend")
    with walk.step("10 more minutes: still there"):
        walk.advance("PT10M")
        visitor.open(walk.url(PORTAL, "/dashboard")).at(PORTAL, ways.PANEL)
    with walk.step("16 idle minutes: ended"):
        walk.advance("PT16M")
        expect(_ended(walk, visitor), "the session goes on")


def kept_question(walk: Walk) -> None:
    """A question that was sent too late is kept until its owner is back (Z8)."""
    person, visitor = walk.person("stanislaw"), walk.visitor()
    with walk.step("portal: a question is begun"):
        ways.enter(walk, visitor, person)
        page = visitor.open(walk.url(PORTAL, "/question"))
    with walk.step("sent after the session's end: turned away, not lost"):
        walk.advance("PT16M")
        page = page.submit("/question", subject="insurance", body=TYPED)
        expect(_ended(walk, visitor), "the session goes on")
    with walk.step("signed in again: the text stands in the form"):
        ways.enter(walk, visitor, person)
        page = visitor.open(walk.url(PORTAL, "/question"))
        form = page.form("/question")
        expect(form and form.fields["body"].strip() == TYPED, "the text is lost", page)
    with walk.step("sent: it is filed"):
        page = page.submit("/question", subject="insurance", body=TYPED)
        expect(TYPED in page.words, "the question is not listed", page)


def late_code(walk: Walk) -> None:
    """A code lives five minutes (P4)."""
    person, visitor = walk.person("helena"), walk.visitor()
    with walk.step("to the code"):
        page: Page = ways.sign_in(ways.portal_first(walk, visitor), person)
        page, text = ways.give_consent(walk, page, person)
    with walk.step("six minutes later: too late"):
        walk.advance("PT6M")
        page = ways.type_code(page, text)
        expect(page.host == walk.bank, "the code still works", page)
    with walk.step("nothing was remembered"):
        page = ways.go_on_to_consent(walk, visitor, person)
        expect(page.form(ways.CONSENT), "the consent was remembered", page)


def _ended(walk: Walk, visitor: Visitor) -> bool | None:
    """Whether the portal turns this browser away."""
    return True if visitor.open(walk.url(PORTAL, "/dashboard")).path != "/dashboard" else None
