"""The customer's own page of consents: what was agreed to, word for word, and a receipt that anyone can verify.

The receipt is verified as `poreka receipt verify` does it, with keys that the walk itself fetches.
"""

import json
from typing import Any

from poreka.demo.walk import ways
from poreka.demo.walk.visitor import Page, Visitor
from poreka.demo.walk.walk import Walk, expect
from poreka.oidc.errors import TokenRefused
from poreka.oidc.lasting.receipt import verify_receipt
from poreka.oidc.lasting.signature import KEYS_AT
from poreka.provider.consents.receipt_lines import receipt_lines

RECEIPT = rf"{ways.CONSENTS}/[^/]+/receipt"


def receipt(walk: Walk) -> None:
    """A consent with its words, and a receipt that is verified with the bank's public keys (P7)."""
    person, visitor = walk.person("jan"), walk.visitor()
    with walk.step("before: in the portal, so there is a consent"):
        ways.enter(walk, visitor, person)
    with walk.step("bank: the consent with its text, operation and receipt"):
        page = visitor.open(walk.url(walk.bank, ways.CONSENTS)).at(walk.bank, ways.CONSENTS)
        token = page.follow(RECEIPT).body.strip()
    with walk.step("anyone: the signature is the bank's"):
        told = _verified(walk, visitor, token)
        words = [line.strip() for line in told[-1:]]
        expect(all(one in page.words for one in words), "the receipt's words are not those of the page", page)
        expect(person.pesel not in "".join(told) + token, "the receipt holds a PESEL")
    with walk.step("anyone: a changed receipt is refused"):
        head, _, signature = token.partition(".")[2].partition(".")
        try:
            _verified(walk, visitor, f"{token.partition('.')[0]}.{head[:-8]}AAAAAAAA.{signature}")
        except TokenRefused:
            pass
        else:
            expect(False, "a changed receipt was believed")
    with walk.step("bank: withdrawn, and a new receipt says so"):
        page = page.follow(ways.WITHDRAW).submit(ways.WITHDRAW).at(walk.bank, ways.CONSENTS)
        told = _verified(walk, visitor, _newest(page))
        expect(any(line.startswith("then") and "withdrawn" in line for line in told), "the receipt does not say so")


def _verified(walk: Walk, visitor: Visitor, token: str) -> list[str]:
    """What a verifier is told, with the keys that the bank publishes."""
    keys: dict[str, Any] = json.loads(visitor.open(walk.url(walk.bank, KEYS_AT)).body)
    return receipt_lines(verify_receipt(token, keys))


def _newest(page: Page) -> str:
    """The receipt of the consent that ended last: the first one, as none is in force."""
    return page.follow(RECEIPT).body.strip()
