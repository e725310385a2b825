"""An application for a certificate about one's insurance: what is filled in, and the document that is signed (Z9).

The document is plain text in UTF-8 with line feeds, made once from what the portal knows at that moment, in Polish as
everything that is filed. Whatever was filled in stands in it, and nothing else of the person than the three facts.
"""

import enum

import msgspec

from poreka.rules.people.person import PersonFacts
from poreka.rules.shown_date import shown_moment
from poreka.rules.warsaw_time import warsaw_moment
from poreka.shown_words import is_fit_to_show

LONGEST_ADDRESSEE = 120


class Purpose(enum.Enum):
    """What the certificate is for."""

    CREDIT = "credit"
    EMPLOYER = "employer"
    SCHOOL = "school"
    COURT = "court"
    OTHER = "other"


PURPOSES = {
    Purpose.CREDIT: "kredyt lub pożyczka",
    Purpose.EMPLOYER: "pracodawca",
    Purpose.SCHOOL: "szkoła lub uczelnia",
    Purpose.COURT: "sąd lub urząd",
    Purpose.OTHER: "inny cel",
}


class AddresseeFault(enum.Enum):
    """What is wrong with whom the certificate is for."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_PLAIN = "not_plain"


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """What was filled in, and under which number it goes."""

    number: str
    purpose: Purpose
    addressee: str
    known_to_register: bool
    made_at: int


def read_addressee(typed: str) -> str | AddresseeFault:
    """One line that can be shown; spaces are evened out."""
    addressee = " ".join(typed.split())
    if not addressee:
        return AddresseeFault.EMPTY
    if len(addressee) > LONGEST_ADDRESSEE:
        return AddresseeFault.TOO_LONG
    return addressee if is_fit_to_show(addressee, LONGEST_ADDRESSEE) else AddresseeFault.NOT_PLAIN


def summary_of(application: Application) -> str:
    """What the person reads on the page of the signature, in the SMS and in the app: at most 200 characters."""
    return f"Wniosek nr {application.number} o zaświadczenie o ubezpieczeniu, dla: {application.addressee}"


def file_name(application: Application) -> str:
    """What the document is called."""
    return f"wniosek-{application.number}.txt"


def document_of(application: Application, facts: PersonFacts) -> bytes:
    """The document, byte for byte as it is signed."""
    made = warsaw_moment(application.made_at)
    register = "są dane" if application.known_to_register else "nie ma danych"
    lines = (
        "WNIOSEK O WYDANIE ZAŚWIADCZENIA O UBEZPIECZENIU",
        "",
        f"Numer wniosku: {application.number}",
        f"Data: {shown_moment(made, 'pl')}",
        "",
        f"Wnioskodawca: {facts.first_name} {facts.surname}",
        f"PESEL: {facts.pesel.digits}",
        f"W rejestrze ubezpieczonych: {register} o tej osobie",
        "",
        f"Cel zaświadczenia: {PURPOSES[application.purpose]}",
        f"Dla kogo: {application.addressee}",
        "",
        "Proszę o wydanie zaświadczenia o podleganiu ubezpieczeniom społecznym.",
    )
    return ("\n".join(lines) + "\n").encode()
