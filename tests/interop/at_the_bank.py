"""What a citizen does at the demonstration's bank, for whichever relying party sent them there."""

import re
from typing import Any

from tests.support.server import Demo
from tests.support.visit import Page
from tests.support.waiting import looks


def sign_in(page: Page, person: dict[str, Any]) -> Page:
    """The two pages of Millenet's sign-in (P9)."""
    account = next(account for account in person["accounts"] if account["system"] == "millenet")
    page = page.submit("Dalej", number=account["login"])
    asked = re.findall(r'name="(characters_(\d+))"', page.response.text)
    characters = {name: account["identifier"][int(place) - 1] for name, place in asked}
    return page.submit("Zaloguj", password=account["password"], **characters)


def consent_with_code(demo: Demo, page: Page, key: str) -> Page:
    """Tick the box, wait for the message, type its code (P2, P3); ends where the relying party is."""
    before = {message["id"] for message in demo.messages(key)}
    page = page.submit("Dalej", consent="yes")
    for _ in looks():
        new = [one for one in demo.messages(key) if one["id"] not in before and one["channel"] != "letter"]
        if new:
            return page.submit("Zaloguj", code=new[0]["text"][-6:])
    raise AssertionError("no code came")
