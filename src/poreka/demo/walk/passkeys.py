"""Passkeys, walked: added with a code or after a bank vouched anew, used in place of everything typed, removed.

The authenticator is in software (`authenticator.py`). Each walk removes the keys that it made.
"""

import json

from poreka.demo.walk import ways
from poreka.demo.walk.authenticator import Authenticator, challenge_for
from poreka.demo.walk.visitor import Page, Visitor, WalkFailed
from poreka.demo.walk.walk import PORTAL, Person, Walk, expect

AT_BANK, AT_PORTAL = "/settings/security/passkeys", "/settings/passkeys"
CODE = r"/settings/security/tools/change/[^/]+/code"


def at_bank(walk: Walk) -> None:
    """A passkey at a bank, in place of number, password and characters (WCAG 2.2, 3.3.8)."""
    person, visitor, seen = walk.person("anna"), walk.visitor(), walk.messages(walk.person("anna"))
    key = Authenticator(walk.address.origin(walk.bank))
    with walk.step("bank: the present tool says yes by its code, then the key is made"):
        page = ways.sign_in(visitor.open(walk.url(walk.bank, AT_BANK)), person).submit(AT_BANK)
        page = page.submit(CODE, code=walk.new_code(person, seen))
        page = _made(page, rf"{AT_BANK}/new/[^/]+", key).at(walk.bank, AT_BANK)
    other = walk.visitor()
    with walk.step("bank: another browser, the page with the characters: the key signs in"):
        page = other.open(walk.url(walk.bank, AT_BANK))
        page = page.submit(r"/sign-in/[^/]+/number", number=person.account(walk.bank)["login"])
        page = _used(page, r"/sign-in/[^/]+/passkey", key).at(walk.bank, AT_BANK)
    with walk.step("bank: removed, what it opened ends; the key opens nothing"):
        _removed(visitor.open(walk.url(walk.bank, AT_BANK)), AT_BANK)
        page = other.open(walk.url(walk.bank, AT_BANK))
        page = _used(page, r"/sign-in/[^/]+/passkey", key)
        expect(page.status == 422, "the removed key was taken", page)


def at_portal(walk: Walk) -> None:
    """A passkey at the portal, in place of login and password (WCAG 2.2, 3.3.8)."""
    person, visitor = walk.person("anna"), walk.visitor()
    key = Authenticator(walk.address.origin(PORTAL))
    with walk.step("portal: a bank vouches anew, then the key is made"):
        ways.enter(walk, visitor, person)
        page = _proven(walk, visitor, person)
        page = _made(page, AT_PORTAL, key).at(PORTAL, AT_PORTAL)
    with walk.step("portal: another browser: the key signs in"):
        page = _used(walk.visitor().open(walk.url(PORTAL)), "/sign-in/passkey", key).at(PORTAL, "/dashboard")
    with walk.step("portal: removed there; the key opens nothing"):
        _removed(page.follow("/settings").follow(AT_PORTAL), AT_PORTAL)
        page = _used(walk.visitor().open(walk.url(PORTAL)), "/sign-in/passkey", key)
        expect(page.status == 422, "the removed key was taken", page)


def _proven(walk: Walk, visitor: Visitor, person: Person) -> Page:
    """The list, with the form that makes a key: the sign-in was a moment ago, or is made anew."""
    page = visitor.open(walk.url(PORTAL, AT_PORTAL)).at(PORTAL, AT_PORTAL)
    if page.form(AT_PORTAL) is None:
        page = ways.go_on(walk, page.submit(f"{AT_PORTAL}/prove/{walk.bank}"), person).page.at(PORTAL, AT_PORTAL)
    return page


def _made(page: Page, path: str, key: Authenticator) -> Page:
    form = page.form(path)
    if form is None:
        raise WalkFailed(f"no key is made at {page.path}")
    key.handle = json.loads(form.asks)["user"]["id"]
    return page.submit(path, credential=key.create(challenge_for(form.fields["token"])), name="Klucz z przechadzki")


def _used(page: Page, path: str, key: Authenticator) -> Page:
    form = page.form(path)
    if form is None:
        raise WalkFailed(f"no key is asked for at {page.path}")
    return page.submit(path, credential=key.get(challenge_for(form.fields["token"])))


def _removed(page: Page, listed: str) -> None:
    """Every key of the list."""
    while links := [link for link in page.read.links if link.startswith(f"{listed}/") and link.endswith("/remove")]:
        page = page.follow(links[0]).submit(links[0])
