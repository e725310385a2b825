"""A phone number in any usual writing, read into E.164 ("+48600100200") and shown in groups ("600 100 200").

`phonenumbers` knows every country's numbers and which are mobile. It would also read letters as digits and cut a
number out of a sentence, so only what numbers are written with gets to it. Which countries are taken is the operator's
decision (`[sms] foreign_numbers`); text messages go to mobile numbers only.
"""

import enum
import re
import unicodedata
from typing import NewType

import msgspec
import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from poreka.shown_words import DASHES

Phone = NewType("Phone", str)
LONGEST_WRITING = 40
WRITING = re.compile(r"\+?[0-9 \-]+")
ROUND_AND_BETWEEN = str.maketrans({**dict.fromkeys("()/.", " "), **dict.fromkeys(DASHES, "-")})
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
COUNTRIES: frozenset[str] = frozenset(phonenumbers.SUPPORTED_REGIONS)


class PhoneFault(enum.Enum):
    """Why a phone number is not taken."""

    NO_NUMBER = "no_number"
    FOREIGN = "foreign"
    NOT_MOBILE = "not_mobile"


class TakenNumbers(msgspec.Struct, frozen=True):
    """Whose numbers are taken: of the country with the code `home`, and of the countries `foreign`, or of all."""

    home: int = 48
    foreign: frozenset[str] | bool = False


POLISH = TakenNumbers()


def read_phone(text: str, taken: TakenNumbers = POLISH, *, mobile: bool = True) -> Phone | PhoneFault | None:
    """The number; None where nothing was typed. `mobile`: text messages will go there."""
    written = _without_ornament(text)
    if not written:
        return None
    number = _parsed(written, taken.home)
    kind = PhoneNumberType.UNKNOWN if number is None else phonenumbers.number_type(number)
    if number is None or kind == PhoneNumberType.UNKNOWN:
        return PhoneFault.NO_NUMBER
    if not _is_taken(number, taken):
        return PhoneFault.FOREIGN
    if mobile and kind not in MOBILE:
        return PhoneFault.NOT_MOBILE
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def destination(number: str, taken: TakenNumbers = POLISH) -> str | None:
    """Where a message to this number goes: E.164 without the plus; None where no message may go."""
    read = read_phone(number, taken, mobile=False)
    return None if read is None or isinstance(read, PhoneFault) else read[1:]


def shown_phone(number: str, home: int = 48) -> str:
    """A number in groups, with the country's code where it is another country's; what is none is shown as it is."""
    read = _parsed(_without_ornament(number), home)
    if read is None or not phonenumbers.is_valid_number(read):
        return number
    national = read.country_code == home
    return phonenumbers.format_number(read, PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL)


def is_country_code(code: str) -> bool:
    """Whether a country has this code."""
    return code.isdigit() and phonenumbers.region_code_for_country_code(int(code)) in COUNTRIES


def _without_ornament(text: str) -> str:
    """What is typed, without brackets and the signs that cannot be seen which address books put around a number."""
    seen = "".join(one for one in text[: 2 * LONGEST_WRITING] if unicodedata.category(one) != "Cf")
    return " ".join(seen.replace("(0)", " ").translate(ROUND_AND_BETWEEN).split())


def _parsed(written: str, home: int) -> PhoneNumber | None:
    if len(written) > LONGEST_WRITING or not WRITING.fullmatch(written):
        return None
    try:
        return phonenumbers.parse(written, phonenumbers.region_code_for_country_code(home))
    except phonenumbers.NumberParseException:
        return None


def _is_taken(number: PhoneNumber, taken: TakenNumbers) -> bool:
    if number.country_code == taken.home:
        return True
    if isinstance(taken.foreign, bool):
        return taken.foreign
    return phonenumbers.region_code_for_number(number) in taken.foreign
