"""The bank cannot vouch (P8).

It says why and what to do next; the portal learns only that it did not work.
"""

from urllib.parse import unquote

from poreka.cli.walk import ways
from poreka.cli.walk.walk import BANK, PORTAL, Walk, expect
from poreka.rules.eligibility import Reason


def refused(walk: Walk, key: str) -> None:
    """One person's refusal."""
    person, visitor = walk.person(key), walk.visitor()
    with walk.step("bank: signed in, and refused before anything is asked"):
        page = ways.sign_in(ways.portal_first(walk, visitor), person).at(BANK, ways.RELEASE, status=403)
        expect(not page.form(ways.CONSENT), "the consent is asked for all the same", page)
    with walk.step("portal: told that it did not work, not why"):
        page.follow(ways.LEAVE).at(PORTAL, "/not-signed-in/millenet/refused")
        told = " ".join(unquote(url) for url in visitor.trail)
        expect(not [reason for reason in Reason if reason.value in told], "a reason stands in an address")


def identity_not_verified(walk: Walk) -> None:
    """P8 a: identity never verified in a branch."""
    refused(walk, "piotr")


def no_current_account(walk: Walk) -> None:
    """P8 b: no current account."""
    refused(walk, "ewa")


def not_owner(walk: Walk) -> None:
    """P8 c: neither owner nor co-owner."""
    refused(walk, "marek")


def sms_not_active(walk: Walk) -> None:
    """P8 d: SMS codes not activated."""
    refused(walk, "zofia")


def no_pesel(walk: Walk) -> None:
    """P8 e: no PESEL in the bank's records."""
    refused(walk, "olena")


def pesel_invalid(walk: Walk) -> None:
    """P8 f: the bank's PESEL is not valid."""
    refused(walk, "tomasz")


def sim_replaced(walk: Walk) -> None:
    """P10: the SIM card was replaced yesterday; after three days codes are sent again."""
    if walk.json("start", "/clock.json")["advanced_seconds"] > 86_400:
        with walk.step("the clock was moved by days: the pause is over, nothing to see"):
            return
    refused(walk, "barbara")
