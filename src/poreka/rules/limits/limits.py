"""How many acts that cost the caller little are allowed in a time, per whom and per what.

A limit belongs to a purpose (names tried with a wrong password, passkeys that proved nothing, codes sent to unproven
numbers, questions that a relying party begins) and counts per network, browser, person, client or destination; no
purpose uses up another's. Time is cut into windows of a limit's length, counted from the epoch, so that an allowance
comes back at a time that can be told. `attempts.py` counts wrong passwords for one name, `code_allowance.py` a
customer's codes.
"""

import enum
from typing import Annotated

import msgspec

HOUR, DAY = 3600, 24 * 3600

Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class Purpose(enum.Enum):
    """What is counted; each for itself."""

    PASSWORD = "password"  # names that were tried with a wrong password
    PASSKEY = "passkey"  # what was brought as a passkey and proved nothing
    CODE = "code"  # codes that were sent to numbers and addresses nobody has proven yet
    QUESTION = "question"  # questions in the app that a relying party began
    REPORT = "report"  # barriers that were reported by whoever came


class Per(enum.Enum):
    """For whom it is counted."""

    NETWORK = "network"
    BROWSER = "browser"
    PERSON = "person"
    CLIENT = "client"  # one relying party and one person
    DESTINATION = "destination"  # a phone number or an e-mail address


class Limit(msgspec.Struct, frozen=True):
    """So many in a window of so many seconds."""

    most: int
    seconds: int


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limits of one system, as its operator may set them."""

    passwords_by_network: Count = 100  # names tried with a wrong password from one network, an hour
    passwords_by_browser: Count = 20  # the same from one browser
    passkeys_by_network: Count = 100  # passkeys from one network that proved nothing, an hour
    passkeys_by_browser: Count = 20  # the same from one browser
    codes_by_network: Count = 100  # codes to unproven numbers and addresses, asked for from one network, an hour
    codes_by_browser: Count = 10  # the same from one browser, a day
    codes_by_person: Count = 20  # the same by somebody who is signed in, a day
    codes_by_destination: Count = 10  # to one number or address, a day
    questions_by_client: Count = 10  # that one relying party asks one person in the app, a day
    reports_by_network: Count = 20  # barriers reported from one network, an hour
    reports_by_browser: Count = 5  # the same from one browser, a day

    def of(self, purpose: Purpose, per: Per) -> Limit:
        """The limit of a purpose; raises `KeyError` where nothing is counted."""
        return {
            (Purpose.PASSWORD, Per.NETWORK): Limit(self.passwords_by_network, HOUR),
            (Purpose.PASSWORD, Per.BROWSER): Limit(self.passwords_by_browser, HOUR),
            (Purpose.PASSKEY, Per.NETWORK): Limit(self.passkeys_by_network, HOUR),
            (Purpose.PASSKEY, Per.BROWSER): Limit(self.passkeys_by_browser, HOUR),
            (Purpose.CODE, Per.NETWORK): Limit(self.codes_by_network, HOUR),
            (Purpose.CODE, Per.BROWSER): Limit(self.codes_by_browser, DAY),
            (Purpose.CODE, Per.PERSON): Limit(self.codes_by_person, DAY),
            (Purpose.CODE, Per.DESTINATION): Limit(self.codes_by_destination, DAY),
            (Purpose.QUESTION, Per.CLIENT): Limit(self.questions_by_client, DAY),
            (Purpose.REPORT, Per.NETWORK): Limit(self.reports_by_network, HOUR),
            (Purpose.REPORT, Per.BROWSER): Limit(self.reports_by_browser, DAY),
        }[purpose, per]


def window_end(limit: Limit, now: int) -> int:
    """When the window of `now` ends, and the next one begins."""
    return (now // limit.seconds + 1) * limit.seconds
