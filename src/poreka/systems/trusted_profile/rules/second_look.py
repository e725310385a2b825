"""When a second clerk looks at an application that one clerk has confirmed, and what clerks see of its contact data.

One clerk alone must not be able to make a profile for somebody who has none and keep its phone. So a second one is
needed where the phone or e-mail is somebody else's too, the clerk's own included, and for a share of all others. Who
is drawn follows from a secret key and the application: nobody can foresee it, and trying again draws nothing anew.
"""

import enum
import hashlib
import hmac

SHOWN_DIGITS = 3


class SecondLook(enum.Enum):
    """Why a second clerk is needed."""

    SHARED = "shared"
    DRAWN = "drawn"


def second_look(*, shared: bool, drawn: int, percent: int) -> SecondLook | None:
    """Whether a second clerk is needed; `drawn` is `drawn_of` the application, `percent` the share of those drawn."""
    if shared:
        return SecondLook.SHARED
    return SecondLook.DRAWN if drawn < percent else None


def drawn_of(key: bytes, application: str) -> int:
    """A number from 0 to 99 that is the application's for good."""
    drawn = hmac.digest(key, b"second-look\0" + application.encode(), hashlib.sha256)
    return int.from_bytes(drawn[:8]) % 100


def masked_phone(phone: str) -> str:
    """The last digits of a phone number, enough to compare with what somebody says."""
    return f"••• ••• {phone[-SHOWN_DIGITS:]}" if len(phone) > 2 * SHOWN_DIGITS else "•••"


def masked_email(email: str) -> str:
    """The first letter and the domain of an address."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}•••@{domain}"
