"""The bank cannot vouch (P8).

It says why and what to do next; the portal learns only that it did not work.
"""

from urllib.parse import unquote

from poreka.demo.walk import ways
from poreka.demo.walk.visitor import Page
from poreka.demo.walk.walk import PORTAL, Walk, expect
from poreka.provider.rules.eligibility import Reason
from poreka.provider.rules.sim_swap import DAY
from poreka.relying.sign_in.returned import REASONS
from poreka.systems.portal.certificate.door import REASONS as CERTIFICATE_REASONS

PEOPLE = {
    Reason.IDENTITY_NOT_VERIFIED: "piotr",
    Reason.NO_CURRENT_ACCOUNT: "ewa",
    Reason.NOT_OWNER: "marek",
    Reason.SMS_NOT_ACTIVE: "zofia",
    Reason.NO_PESEL: "olena",
    Reason.PESEL_INVALID: "tomasz",
    Reason.OPENED_BY_TRANSFER: "krzysztof",
    Reason.SIM_REPLACED: "barbara",
}
"""Who is refused for what; nobody of the demonstration has no phone."""
SAYING_NO = ((PORTAL, "millenet"), (PORTAL, "pz"), ("pz", "millenet"), ("ikp", "pz"), ("mojeikp", "pz"))
"""Pairs of a relying system and the provider that it relies on."""


def refused(walk: Walk, reason: Reason) -> None:
    """One person's refusal."""
    if reason is Reason.SIM_REPLACED and _long_ago(walk):
        return
    person, visitor = walk.person(PEOPLE[reason]), walk.visitor()
    with walk.step("bank: signed in, and refused before anything is asked"):
        page = ways.sign_in(ways.portal_first(walk, visitor), person).at(walk.bank, ways.RELEASE, status=403)
        expect(not page.form(ways.CONSENT), "the consent is asked for all the same", page)
    _told_nothing(walk, page)


def sim_replaced(walk: Walk) -> None:
    """P10: the phone's operator knows of a new SIM card."""
    if _long_ago(walk):
        return
    with walk.step("bank: signed in, three facts, the box ticked by hand"):
        page = _at_refusal(walk)
    with walk.step("bank: the operator says that the SIM card is new; no code is sent"):
        page.at(walk.bank, ways.RELEASE, status=403)
    _told_nothing(walk, page)


def card_instead(walk: Walk) -> None:
    """P10, P3: a new SIM card stops codes by SMS, and a code card leads on."""
    if _long_ago(walk):
        return
    person = walk.person(PEOPLE[Reason.SIM_REPLACED])
    with walk.step("bank: signed in, consented, no code by SMS"):
        page = _at_refusal(walk)
    with walk.step("bank: the code card is taken instead"):
        page = page.submit(ways.INSTEAD).at(walk.bank, ways.RELEASE)
    with walk.step("card: the code of the number asked for; portal: the panel"):
        page = ways.type_code(page, ways.asked_of_card(walk, page, person))
        ways.go_on(walk, page, person).page.at(PORTAL, ways.PANEL)


def said_no(walk: Walk) -> None:
    """What every system says when a sign-in comes to nothing: each page leads on."""
    visitor = walk.visitor()
    for system, provider in SAYING_NO:
        with walk.step(f"{system}: every reason"):
            for reason in REASONS:
                path = f"/not-signed-in/{provider}/{reason}"
                visitor.open(walk.url(system, path)).at(system, path)
    with walk.step("portal: every reason against a certificate; pz: what has ended"):
        for reason in CERTIFICATE_REASONS:
            visitor.open(walk.url(PORTAL, f"/certificate/refused/{reason}"))
        for how in ("locked", "invalidated"):
            visitor.open(walk.url("pz", f"/ended/{how}"))


def _at_refusal(walk: Walk) -> Page:
    """Where the consent leads somebody whose SIM card is new."""
    person, visitor = walk.person(PEOPLE[Reason.SIM_REPLACED]), walk.visitor()
    if not walk.fresh:
        ways.forget_consent(walk, person)
    seen = walk.messages(person)
    page = ways.sign_in(ways.portal_first(walk, visitor), person).at(walk.bank, ways.RELEASE)
    page = page.submit(ways.CONSENT, consent="yes").at(walk.bank, ways.RELEASE, status=403)
    sent = [one for one in walk.messages(person) if one not in seen and one["channel"] == "sms"]
    expect(not sent, "a code was sent by SMS all the same", page)
    return page


def _long_ago(walk: Walk) -> bool:
    moved = bool(walk.json("start", "/clock.json")["advanced_seconds"] > DAY)
    if moved:
        with walk.step("the clock was moved by days: the pause is over, nothing to see"):
            pass
    return moved


def _told_nothing(walk: Walk, page: Page) -> None:
    with walk.step("portal: told that it did not work, not why"):
        page.follow(ways.LEAVE).at(PORTAL, f"/not-signed-in/{walk.bank}/refused")
        told = " ".join(unquote(url) for url in page.visitor.trail)
        expect(not [one for one in Reason if one.value in told], "a reason stands in an address")
