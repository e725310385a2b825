"""Passkeys with which people sign in at a bank and at a portal: how many, when one may be added, what a use must say.

A passkey with its owner's own check takes the place of number and password; it takes the place of no code and no
answer of a tool (docs/adr/0040). Whether a synced key may be one is fixed when it is made; a key that says something
else later is another key (WebAuthn Level 3 §7.2, step 21).
"""

MOST = 10
LONGEST_NAME = 40
PROVEN_FOR = 10 * 60
"""At a portal: seconds for which a new sign-in through a provider is fresh enough for another key."""


def has_room(keys: int) -> bool:
    """Whether somebody with so many keys may add one."""
    return keys < MOST


def is_fresh(proven_at: int, now: int) -> bool:
    """Whether the provider's sign-in is new enough; one that is said to come from the future is not."""
    return 0 <= now - proven_at <= PROVEN_FOR


def flags_fit(*, may_sync: bool, says_may_sync: bool, says_synced: bool) -> bool:
    """Whether the backup flags of a use are those of the key: what may never be synced is not."""
    return may_sync == says_may_sync and (says_may_sync or not says_synced)
