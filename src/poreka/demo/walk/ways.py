"""What people do in more than one journey: sign in at the bank, consent, type the code, fill in the form.

`go_on` does whatever the pages ask for and returns what was asked, so that a journey can begin at any state
that an earlier one left; the journeys themselves say what must have been asked.
"""

import re
from dataclasses import dataclass, field

from poreka.demo.walk.visitor import Page, Visitor, WalkFailed
from poreka.demo.walk.walk import PORTAL, Person, Walk, code_in, expect

NUMBER, PASSWORD = r"/sign-in/[^/]+/number", r"/sign-in/[^/]+/password"
CONSENT, OPERATION, TYPE_CODE = r"/release/[^/]+/consent", r"/release/[^/]+/operation", r"/release/[^/]+/code"
NEW_CODE, CANCEL, LEAVE = r"/release/[^/]+/new-code", r"/release/[^/]+/cancel", r"/release/[^/]+/leave"
FORM, TERMS, DECLINE = r"/entry/[^/]+/form", r"/entry/[^/]+/terms", r"/entry/[^/]+/decline"
INSTEAD = r"/release/[^/]+/tool"
RELEASE, ENTRY = r"/release/[^/]+", r"/entry/[^/]+"
PANEL = r"/dashboard"
STEP_UP = r"/step-up"
CONSENTS = "/settings/security/consents"
WITHDRAW, ACTIVATE = rf"{CONSENTS}/[^/]+/withdraw", rf"{CONSENTS}/[^/]+/activate"
ENTER_SERVICE = r"/services/pue/enter"
NOT_SIGNED_IN = r"/not-signed-in/\w+/\w+"
CARD = re.compile(r"Kod nr (?P<number>\d+) z karty (?P<serial>\d{4} \d{4})")
MOST_PAGES = 12


@dataclass
class Asked:
    """What the pages asked for on the way to where a person ended."""

    page: Page
    what: set[str] = field(default_factory=set)


def portal_first(walk: Walk, visitor: Visitor) -> Page:
    """From the portal's sign-in page to the bank that was chosen from the list."""
    return visitor.open(walk.url(PORTAL)).follow("/banks").submit(f"/banks/{walk.bank}")


def bank_first(walk: Walk, visitor: Visitor, person: Person) -> Page:
    """Sign in to the bank, open its services, and go to the portal from there."""
    home = sign_in(visitor.open(walk.url(walk.bank)), person).at(walk.bank, "/")
    return home.follow("/finances/services").submit(ENTER_SERVICE)


def sign_in(page: Page, person: Person, password: str | None = None) -> Page:
    """A login and a password; or the number first, then the password and two characters of the identifier (P9)."""
    account, number = person.account(page.host), {}
    if page.form(NUMBER):
        page = page.submit(NUMBER, number=account["login"])
    else:
        number = {"number": account["login"]}
    form = page.form(PASSWORD)
    expect(form is not None, "the bank does not ask for the password", page)
    asked = [name for name in (form.fields if form else {}) if name.startswith("characters_")]
    expect(len(asked) == (0 if number else 2), f"the bank asks for {len(asked)} characters", page)
    characters = {name: account["identifier"][int(name.removeprefix("characters_")) - 1] for name in asked}
    return page.submit(PASSWORD, password=password or account["password"], **number, **characters)


def asks_to_sign_in(page: Page) -> bool:
    """Whether a provider asks who is there."""
    return bool(page.form(NUMBER) or page.form(PASSWORD))


def give_consent(walk: Walk, page: Page, person: Person, *, pesel: bool = True) -> tuple[Page, str]:
    """See the facts, tick the box, go on; returns the code's page and the text of its message (P2, P3)."""
    for fact in (person.first_name, person.last_name):
        expect(fact in page.words, "a fact is missing on the consent page", page)
    expect(
        (person.pesel in page.words) is pesel,
        "the PESEL stands there, or does not, against what is asked",
        page,
    )
    box = page.form(CONSENT)
    expect(box is not None and "consent" not in box.fields, "the consent is ticked beforehand", page)
    page.submit(CONSENT).at(walk.bank, RELEASE + "/consent", status=422)
    seen = walk.messages(person)
    after = page.submit(CONSENT, consent="yes")
    if CARD.search(after.words):
        return after, asked_of_card(walk, after, person)
    text = walk.new_message(person, seen)
    expect(text[:10] in after.words, "the date of the operation differs between page and message", after)
    return after, text


def asked_of_card(walk: Walk, page: Page, person: Person) -> str:
    """The line of the code card that the page asks for."""
    asked = CARD.search(page.words)
    if asked is None:
        raise WalkFailed(f"no code of a card is asked for: {page.describe()}")
    return code_on_card(walk, person, asked["serial"], int(asked["number"]))


def code_on_card(walk: Walk, person: Person, serial: str, number: int) -> str:
    """The line of a code card, which came by letter, with the number that the page asks for (P3)."""

    def look() -> str | None:
        letters = (one["text"] for one in walk.messages(person) if one["channel"] == "letter")
        return next((text for text in letters if serial.replace(" ", "") in text), None)

    card = walk.soon(look, f"the letter with card {serial}")
    line = next((line for line in card.splitlines() if line.startswith(f"{number:02d}: ")), "")
    expect(line, f"the letter holds no code number {number}")
    return line


def type_code(page: Page, text: str) -> Page:
    """Type the code from the message."""
    return page.submit(TYPE_CODE, code=code_in(text))


def fill_form(page: Page, person: Person) -> Page:
    """The registration form at the portal: the facts locked, the boxes ticked by hand (Z3)."""
    expect(person.pesel in page.body, "the facts are not filled in", page)
    return page.submit(FORM, email=person.email, email_again=person.email, regulations="yes", contact_data="yes")


def go_on(walk: Walk, page: Page, person: Person, *, pesel: bool = True) -> Asked:
    """Do what the pages ask for until they ask for nothing more."""
    asked = Asked(page)
    for _ in range(MOST_PAGES):
        page = asked.page
        if asks_to_sign_in(page):
            asked.what.add("sign_in")
            asked.page = sign_in(page, person)
        elif page.form(CONSENT):
            asked.what |= {"consent", "code"}
            asked.page = type_code(*give_consent(walk, page, person, pesel=pesel))
        elif page.form(OPERATION):
            asked.what.add("code")
            seen = walk.messages(person)
            page = page.submit(OPERATION)
            asked.page = type_code(page, walk.new_message(person, seen))
        elif page.form(TYPE_CODE):  # it went out with the password
            asked.what.add("code")
            asked.page = page.submit(TYPE_CODE, code=walk.code_shown(person, page))
        elif page.form(FORM):
            asked.what.add("form")
            asked.page = fill_form(page, person)
        elif page.form(TERMS):
            asked.what.add("terms")
            asked.page = page.submit(TERMS, regulations="yes", contact_data="yes")
        else:
            break
    return asked


def enter(walk: Walk, visitor: Visitor, person: Person) -> Asked:
    """Into the portal through the bank, whatever that takes."""
    asked = go_on(walk, portal_first(walk, visitor), person)
    asked.page.at(PORTAL, PANEL)
    expect(person.last_name in asked.page.words, "the panel does not say who is signed in", asked.page)
    return asked


def go_on_to_consent(walk: Walk, visitor: Visitor, person: Person) -> Page:
    """From the portal to what the bank asks after the sign-in."""
    page = portal_first(walk, visitor)
    return sign_in(page, person) if asks_to_sign_in(page) else page


def forget_consent(walk: Walk, person: Person) -> None:
    """Withdraw what an earlier walk left, so that the first time is the first again."""
    visitor = walk.visitor()
    sign_in(visitor.open(walk.url(walk.bank)), person)
    page = visitor.open(walk.url(walk.bank, CONSENTS))
    while any(link.endswith("/withdraw") for link in page.read.links):
        page.follow(WITHDRAW).submit(WITHDRAW)
        page = visitor.open(walk.url(walk.bank, CONSENTS))
