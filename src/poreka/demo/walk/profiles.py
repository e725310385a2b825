"""Profiles at the portal.

New regulations, upgrade, refusal of differing data, self-registration, forgotten password.
"""

import re

from poreka.demo.walk import ways
from poreka.demo.walk.visitor import Page, Visitor
from poreka.demo.walk.walk import PORTAL, Person, Walk, code_in, expect

REGISTER, RECOVER = r"/register/[^/]+", r"/password/[^/]+"
LOGIN = re.compile(r"(?<!\d)\d{10}(?!\d)")
CHOSEN = "walkers-Password-27-spruce"
CHOSEN_ANEW = "walkers-Password-28-willow"


def terms(walk: Walk) -> None:
    """Regulations that changed: declined, then accepted (Z4)."""
    person, visitor = walk.person("anna"), walk.visitor()
    with walk.step("bank: whatever it takes, up to the new regulations"):
        asked = _up_to_terms(walk, visitor, person)
        if not walk.fresh and not asked.form(ways.TERMS):
            return
    with walk.step("it says what changed since the version that was accepted"):
        expect("Co się zmieniło" in asked.words and "§ 4" in asked.words, "nothing is said to have changed", asked)
        expect("Akceptuję regulamin" in asked.words, "the button does not say what it does", asked)
    with walk.step("declined: outside, and the profile as it was"):
        page = asked.submit(ways.DECLINE)
        expect(not visitor.open(walk.url(PORTAL, "/dashboard")).words.count(person.last_name), "signed in", page)
    with walk.step("without the required box they are not accepted"):
        page = _up_to_terms(walk, visitor, person)
        page = page.submit(ways.TERMS)
        expect(page.status == 422 and page.form(ways.TERMS), "accepted without the box", page)
    with walk.step("accepted: the panel"):
        page.submit(ways.TERMS, regulations="yes", contact_data="yes").at(PORTAL, ways.PANEL)


def _up_to_terms(walk: Walk, visitor: Visitor, person: Person) -> Page:
    page = ways.portal_first(walk, visitor)
    if page.form(ways.NUMBER):
        page = ways.sign_in(page, person)
    if page.form(ways.CONSENT):
        page = ways.type_code(*ways.give_consent(walk, page, person))
    return page


def upgrade(walk: Walk) -> None:
    """An untrusted profile with equal data becomes trusted (Z5)."""
    person, visitor = walk.person("lukasz"), walk.visitor()
    account = person.account(PORTAL)
    with walk.step("portal: login and password; the panel offers to confirm the profile"):
        page = _by_password(walk, visitor, account["login"], account["password"]).at(PORTAL, ways.PANEL)
        offered = "/banks" in page.read.links
        expect(offered or not walk.fresh, "the profile is not untrusted", page)
        page.submit("/sign-out")
    with walk.step("through the bank: the same person, contact data given anew, the profile trusted"):
        asked = ways.enter(walk, visitor, person)
        expect("form" in asked.what or not walk.fresh, "the contact data were not asked for", asked.page)
        expect("/banks" not in asked.page.read.links, "the profile is still untrusted", asked.page)


def differs_from_profile(walk: Walk) -> None:
    """Data that differ from the profile: refused, the registered value not shown (Z5)."""
    _differs(walk, "maria", "Borowiecka")


def differs_from_register(walk: Walk) -> None:
    """Data that differ from the insurance register: refused likewise (Z6)."""
    _differs(walk, "agnieszka", "Lisowska")


def _differs(walk: Walk, key: str, registered: str) -> None:
    person, visitor = walk.person(key), walk.visitor()
    with walk.step("bank: whatever it takes"):
        page = ways.go_on(walk, ways.portal_first(walk, visitor), person).page
    with walk.step("portal: refused, without showing the registered value"):
        expect(page.host == PORTAL and page.path.startswith("/entry/"), "not refused at the portal", page)
        expect(not page.form(ways.FORM) and not page.form(ways.TERMS), "not refused", page)
        expect(registered.lower() not in page.body.lower(), "the registered surname is shown", page)
    with walk.step("portal: nobody is signed in"):
        page = visitor.open(walk.url(PORTAL, "/dashboard"))
        expect(page.path != "/dashboard", "signed in all the same", page)


def own_profile(walk: Walk) -> None:
    """Self-registration, sign-in, forgotten password (Z1, Z5)."""
    person, visitor = walk.person("krzysztof"), walk.visitor()
    login = next((found[0] for one in walk.messages(person) if (found := LOGIN.search(one["text"]))), "")
    if not login:
        with walk.step("portal: the registration form"):
            seen = walk.messages(person)
            page = _register(visitor.open(walk.url(PORTAL, "/register")), person)
        with walk.step("mail: the code; then the login"):
            text = walk.new_message(person, seen)
            page = page.submit(REGISTER, code=code_in(text)).at(PORTAL, REGISTER)
            told = LOGIN.search(page.words)
            expect(told, "the page does not tell the login", page)
            login = told[0] if told else login
        with walk.step("portal: signed in with login and password"):
            page = _by_password(walk, visitor, login, CHOSEN).at(PORTAL, ways.PANEL)
            page.submit("/sign-out")
    with walk.step("forgotten password: the login, the code from the mail"):
        seen = walk.messages(person)
        page = visitor.open(walk.url(PORTAL, "/password")).submit("/password", login=login)
        page = page.submit(RECOVER, code=code_in(walk.new_message(person, seen)))
        expect(
            "password" in (form.fields if (form := page.form(RECOVER)) else ()),
            "no new password is asked for",
            page,
        )
    with walk.step("forgotten password: a new one"):
        page = page.submit(RECOVER, password=CHOSEN_ANEW, password_again=CHOSEN_ANEW)
        expect(page.status == 200 and not page.form(RECOVER), "the new password is not taken", page)
    with walk.step("the old password is wrong, the new one right"):
        page = _by_password(walk, visitor, login, CHOSEN)
        expect(page.status == 422, "the old password still works", page)
        _by_password(walk, visitor, login, CHOSEN_ANEW).at(PORTAL, ways.PANEL)


def _register(page: Page, person: Person) -> Page:
    return page.submit(
        "/register",
        first_name=person.first_name,
        surname=person.last_name,
        pesel=person.pesel,
        email=person.email,
        password=CHOSEN,
        password_again=CHOSEN,
        regulations="yes",
        contact_data="yes",
    ).at(PORTAL, REGISTER)


def _by_password(walk: Walk, visitor: Visitor, login: str, password: str) -> Page:
    page = visitor.open(walk.url(PORTAL)).submit("/sign-in", login=login, password=password)
    if page.form(ways.TERMS):
        page = page.submit(ways.TERMS, regulations="yes", contact_data="yes")
    return page
