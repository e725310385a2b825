"""Who a certificate is about: the three facts of a person, out of the subject's attributes.

ETSI EN 319 412-2 §4.2.4: a natural person's certificate has a given name and a surname, or a pseudonym. Each
of the three attributes must stand there exactly once; a certificate under a pseudonym names nobody we could
compare. The common name is for show and is not read.
"""

import enum
from collections.abc import Mapping, Sequence

from poreka.rules.people.person import PersonFacts
from poreka.shown_words import is_fit_for_name
from poreka.systems.portal.rules.semantics_identifier import IdentifierFault, read_identifier

LONGEST_NAME = 100


class PersonFault(enum.Enum):
    """Why a certificate's subject is nobody whom a portal can admit."""

    NO_NUMBER = "no_number"
    OTHER_NUMBER = "other_number"
    PESEL = "pesel"
    NAMES = "names"


_OF_IDENTIFIERS = {
    IdentifierFault.FORM: PersonFault.NO_NUMBER,
    IdentifierFault.OTHER_NUMBER: PersonFault.OTHER_NUMBER,
    IdentifierFault.PESEL: PersonFault.PESEL,
}


def person_of(attributes: Mapping[str, Sequence[str]]) -> PersonFacts | PersonFault:
    """The person; `attributes` are the values of `serialNumber`, `givenName`, `surname` and `pseudonym`."""
    numbers = attributes.get("serialNumber", ())
    if len(numbers) != 1:
        return PersonFault.NO_NUMBER
    pesel = read_identifier(numbers[0])
    if isinstance(pesel, IdentifierFault):
        return _OF_IDENTIFIERS[pesel]
    first_name, surname = (_only_name(attributes.get(name, ())) for name in ("givenName", "surname"))
    if first_name is None or surname is None or attributes.get("pseudonym"):
        return PersonFault.NAMES
    return PersonFacts(first_name=first_name, surname=surname, pesel=pesel)


def _only_name(values: Sequence[str]) -> str | None:
    if len(values) != 1:
        return None
    name = values[0]
    return name if is_fit_for_name(name, LONGEST_NAME) else None
