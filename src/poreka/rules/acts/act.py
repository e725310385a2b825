"""A row of the table of acts (`table.py`): one deed of a system that changes something for a person.

A row says what changes, what proves that the right person wants it, why no less and no more is asked, who is told and
at which addresses, and whether a forgotten password waits afterwards. Whoever carries an act out takes its protection
from the row; an act that has the effect of another one has its protection too.
"""

from dataclasses import dataclass
from enum import Enum


class Protection(Enum):
    """What has to be proven for an act, and how freshly; the value is what the page of the table says."""

    NOTHING = "nothing"
    JOURNEY = "a journey of this browser, and what it has proven so far"
    SESSION = "a session"
    STRONG_SESSION = "a session with two factors"
    PASSWORD_AGAIN = "the present password once more"
    OWN_OPERATION = "an operation of its own, with the tool the person has now"
    FRESH_SIGN_IN = "a new sign-in at the provider, which asks anew"
    DEVICE_KEY = "the key or the PIN of the device"
    CLERK = "a clerk's session, opened with the key"
    FOUR_EYES = "two clerks, each with the key"
    CLIENT = "the program proves who it is"
    OPERATOR = "the operator's own command line"


class Addresses(Enum):
    """Whose e-mail address a notice goes to."""

    EARLIER = "the address as it was before"
    PRESENT = "the address as it is now"
    FORMER_PROFILE = "the address of the profile that was there before"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice; `text` is the key of its words."""

    text: str
    to: Addresses = Addresses.EARLIER


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One row; `words` is the text key of what page, SMS, app and statement call it, with `bound` as its facts."""

    name: str
    changes: str
    protection: Protection
    why: str
    words: str = ""
    bound: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    pauses_recovery: bool = False


def act(name: str, changes: str, protection: Protection, why: str) -> Act:
    """A row of an act that nobody is told of and that has no words of its own."""
    return Act(name=name, changes=changes, protection=protection, why=why)
