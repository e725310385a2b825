"""A card of one-time codes: numbered, each code once, asked for by its number (P3).

The number asked for is the lowest that was not used, and stays so until that code was given rightly: who begins
again and again never gets to choose among the numbers, so a single code that was seen or talked out of somebody
opens nothing. A new card is sent before the last codes run out, and its codes follow those of the old one.
Codes are not stored: they are computed from the bank's key, the card and the number.
"""

import hashlib
import hmac
from collections.abc import Sequence

import msgspec

from poreka.rules.authorising.operation_code import Code, code_from

CODES = 40
FEW = 8  # when no more are left on all cards together, a new card is sent


class CodeCard(msgspec.Struct, frozen=True, kw_only=True):
    """One card: `serial` is printed on it, `next_code` is the number asked for next, from 1."""

    id: str
    serial: str
    next_code: int = 1
    codes: int = CODES
    blocked: bool = False

    @property
    def left(self) -> int:
        """How many codes can still be used."""
        return 0 if self.blocked else self.codes - self.next_code + 1


def current_card(cards: Sequence[CodeCard]) -> CodeCard | None:
    """The card whose code is asked for; `cards` from the oldest to the newest."""
    return next((card for card in cards if card.left > 0), None)


def new_card_needed(cards: Sequence[CodeCard]) -> bool:
    """Whether it is time to send another card."""
    return sum(card.left for card in cards) <= FEW


def card_code(key: bytes, card_id: str, number: int) -> Code:
    """The code that stands on a card beside a number."""
    name = card_id.encode()
    message = b"code-card" + len(name).to_bytes(4) + name + number.to_bytes(4)
    return code_from(int.from_bytes(hmac.digest(key, message, hashlib.sha256)[:16]))


def card_text(key: bytes, card: CodeCard) -> str:
    """What is printed on a card: its serial number and every code with its number."""
    codes = (f"{number:02d}: {card_code(key, card.id, number)}" for number in range(1, card.codes + 1))
    return "\n".join((f"Karta kodów {card.serial}", *codes))
