"""From checked claims to the facts we asked for, and how surely they are known.

Reads `verified_claims` as OpenID Connect for Identity Assurance 1.0, section 5, has it: one statement or a
list of them. Only statements under the trust framework we asked for count. Whether the facts suffice is not
decided here but in `rules`; here they only get the right shape: a text of sensible length, or None
when it was not released.
"""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from poreka.oidc.errors import TokenRefused
from poreka.oidc.jwt_claims import optional_text, text
from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.registration import Registration
from poreka.oidc.relying_party.requested_claims import claim_name

Fact = Literal["given_name", "family_name", "pesel"]
FACTS: tuple[Fact, ...] = ("given_name", "family_name", "pesel")
LONGEST_FACT = 200
MOST_STATEMENTS = 16


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """How the provider came to know: under which rules, how surely, when; never the evidence itself."""

    trust_framework: str
    assurance_level: str | None
    process: str | None
    time: str | None


class ReleasedFacts(Discreet, frozen=True, kw_only=True):
    """The facts the provider released; `verified` names those that `verification` covers."""

    given_name: str | None
    family_name: str | None
    pesel: str | None
    verification: Verification | None
    verified: frozenset[Fact]
    birthdate: str | None = None
    gender: str | None = None
    """These two are never asked for; where a provider tells them all the same, they must fit the rest."""


def released_facts(registration: Registration, claims: dict[str, Any]) -> ReleasedFacts:
    """Pick the facts we asked for from claims already known to be the provider's and about the right
    person.
    """
    plain = _facts(registration, claims, FACTS)
    statement = _statement(registration, claims.get("verified_claims"))
    verified, verification = statement if statement is not None else ({}, None)
    for fact, value in verified.items():
        if plain.get(fact, value) != value:
            raise TokenRefused("The answer contradicts itself.", detail=f"{fact} differs from its verified value")
    known = {**plain, **verified}
    return ReleasedFacts(
        given_name=known.get("given_name"),
        family_name=known.get("family_name"),
        pesel=known.get("pesel"),
        verification=verification,
        verified=frozenset(verified),
        birthdate=_told_beside(claims, "birthdate"),
        gender=_told_beside(claims, "gender"),
    )


def _told_beside(claims: dict[str, Any], name: str) -> str | None:
    """A standard claim (OpenID Connect Core 1.0, 5.1), plain or in a statement; one that is no short text is none."""
    statements = claims.get("verified_claims")
    listed = statements if isinstance(statements, list) else [statements]
    inside = [one.get("claims") for one in listed if isinstance(one, dict)]
    told = [one.get(name) for one in (claims, *inside) if isinstance(one, dict)]
    return next((one for one in told if isinstance(one, str) and len(one) <= LONGEST_FACT), None)


def _facts(registration: Registration, claims: dict[str, Any], facts: Iterable[Fact]) -> dict[Fact, str]:
    """Facts that were not asked for are not even looked at."""
    read = {fact: optional_text(claims, claim_name(registration, fact), LONGEST_FACT) for fact in facts
            if fact in registration.requested_facts}  # fmt: skip
    return {fact: value for fact, value in read.items() if value is not None}


def _statement(registration: Registration, listed: object) -> tuple[dict[Fact, str], Verification] | None:
    """The first statement under the framework we asked for; None when we asked for none or got none."""
    wanted = registration.verified
    if wanted is None or listed is None:
        return None
    statements = listed if isinstance(listed, list) else [listed]
    if len(statements) > MOST_STATEMENTS:
        raise TokenRefused("The claim verified_claims is not what it should be.")
    for statement in statements:
        verification = _verification(_members(statement, "verification"))
        if wanted.trust_framework in (None, verification.trust_framework):
            return _facts(registration, _members(statement, "claims"), wanted.facts), verification
    return None


def _members(statement: object, name: str) -> dict[str, Any]:
    members = statement.get(name) if isinstance(statement, dict) else None
    if not isinstance(members, dict):
        raise TokenRefused("The claim verified_claims is not what it should be.")
    return members


def _verification(members: dict[str, Any]) -> Verification:
    return Verification(
        trust_framework=text(members, "trust_framework", 200),
        assurance_level=optional_text(members, "assurance_level", 200),
        process=optional_text(members, "verification_process", 200),
        time=optional_text(members, "time", 64),
    )
