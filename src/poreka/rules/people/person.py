"""A person as systems know one another's people, and the facts in which two such records differ.

First name(s), surname and PESEL are all that a bank ever releases (P2; GDPR art. 5(1)(c)), and all that the
portal compares (Z5, Z6). Their values in `Fact` are the claim names on the wire (OpenID Connect Core 5.1;
`pesel` is ours). Which of them a service receives is `released_facts`; what a difference leads to is
`admission`.
"""

import enum
from collections.abc import Iterable

import msgspec

from poreka.rules.people.names import same_name
from poreka.rules.people.pesel import Pesel


class Fact(enum.StrEnum):
    """One fact about a person, in the order in which pages list them."""

    FIRST_NAME = "given_name"
    SURNAME = "family_name"
    PESEL = "pesel"


class PersonFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts that identify a person; `first_name` holds all given names."""

    first_name: str
    surname: str
    pesel: Pesel


def differing_facts(ours: PersonFacts, theirs: PersonFacts) -> frozenset[Fact]:
    """The facts in which two records differ: names after normalising, PESEL to the digit (Z5)."""
    same = {
        Fact.FIRST_NAME: same_name(ours.first_name, theirs.first_name),
        Fact.SURNAME: same_name(ours.surname, theirs.surname),
        Fact.PESEL: ours.pesel == theirs.pesel,
    }
    return frozenset(fact for fact, equal in same.items() if not equal)


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Each fact once, in the order of pages and of records, whatever order they came in."""
    wanted = frozenset(facts)
    return tuple(fact for fact in Fact if fact in wanted)
