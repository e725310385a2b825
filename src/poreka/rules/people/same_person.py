"""Whether the person a provider vouches for is the one we know: by all the facts there are (docs/adr/0030).

A record is found by its PESEL, and one wrong PESEL at a provider would open a stranger's. So the names must fit too,
compared as everywhere (`names.same_name`), and what else a provider tells must fit the PESEL. Issuer and `sub` that
are known from before say the rest: whose they were must be who is told now, and where only a surname changed since,
or a given name is missing, they are the tie. What a verdict leads to is each system's own: `admission` at the portal.
"""

import datetime
import enum

import msgspec

from poreka.rules.people.names import normalise
from poreka.rules.people.person import Fact, PersonFacts, differing_facts, in_order
from poreka.rules.people.pesel import Pesel


class Verdict(enum.Enum):
    """What the facts say together."""

    UNKNOWN = "unknown"  # we know nobody with this PESEL
    SAME = "same"
    UNSURE = "unsure"  # a name differs as names of one person may: another tie is needed
    OTHER = "other"


class Judged(msgspec.Struct, frozen=True):
    """The verdict, and the facts that differ; never a value."""

    verdict: Verdict
    differing: tuple[Fact, ...] = ()


def judge(told: PersonFacts, ours: PersonFacts | None, linked: PersonFacts | None = None) -> Judged:
    """Compare what is told with `ours`, the record with this PESEL, if there is one.

    `linked`: the record that this issuer and `sub` were known for before, the same or another one, in force or not.
    """
    if linked is not None and linked.pesel != told.pesel:
        return Judged(Verdict.OTHER, (Fact.PESEL,))
    if ours is None:
        return Judged(Verdict.UNKNOWN)
    differing = in_order(differing_facts(ours, told))
    if not differing:
        return Judged(Verdict.SAME)
    if not _may_be_one_person(ours, told, differing):
        return Judged(Verdict.OTHER, differing)
    return Judged(Verdict.SAME if linked is not None else Verdict.UNSURE, differing)


def contradicts(pesel: Pesel, birthdate: str | None, gender: str | None) -> bool:
    """Whether a birth date or a sex is not the PESEL's (OpenID Connect Core 5.1: a date, or a year; 0000 is none).

    A word that cannot be understood contradicts nothing.
    """
    if gender in ("male", "female") and gender != pesel.sex.value:
        return True
    return birthdate is not None and not _is_born(pesel.birth_date, birthdate)


def _is_born(born: datetime.date, told: str) -> bool:
    year, _, day = told.partition("-")
    if not (len(year) == 4 and year.isascii() and year.isdigit()):
        return True
    return (year in ("0000", f"{born.year:04}")) and (not day or day == born.strftime("%m-%d"))


def _may_be_one_person(ours: PersonFacts, told: PersonFacts, differing: tuple[Fact, ...]) -> bool:
    """Exactly one name differs, and it is a surname, or given names of which one side has more."""
    if differing == (Fact.SURNAME,):
        return True
    if differing != (Fact.FIRST_NAME,):
        return False
    one, other = normalise(ours.first_name).split(), normalise(told.first_name).split()
    shorter = min(len(one), len(other))
    return shorter > 0 and one[:shorter] == other[:shorter]
