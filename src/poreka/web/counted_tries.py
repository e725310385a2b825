"""Counting tries by what was typed: passwords, codes asked for by e-mail, PESELs that are taken.

A try is counted *before* it is looked at, so that a hundred sent at once are one try and 99 waits. Names
are kept as keyed hashes; each kind counts for itself. The rules: `rules/attempts.py`.
"""

import hmac

from poreka.rules.attempts import LOCK, Allowed, Locked, Slowed, after_failure, may_try
from poreka.store.database import Stale
from poreka.web.system import System
from poreka.web.texts import Texts


def counted_under(system: System, kind: str, name: str) -> bytes:
    """What a kind of try for a name is counted under."""
    return hmac.digest(system.keys.attempts, f"{kind}\0{name}".encode("utf-8", "replace"), "sha256")


async def count(system: System, subject: bytes, *, lock: int = LOCK) -> Allowed | Slowed | Locked:
    """Count one try, if it is allowed now; `lock` is how long the tenth closes the way, in seconds."""
    now = system.clock()
    before = await system.attempts.of(subject)
    allowed = may_try(before, now)
    if not isinstance(allowed, Allowed):
        return allowed
    try:
        await system.attempts.replace(system.database, subject, before, after_failure(before, now, lock))
    except Stale:
        return Slowed(1)  # another try was counted meanwhile
    return allowed


def wait_text(texts: Texts, why: Slowed | Locked) -> str:
    """When to come back for another code: in seconds, or in hours begun."""
    if isinstance(why, Locked):
        return texts.plural("profiles.wait_hours", -(-why.seconds // 3600))
    return texts.plural("profiles.wait", why.seconds)
