"""The bank cannot vouch (P8).

It says why and what to do next; the portal learns only that it did not work.
"""

from urllib.parse import unquote

from poreka.cli.walk import ways
from poreka.cli.walk.walk import PORTAL, Walk, expect
from poreka.rules.eligibility import Reason

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


def refused(walk: Walk, reason: Reason) -> None:
    """One person's refusal."""
    if reason is Reason.SIM_REPLACED and walk.json("start", "/clock.json")["advanced_seconds"] > 86_400:
        with walk.step("the clock was moved by days: the pause is over, nothing to see"):
            return
    person, visitor = walk.person(PEOPLE[reason]), walk.visitor()
    with walk.step("bank: signed in, and refused before anything is asked"):
        page = ways.sign_in(ways.portal_first(walk, visitor), person).at(walk.bank, ways.RELEASE, status=403)
        expect(not page.form(ways.CONSENT), "the consent is asked for all the same", page)
    with walk.step("portal: told that it did not work, not why"):
        page.follow(ways.LEAVE).at(PORTAL, f"/not-signed-in/{walk.bank}/refused")
        told = " ".join(unquote(url) for url in visitor.trail)
        expect(not [one for one in Reason if one.value in told], "a reason stands in an address")
