"""From what a provider released to the facts a relying system goes by, or why they are not enough.

All three are needed, with a PESEL that can be one; where the registration asks for *verified* facts, each
must be covered by the provider's statement. A name that cannot be one is missing. Nothing is repaired: the bank
must put its records right.
"""

import enum

from poreka.oidc.relying_party.registration import Registration
from poreka.oidc.relying_party.released_facts import LONGEST_FACT, ReleasedFacts
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import PeselFault, read_pesel
from poreka.rules.people.same_person import contradicts
from poreka.shown_words import is_fit_for_name


class FactsFault(enum.Enum):
    """Why released facts are not enough to enter by."""

    MISSING = "facts_missing"
    NOT_VERIFIED = "facts_not_verified"
    PESEL = "facts_pesel"
    CONTRADICT = "facts_contradict"


def person_facts(registration: Registration, released: ReleasedFacts) -> PersonFacts | FactsFault:
    """The three facts of the person."""
    first_name = (released.given_name or "").strip()
    surname = (released.family_name or "").strip()
    if not released.pesel or not all(is_fit_for_name(name, LONGEST_FACT) for name in (first_name, surname)):
        return FactsFault.MISSING
    if registration.verified is not None and not released.verified.issuperset(registration.verified.facts):
        return FactsFault.NOT_VERIFIED
    pesel = read_pesel(released.pesel)
    if isinstance(pesel, PeselFault):
        return FactsFault.PESEL
    if contradicts(pesel, released.birthdate, released.gender):
        return FactsFault.CONTRADICT
    return PersonFacts(first_name=first_name, surname=surname, pesel=pesel)
