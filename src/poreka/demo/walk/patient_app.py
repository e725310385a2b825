"""The patient account's phone app, walked: in through the trusted profile, bound with a PIN and a key, removed (K3).

The device is a browser of its own; its authenticator is in software (`authenticator.py`). Each walk binds new devices
and removes them in the end.
"""

import re

from poreka.demo.walk import ways
from poreka.demo.walk.authenticator import Authenticator, challenge_for
from poreka.demo.walk.trusted_profile import PZ
from poreka.demo.walk.visitor import Page, Visitor
from poreka.demo.walk.walk import Person, Walk, expect

APP, IKP = "mojeikp", "ikp"
BIND, PIN, WRONG = r"/device/[^/]+", "73921", "50817"


def with_pin(walk: Walk) -> None:
    """mojeIKP: the first entry through the trusted profile, then the PIN; five wrong ones end it (K3, K4)."""
    person, device = walk.person("agnieszka"), walk.visitor()
    page = entered(walk, device, person)
    with walk.step("mojeikp: a PIN that a finder would try is not taken; another one is"):
        born = f"{person.pesel[4:6]}{person.pesel[2:4]}"
        page = page.submit(BIND + "/pin", pin=born, pin_again=born)
        expect(page.status == 422, "the date of birth is taken as a PIN", page)
        page = page.submit(BIND + "/pin", pin=PIN, pin_again=PIN, name="Telefon z przechadzki").at(APP, "/account")
    with walk.step("mojeikp: signed out, and opened with the PIN alone"):
        page.submit("/sign-out")
        page = device.open(walk.url(APP)).at(APP, "/open").submit("/open/pin", pin=PIN).at(APP, "/account")
        page = page.follow("/account/prescription").at(APP, "/account/prescription")
        expect("4821" in page.words, "the prescription's code is missing", page)
    with walk.step("ikp: the entry stands in the history, as one through the app"):
        browser = walk.visitor()
        walk.bank = PZ
        there = ways.go_on(walk, browser.open(walk.url(IKP)).submit("/enter/pz"), person).page.at(IKP, "/account")
        there = there.follow("/account/history")
        expect("w aplikacji: PIN" in there.words, "the entry is not in the history", there)
    with walk.step("mojeikp: five wrong PINs, and the device opens nothing any more"):
        page.submit("/sign-out")
        for _ in range(5):
            page = device.open(walk.url(APP, "/open")).submit("/open/pin", pin=WRONG)
        page = device.open(walk.url(APP)).at(APP, "/")
        expect("zły PIN" in page.words, "it does not say why", page)


def with_key(walk: Walk) -> None:
    """mojeIKP with the device's own key; then the device is removed on the patient account's own pages (K3)."""
    person, device = walk.person("agnieszka"), walk.visitor()
    key = Authenticator(walk.address.origin(APP))
    page = entered(walk, device, person)
    with walk.step("mojeikp: a key of the device's own"):
        credential = key.create(challenge_for(_token(page, BIND + "/passkey")))
        page = page.submit(BIND + "/passkey", credential=credential, name="Telefon z kluczem").at(APP, "/account")
    with walk.step("mojeikp: signed out, and opened with the key"):
        page.submit("/sign-out")
        page = device.open(walk.url(APP)).at(APP, "/open")
        credential = key.get(challenge_for(_token(page, "/open/passkey")))
        page.submit("/open/passkey", credential=credential).at(APP, "/account")
    with walk.step("ikp: every device of the account is removed; the key opens nothing"):
        walk.bank = PZ
        there = ways.go_on(walk, walk.visitor().open(walk.url(IKP)).submit("/enter/pz"), person).page
        there = there.follow("/account/devices").at(IKP, "/account/devices")
        while there.form(r"/account/devices/[^/]+/remove"):
            there = there.submit(r"/account/devices/[^/]+/remove").at(IKP, "/account/devices")
        page = device.open(walk.url(APP)).at(APP, "/")
        expect(page.form("/enter/pz") is not None, "the removed device is still bound", page)


def entered(walk: Walk, device: Visitor, person: Person) -> Page:
    """Signed in to the app through the trusted profile, where the device may be bound."""
    walk.bank = PZ
    with walk.step("mojeikp: through the trusted profile; pz: password, consent where there is none, code"):
        page = ways.go_on(walk, device.open(walk.url(APP)).submit("/enter/pz"), person).page
        expect(re.fullmatch(BIND, page.path) is not None, "binding is not offered", page)
    return page


def _token(page: Page, path: str) -> str:
    form = page.form(path)
    expect(form is not None, f"no form goes to {path}", page)
    return form.fields["token"] if form else ""
