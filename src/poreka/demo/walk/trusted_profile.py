"""The trusted profile, walked: made through a bank, signed in to by password and code, extended, ended (T1–T6).

Each journey begins at whatever an earlier one left, and ends with what it promises.
"""

import re

from poreka.demo.walk import ways
from poreka.demo.walk.visitor import Page, Visitor
from poreka.demo.walk.walk import PORTAL, Person, Walk, code_in, expect

PZ = "pz"
NEW, CONTACT, CODE, CREDENTIALS = r"/new/[^/]+", r"/new/[^/]+/contact", r"/new/[^/]+/code", r"/new/[^/]+/credentials"
ASK, OPERATION = r"/operation/[^/]+/ask", r"/operation/[^/]+/code"
CHOSEN = "trzy-Sowy-na-dachu-7"
CHOSEN_ANEW = "cztery-Sowy-na-plocie-9"
RECOVER, RECOVERY = r"/password/[^/]+", r"/recovery/[^/]+"


def made_through_bank(walk: Walk) -> None:
    """A trusted profile is made through a bank, and is valid at once (T1)."""
    person, visitor = walk.person("jan"), walk.visitor()
    with walk.step("pz: through the bank; bank: sign-in, consent, code"):
        page = make_begun(walk, visitor, person)
    if page.path == "/profile":
        return  # an earlier walk made it; the bank's word opened it
    with walk.step("pz: phone and e-mail"):
        page, sms = give_contact(walk, page, person)
    with walk.step("pz: the code by SMS, then the code by e-mail"):
        seen = walk.messages(person)
        page = page.submit(CODE, code=code_in(sms)).at(PZ, NEW)
        page = page.submit(CODE, code=walk.new_code(person, seen))
    with walk.step("pz: user name and password; the profile is valid"):
        names = {"user_name": user_name(person), "password": CHOSEN, "password_again": CHOSEN}
        page = page.submit(CREDENTIALS, **names).at(PZ, NEW)
        expect(user_name(person) in page.words, "the user name is not told", page)
    with walk.step("pz: inside, without another sign-in"):
        visitor.open(walk.url(PZ, "/profile")).at(PZ, "/profile")


def signed_in_by_password(walk: Walk) -> None:
    """User name and password, then the code by SMS (T3); details and history."""
    person, visitor = walk.person("agnieszka"), walk.visitor()
    with walk.step("pz: user name and password"):
        page = by_password(walk, visitor, person)
        expect(page.form(OPERATION) is not None, "no code is asked for", page)
    with walk.step("pz: the code by SMS, and inside"):
        page = confirm(walk, page, person).at(PZ, "/profile")
    with walk.step("pz: details and history"):
        page = page.follow("/profile/details").at(PZ, "/profile/details")
        expect(person.pesel not in page.body, "the whole PESEL stands there", page)
        page.follow("/profile/history").at(PZ, "/profile/history")


def forgotten(walk: Walk) -> None:
    """A forgotten password: the mailbox, then the code by SMS, and a new one (T3)."""
    made_through_bank(walk)
    person, visitor = walk.person("jan"), walk.visitor()
    with walk.step("pz: the user name; the code from the mail"):
        seen = walk.messages(person)
        page = visitor.open(walk.url(PZ, "/password")).submit("/password", name=user_name(person))
        page = page.submit(RECOVER, code=walk.new_code(person, seen))
        expect("password" not in (form.fields if (form := page.form(RECOVER)) else ()), "the mail was enough", page)
    with walk.step("pz: the code by SMS, too"):
        seen = walk.messages(person)
        page = page.submit(RECOVER).submit(RECOVERY + "/ask")
        page = page.submit(RECOVERY + "/code", code=walk.new_code(person, seen))
    with walk.step("pz: a new password; the old one opens nothing"):
        page = page.submit(RECOVER, password=CHOSEN_ANEW, password_again=CHOSEN_ANEW)
        expect(page.status == 200 and not page.form(RECOVER), "the new password is not taken", page)
        again = visitor.open(walk.url(PZ, "/sign-in?next=/profile"))
        again = again.submit(ways.PASSWORD, number=user_name(person), password=CHOSEN)
        expect(again.status == 422, "the old password still works", again)
        again = again.submit(ways.PASSWORD, number=user_name(person), password=CHOSEN_ANEW)
        expect(again.form(OPERATION) is not None, "the new password does not work", again)


def portal_by_trusted_profile(walk: Walk) -> None:
    """The portal through the trusted profile: password and code there, and in (T3, Z1)."""
    person, visitor = walk.person("agnieszka"), walk.visitor()
    with walk.step("portal: the trusted profile; pz: user name and password"):
        page = visitor.open(walk.url(PORTAL)).submit("/banks/pz")
        if ways.asks_to_sign_in(page):
            page = ways.sign_in(page, person)
    with walk.step("pz: consent where there is none yet, and the code"):
        walk.bank = PZ
        asked = ways.go_on(walk, page, person)
        expect("code" in asked.what, "no code was asked for", asked.page)
    with walk.step("portal: told that the register knows her under another name"):
        expect(asked.page.host == PORTAL, "not back at the portal", asked.page)


def patient_account(walk: Walk) -> None:
    """The patient account through the trusted profile: made at the first entry, with the child's records (K1–K4)."""
    person, visitor = walk.person("agnieszka"), walk.visitor()
    walk.bank = PZ
    with walk.step("ikp: through the trusted profile; pz: password, consent where there is none, code"):
        page = visitor.open(walk.url("ikp")).submit("/enter/pz")
        page = ways.go_on(walk, page, person).page.at("ikp", "/account")
        expect("Agnieszka Pawlak" in page.words, "it does not say whose account it is", page)
    with walk.step("ikp: prescriptions; then for the child"):
        page = page.follow("/account/prescription").at("ikp", "/account/prescription")
        expect("4821" in page.words, "the prescription's code is missing", page)
        page = visitor.open(walk.url("ikp", "/account"))
        child = re.search(r'value="([0-9a-v]{26})"', page.body)
        page = page.submit("/account/for", person=child[1] if child else "")
        page = page.follow("/account/prescription")
        expect("3318" in page.words and "4821" not in page.words, "not the child's prescriptions", page)
    with walk.step("ikp: who entered, how and when"):
        page = visitor.open(walk.url("ikp", "/account/history"))
        expect("Profil Zaufany" in page.words, "the entry is not in the history", page)


def extended(walk: Walk) -> None:
    """A profile that ends soon is extended for three years (T2)."""
    person, visitor = walk.person("agnieszka"), walk.visitor()
    with walk.step("pz: signed in"):
        confirm(walk, by_password(walk, visitor, person), person).at(PZ, "/profile")
    with walk.step("pz: extend, confirmed by a code"):
        page = visitor.open(walk.url(PZ, "/profile/extend")).submit("/profile/extend")
        page = confirm(walk, page, person).at(PZ, "/profile")
        expect("przedłużony" in page.words, "it does not say so", page)


def not_me(walk: Walk) -> None:
    """This was not me: every session ends, the profile is locked and gives way to a new one (T6)."""
    person, visitor, other = walk.person("stanislaw"), walk.visitor(), walk.visitor()
    page = by_password(walk, visitor, person)
    if not page.form(OPERATION):
        return  # an earlier walk locked it
    with walk.step("pz: signed in, in two browsers"):
        confirm(walk, page, person).at(PZ, "/profile")
        confirm(walk, by_password(walk, other, person), person).at(PZ, "/profile")
    with walk.step("pz: this was not me"):
        visitor.open(walk.url(PZ, "/profile/not-me")).submit("/profile/not-me").at(PZ, "/ended/locked")
    with walk.step("the other browser is out, and the password opens nothing"):
        page = other.open(walk.url(PZ, "/profile"))
        expect(ways.asks_to_sign_in(page), "still inside", page)
        page = by_password(walk, other, person)
        expect(not page.form(OPERATION), "the password still opens it", page)


def by_password(walk: Walk, visitor: Visitor, person: Person) -> Page:
    """User name and password at the trusted profile's own sign-in; ends where the second factor is asked for."""
    return ways.sign_in(visitor.open(walk.url(PZ, "/sign-in?next=/profile")), person)


def confirm(walk: Walk, page: Page, person: Person) -> Page:
    """Have the code sent, unless it went out with the password, and type it."""
    page = page.submit(ASK) if page.form(ASK) else page
    return page.submit(OPERATION, code=walk.code_shown(person, page))


def make_begun(walk: Walk, visitor: Visitor, person: Person) -> Page:
    """From the ways to make a profile through the bank, back to the trusted profile."""
    page = visitor.open(walk.url(PZ, "/create")).submit(f"/create/{walk.bank}")
    return ways.go_on(walk, page, person).page


def give_contact(walk: Walk, page: Page, person: Person) -> tuple[Page, str]:
    """Phone and e-mail; returns the page of the code and the SMS."""
    seen = walk.messages(person)
    page = page.submit(CONTACT, phone=person.phone, email=person.email, regulations="yes").at(PZ, NEW)
    return page, walk.new_message(person, seen)


def user_name(person: Person) -> str:
    """The user name that a walk chooses."""
    return f"{person.key}.z.banku"
