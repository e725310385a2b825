"""Entering the portal through the bank.

The first time from both sides, later, with wrong codes, left half-way.
"""

from poreka.demo.walk import ways
from poreka.demo.walk.walk import PORTAL, Walk, code_in, expect


def portal_first(walk: Walk) -> None:
    """The first entry, begun at the portal (P1–P3, Z2, Z3)."""
    person, visitor = walk.person("jan"), walk.visitor()
    if not walk.fresh:
        ways.forget_consent(walk, person)
    with walk.step(f"portal: online banking, then {walk.bank}"):
        page = ways.portal_first(walk, visitor).at(walk.bank, "/sign-in/.+")
    with walk.step("bank: signed in"):
        page = ways.sign_in(page, person).at(walk.bank, ways.RELEASE)
    with walk.step("bank: three facts, the box ticked by hand, Dalej"):
        page, text = ways.give_consent(walk, page, person)
    with walk.step("phone: the code, compared and typed"):
        page = ways.type_code(page, text)
    if page.form(ways.FORM):
        with walk.step("portal: the form with locked facts, Dalej"):
            page = ways.fill_form(page.at(PORTAL, ways.ENTRY), person)
    with walk.step("portal: the panel, with no second sign-in"):
        page.at(PORTAL, ways.PANEL)
        expect(person.last_name in page.words, "the panel does not say who is signed in", page)


def bank_first(walk: Walk) -> None:
    """The first entry, begun at the bank (P1)."""
    person, visitor = walk.person("stanislaw"), walk.visitor()
    if not walk.fresh:
        ways.forget_consent(walk, person)
    with walk.step("bank: signed in, services, on to the portal"):
        page = ways.bank_first(walk, visitor, person).at(walk.bank, ways.RELEASE)
        expect(any("/initiate" in url for url in visitor.trail), "the portal did not make the request itself")
    with walk.step("bank: consent and code, no second sign-in"):
        page = ways.type_code(*ways.give_consent(walk, page, person))
    with walk.step("portal: form and panel"):
        ways.go_on(walk, page, person).page.at(PORTAL, ways.PANEL)


def later(walk: Walk) -> None:
    """A later entry asks for no consent and no code (P6)."""
    person = walk.person("jan")
    with walk.step("before: a first entry, whatever it takes"):
        first = walk.visitor()
        ways.enter(walk, first, person)
    with walk.step("another browser: the bank asks for the sign-in alone"):
        asked = ways.enter(walk, walk.visitor(), person)
        expect(asked.what == {"sign_in"}, f"asked again for {sorted(asked.what)}")
    with walk.step("same browser, signed out of the portal: the bank asks for nothing"):
        first.open(walk.url(PORTAL, "/dashboard")).submit("/sign-out")
        asked = ways.enter(walk, first, person)
        expect(not asked.what, f"asked again for {sorted(asked.what)}")


def stronger(walk: Walk) -> None:
    """A page with insured data asks for more than a later entry proved, and is shown after the code (RFC 9470)."""
    person, visitor = walk.person("jan"), walk.visitor()
    with walk.step("before: a first entry, whatever it takes; out again"):
        ways.enter(walk, visitor, person).page.submit("/sign-out")
    with walk.step("another browser, a later entry: the bank asks for the sign-in alone"):
        visitor = walk.visitor()
        asked = ways.enter(walk, visitor, person)
        expect(asked.what == {"sign_in"}, f"asked again for {sorted(asked.what)}")
    with walk.step("the tab of the insured: a stronger confirmation is needed"):
        page = visitor.open(walk.url(PORTAL, "/dashboard/insured")).at(PORTAL, ways.STEP_UP, status=403)
    with walk.step("the bank asks for a code, and leads straight to the tab"):
        asked = ways.go_on(walk, page.submit(ways.STEP_UP), person)
        expect(asked.what == {"code"}, f"asked for {sorted(asked.what)}", asked.page)
        asked.page.at(PORTAL, "/dashboard/insured")


def wrong_code(walk: Walk) -> None:
    """Three wrong codes abort: nothing is released and nothing is remembered (P4)."""
    person, visitor = walk.person("helena"), walk.visitor()
    with walk.step("to the code"):
        page = ways.sign_in(ways.portal_first(walk, visitor), person)
        page, text = ways.give_consent(walk, page, person)
    wrong = f"{(int(code_in(text)) + 1) % 1_000_000:06}"
    for number in (1, 2):
        with walk.step(f"wrong code number {number}: the page asks again"):
            page = page.submit(ways.TYPE_CODE, code=wrong)
            expect(page.status == 422 and page.form(ways.TYPE_CODE), "no further try", page)
    with walk.step("wrong code number 3: aborted"):
        page = page.submit(ways.TYPE_CODE, code=wrong).at(walk.bank, ways.RELEASE)
        expect(not page.form(ways.TYPE_CODE), "a fourth try", page)
    with walk.step("portal: told that it came to nothing"):
        page.follow(ways.LEAVE).at(PORTAL, ways.NOT_SIGNED_IN)
    with walk.step("the next time the consent is asked for again"):
        page = ways.portal_first(walk, visitor)
        expect(page.form(ways.CONSENT), "the consent was remembered", page)


def new_code(walk: Walk) -> None:
    """A new code kills the old one at once (P3)."""
    person, visitor = walk.person("helena"), walk.visitor()
    with walk.step("to the code"):
        page = ways.sign_in(ways.portal_first(walk, visitor), person)
        page, old = ways.give_consent(walk, page, person)
    with walk.step("a new code, half a minute later"):
        walk.advance("PT31S")
        seen = walk.messages(person)
        page = page.submit(ways.NEW_CODE)
        new = walk.new_message(person, seen)
    with walk.step("the old code is wrong"):
        expect(code_in(old) != code_in(new), "the new code is the old one")
        page = page.submit(ways.TYPE_CODE, code=code_in(old))
        expect(page.status == 422, "the old code still works", page)
    with walk.step("the new code is right; then the consent is withdrawn again"):
        ways.type_code(page, new).at(PORTAL, ways.ENTRY)
        ways.forget_consent(walk, person)


def cancel(walk: Walk) -> None:
    """Anuluj leads back to where the journey began (P2)."""
    person = walk.person("helena")
    with walk.step("begun at the portal: back to the portal"):
        page = ways.sign_in(ways.portal_first(walk, walk.visitor()), person)
        page.submit(ways.CANCEL).at(PORTAL, f"/not-signed-in/{walk.bank}/cancelled")
    with walk.step("begun at the bank: back to the bank"):
        page = ways.bank_first(walk, walk.visitor(), person)
        page.submit(ways.CANCEL).at(walk.bank, "/")
    with walk.step("cancelled at the code: nothing is remembered"):
        visitor = walk.visitor()
        page = ways.sign_in(ways.portal_first(walk, visitor), person)
        page, _ = ways.give_consent(walk, page, person)
        page.submit(ways.CANCEL).at(PORTAL, f"/not-signed-in/{walk.bank}/cancelled")
        page = ways.portal_first(walk, visitor)
        expect(page.form(ways.CONSENT), "the consent was remembered", page)


def safe_bank_sign_in(walk: Walk) -> None:
    """An unknown customer number leads to the same second page; a wrong password is told plainly (P9)."""
    person, visitor = walk.person("helena"), walk.visitor()
    with walk.step("an unknown number: the same second page"):
        page = visitor.open(walk.url(walk.bank)).submit(ways.NUMBER, number="29999999")
        expect(page.form(ways.PASSWORD), "the page tells that the number is unknown", page)
    with walk.step("a wrong password: asked again"):
        page = ways.sign_in(walk.visitor().open(walk.url(walk.bank)), person, "not-the-password")
        expect(page.status == 422, "a wrong password", page)
    with walk.step("the right one: the bank"):
        ways.sign_in(walk.visitor().open(walk.url(walk.bank)), person).at(walk.bank, "/")
