"""Signing in on one device with the phone in one's hand (K1): a code, a number, two minutes, once (RFC 10027).

shown → claimed → approved → used, and from each but the last → refused | expired. The code belongs to the browser that
shows it, and only that browser can go on with the approval; it is claimed by one phone. A number that the browser
shows is typed on the phone: one try. None of this helps who is talked into it by somebody else's page, so the phone
says who asks, for what, from what browser, and says so louder where the two are not in one network. docs/adr/0025.
"""

import enum
import hashlib
import hmac

import msgspec

LIFE = 2 * 60
FINISH = 60
"""Seconds for which an approval waits for its browser."""
NUMBERS = 90  # from 10 to 99


class CrossState(enum.Enum):
    """How far it has come, or how it ended."""

    SHOWN = "shown"
    CLAIMED = "claimed"
    APPROVED = "approved"
    USED = "used"
    REFUSED = "refused"
    EXPIRED = "expired"


class CrossSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """One of them; `browser` shows the code, `phone` claimed it: hashes of their own names."""

    id: str
    browser: bytes
    expires_at: int
    state: CrossState = CrossState.SHOWN
    phone: bytes | None = None
    device_id: str | None = None
    person_id: str | None = None


class NotNow(msgspec.Struct, frozen=True):
    """It does not stand where this could happen."""

    state: CrossState


def as_of(cross: CrossSignIn, now: int) -> CrossSignIn:
    """As it stands now: expired, if its time has passed meanwhile."""
    waits = cross.state in (CrossState.SHOWN, CrossState.CLAIMED) and now >= cross.expires_at
    late = cross.state is CrossState.APPROVED and now >= cross.expires_at + FINISH
    return msgspec.structs.replace(cross, state=CrossState.EXPIRED) if waits or late else cross


def claim(cross: CrossSignIn, phone: bytes, now: int) -> CrossSignIn | NotNow:
    """A phone used the code; no other one may, and neither may the browser that shows it."""
    current = as_of(cross, now)
    if current.state is not CrossState.SHOWN or phone == cross.browser:
        return NotNow(current.state)
    return msgspec.structs.replace(current, state=CrossState.CLAIMED, phone=phone)


def approve(
    cross: CrossSignIn, phone: bytes, device_id: str, person_id: str, number: str, right: str, now: int
) -> CrossSignIn | NotNow:
    """The phone that claimed it says yes, with the number that the browser shows; a wrong one is a refusal."""
    current = as_of(cross, now)
    if current.state is not CrossState.CLAIMED or current.phone != phone:
        return NotNow(current.state)
    if not hmac.compare_digest(number.encode(), right.encode()):
        return msgspec.structs.replace(current, state=CrossState.REFUSED)
    return msgspec.structs.replace(current, state=CrossState.APPROVED, device_id=device_id, person_id=person_id)


def refuse(cross: CrossSignIn, phone: bytes, now: int) -> CrossSignIn | NotNow:
    """The phone that claimed it says no."""
    current = as_of(cross, now)
    if current.state is not CrossState.CLAIMED or current.phone != phone:
        return NotNow(current.state)
    return msgspec.structs.replace(current, state=CrossState.REFUSED)


def use(cross: CrossSignIn, browser: bytes, now: int) -> CrossSignIn | NotNow:
    """The browser that showed the code goes on with the approval, once."""
    current = as_of(cross, now)
    if current.state is not CrossState.APPROVED or current.browser != browser:
        return NotNow(current.state)
    return msgspec.structs.replace(current, state=CrossState.USED)


def shown_number(key: bytes, cross_id: str) -> str:
    """The two digits that the browser shows: computed, so that nothing stored tells them."""
    drawn = hmac.digest(key, b"cross-device-number\0" + cross_id.encode(), hashlib.sha256)
    return str(10 + int.from_bytes(drawn[:16]) % NUMBERS)


def code_seed(key: bytes, cross_id: str) -> bytes:
    """What the code is made of (`rules/enrolment_code.py::code_of`), computed likewise."""
    return hmac.digest(key, b"cross-device-code\0" + cross_id.encode(), hashlib.sha256)[:16]
