"""Was the SIM card of a phone replaced lately? What is made of the operator's word before a code goes by SMS (P10).

A thief who talks an operator into a duplicate card receives the owner's codes. A bank may know of a new card
itself (`eligibility.CustomerRecord.sim_replaced_at`); the operator always does, and is asked at the moment a code
would be sent. An operator that does not tell is no operator that says "no": what then happens is the bank's choice.
"""

import enum

import msgspec

DAY = 24 * 60 * 60


class Kept(msgspec.Struct, frozen=True):
    """The phone has had the same SIM card for as many days as were asked about."""


class Replaced(msgspec.Struct, frozen=True):
    """The SIM card is newer than that."""


class Untold(msgspec.Struct, frozen=True):
    """The operator cannot or does not tell; `why` names the trouble and nobody."""

    why: str


SimCard = Kept | Replaced | Untold


class IfUntold(enum.Enum):
    """What a bank does when the operator does not tell."""

    REFUSE = "refuse"
    ALLOW = "allow"


class Withheld(enum.Enum):
    """Why a code was not sent by SMS."""

    REPLACED = "replaced"
    UNTOLD = "untold"


def replaced_lately(changed_at: int, days: int, now: int) -> bool:
    """Whether a card of this moment is newer than so many days; a moment yet to come is as new as can be."""
    return now < changed_at + days * DAY


def since_change(changed_at: int | None, monitored_days: int | None, *, days: int, now: int) -> SimCard:
    """Read "when was the last change": no date means none within the days that the operator looks back."""
    if changed_at is not None:
        return Replaced() if replaced_lately(changed_at, days, now) else Kept()
    if monitored_days is None or monitored_days < days:
        return Untold("not_monitored")
    return Kept()


def withheld(card: SimCard, if_untold: IfUntold) -> Withheld | None:
    """Why no code may go by SMS; None when it may."""
    match card:
        case Kept():
            return None
        case Replaced():
            return Withheld.REPLACED
        case Untold():
            return Withheld.UNTOLD if if_untold is IfUntold.REFUSE else None
