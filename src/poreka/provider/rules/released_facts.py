"""The data set a service asks for: which facts, in one stable order (P2, P6).

A consent stores the set it was given for; when the set asked for is another one, the consent no longer
holds (`consent.recall`). Facts go out only if asked for *and* consented to.
"""

from collections.abc import Collection

from poreka.rules.people.person import Fact, in_order

IDENTITY_SCOPE = "identity"  # asks for all three facts at once


def facts_asked(scopes: Collection[str], claims: Collection[str]) -> tuple[Fact, ...]:
    """The facts that a request asks for by scope or by claim names; all other names are ignored."""
    if IDENTITY_SCOPE in scopes:
        return tuple(Fact)
    return in_order(fact for fact in Fact if fact in claims)
