"""What may be concluded from another's word: what a system may say of a sign-in that a provider made (docs/adr/0030).

A relying system says no more than it was told. When the person signed in, by what methods, at what level is the
provider's to tell: it is never invented, refreshed or raised here, by nobody's further factor either. What was not
told counts as the oldest and the weakest there is. A wish for a new sign-in goes on to whoever can make one. How long
a word may wait to be used: `word_holds`.
"""

from collections.abc import Collection, Iterable

from poreka.rules.clocks import CLOCKS_DIFFER_BY
from poreka.rules.levels import Factor, methods_used

WORD_LIFE = 5 * 60
"""Seconds for which a provider's word may wait in a browser before something is made of it."""

MOST_METHODS = 16
LONGEST_METHOD = 32


def time_told(auth_time: int | None, now: int) -> int:
    """When the person signed in, as the provider tells it; never later than now, and 0 where it does not tell."""
    return 0 if auth_time is None else min(auth_time, now)


def methods_told(amr: Iterable[str]) -> tuple[str, ...]:
    """The methods that a provider tells, as they may be told on: short plain words, as many as make sense."""
    plain = {one for one in amr if 0 < len(one) <= LONGEST_METHOD and one.isascii() and one.isprintable()}
    return tuple(sorted(plain)[:MOST_METHODS])


def methods_restated(told: Collection[str], factors: Collection[Factor]) -> list[str]:
    """The `amr` of a session: of what was used here by our own knowledge, of what was used elsewhere as it was told."""
    own = [factor for factor in factors if factor is not Factor.VOUCHED]
    return sorted({*told, *methods_used(own)})


def age_to_ask(*, anew: bool, since: int, now: int, longest: int, tolerance: int) -> int:
    """How old a sign-in elsewhere may be (`max_age`) to answer a question that was put to us.

    `anew`: it must be made for this question. `since`: from when on a sign-in counts, 0 for any, which is then as old
    as any of our own may be. `tolerance` is how far clocks may differ: whoever is that much too old is not asked twice.
    """
    if anew:
        return 0
    return max(0, now - since - tolerance) if since else longest


def word_holds(told_at: int, now: int) -> bool:
    """Whether what a provider said at `told_at` may still be made something of; a machine of ours wrote it down."""
    return told_at - CLOCKS_DIFFER_BY <= now < told_at + WORD_LIFE


def age_of_same(auth_time: int, now: int, tolerance: int) -> int | None:
    """How old the sign-in may be when a provider is asked again for its word about it; None where it never told."""
    return now - auth_time + tolerance if auth_time else None
